/** Presence of machines and agents. */
package io.skein.contracts.heartbeat;
