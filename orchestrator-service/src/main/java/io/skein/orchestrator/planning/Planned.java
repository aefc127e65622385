package io.skein.orchestrator.planning;

import io.skein.orchestrator.draft.Draft;

/**
 * A proposal.
 *
 * @param planner who made it: {@code embedded}, or the provider and model that was heard
 * @param reason why that one
 */
public record Planned(Draft draft, String planner, String reason) {}
