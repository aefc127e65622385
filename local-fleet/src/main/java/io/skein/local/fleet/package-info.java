/**
 * Skein's own services on this machine: what each needs, building, starting, watching, the first sign-in. Depends on
 * infrastructure for the servers and on process for the rest.
 */
package io.skein.local.fleet;
