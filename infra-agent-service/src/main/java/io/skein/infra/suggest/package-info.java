/** What ansible-lint would improve in a playbook. Depends on {@code agent} and {@code catalogue}. */
package io.skein.infra.suggest;
