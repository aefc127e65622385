/** What is unsafe in production, in one list: the ids that {@code SKEIN_ACCEPT_UNSAFE} takes mean the same in every process. */
package io.skein.contracts.readiness;
