/**
 * Who runs a step: the agents that are alive, the filter by capability, health and room, and the score 0..100 that chooses
 * among those left. Knows the registry's REST API, nothing about plans.
 */
package io.skein.orchestrator.routing;
