/** What could run where, now. */
package io.skein.orchestrator.capacity;
