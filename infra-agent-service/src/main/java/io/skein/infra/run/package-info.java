/**
 * Running playbooks: work requests become rows, rows become {@code ansible-playbook} processes, what these say becomes
 * statuses and one result. {@link io.skein.infra.run.RunState} draws the states. Depends on {@code agent},
 * {@code catalogue}, {@code inventory} and {@code suggest}.
 */
package io.skein.infra.run;
