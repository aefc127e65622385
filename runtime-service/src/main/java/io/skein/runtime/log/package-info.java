/** The event log: the way in from the four queues, and reading it. Knows nothing of routing but its outcome. */
package io.skein.runtime.log;
