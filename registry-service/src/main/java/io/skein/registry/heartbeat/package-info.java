/** The way in for heartbeats: reads them, checks them, hands them to the feature they are about. */
package io.skein.registry.heartbeat;
