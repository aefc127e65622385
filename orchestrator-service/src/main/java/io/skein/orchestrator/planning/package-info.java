/**
 * The embedded planner: from a request, or a wish to change a plan, to a proposal. It proposes only playbooks and hosts that
 * the infra agent knows, asks where it is not sure, and needs no LLM.
 */
package io.skein.orchestrator.planning;
