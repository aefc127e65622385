/** Who this agent is, where its repository is and which Ansible it uses. Depends on no other feature. */
package io.skein.infra.agent;
