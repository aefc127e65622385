/**
 * The newest heartbeat of each node in Redis, with a time to live. It spares PostgreSQL the writes of machines that report
 * every second; wiping it loses nothing that the next heartbeat does not bring back.
 */
package io.skein.registry.presence;
