/** Machines: registered by their first heartbeat, online while heartbeats come, cordoned by people. */
package io.skein.registry.node;
