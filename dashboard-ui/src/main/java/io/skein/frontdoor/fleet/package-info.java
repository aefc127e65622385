/** The fleet at a glance: which service is ready, and everybody's API documents. Depends on {@code proxy} for the addresses. */
package io.skein.frontdoor.fleet;
