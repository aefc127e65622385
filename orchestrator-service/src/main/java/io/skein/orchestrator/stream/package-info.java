/** The live stream of a plan as server-sent events, from the rows the journal wrote. */
package io.skein.orchestrator.stream;
