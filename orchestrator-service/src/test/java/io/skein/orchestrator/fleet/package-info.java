/** The rest of the fleet as tests need it: real JSON over real HTTP, real messages over the real broker. */
package io.skein.orchestrator.fleet;
