/** What the agents of a team are at, from what the runtime and the orchestrator tell. */
package io.skein.registry.activity;
