/** Undoing what a plan did: the counterparts of its completed steps, as another plan that is approved like any. Depends on {@code planning}, {@code plan}, {@code request} and {@code approval}. */
package io.skein.orchestrator.rollback;
