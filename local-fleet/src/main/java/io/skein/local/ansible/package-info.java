/** The Ansible the infra agent runs: found on this machine when good enough, else made in a folder of ours. */
package io.skein.local.ansible;
