/**
 * The infra agent. {@code catalogue} finds playbooks, {@code inventory} the hosts they may touch, {@code match} tells which
 * playbook a request means, {@code run} runs one through {@code ansible-playbook}, {@code suggest} asks ansible-lint how it
 * could be better, {@code presence} says that the agent lives. {@code agent} holds what all of them need to know about this
 * agent and the Ansible it uses.
 */
package io.skein.infra;
