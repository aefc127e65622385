package io.skein.orchestrator.plan;

import io.skein.orchestrator.draft.PlannedStep;
import java.time.Instant;
import java.util.UUID;

/**
 * A step as it is kept.
 *
 * @param spec what was proposed and approved
 * @param agent who it was given to, at first who was proposed
 * @param attempt how often it was given to an agent
 * @param retryAt when it is given to an agent again, or null
 */
public record Step(
        UUID id,
        UUID planId,
        int version,
        int number,
        PlannedStep spec,
        String agent,
        StepStatus status,
        String statusReason,
        int attempt,
        Instant retryAt,
        Instant dispatchedAt,
        Instant startedAt,
        Instant finishedAt,
        Integer exitCode,
        Outcome outcome,
        String auditCommit) {

    public Step {
        outcome = outcome == null ? Outcome.NOTHING : outcome;
    }
}
