/** The runtime: what happens. Logs every event, routes it to the agents it wakes, lets people publish their own. */
package io.skein.runtime;
