package io.skein.orchestrator.plan;

import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.draft.PlannedStep;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A step as it is kept.
 *
 * @param spec what was proposed and approved
 * @param agent who it was given to, at first who was proposed
 * @param attempt how often it was given to an agent
 * @param retryAt when it is given to an agent again, or null
 * @param carriedFrom the step of an earlier version that ran, when this one only stands for it; else null
 * @param refusalCode why the agent refused it, for a program; null when it did not
 * @param changedFiles what was not as approved then
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
        String auditCommit,
        UUID carriedFrom,
        String refusalCode,
        List<String> changedFiles) {

    public Step {
        outcome = outcome == null ? Outcome.NOTHING : outcome;
        changedFiles = changedFiles == null ? List.of() : List.copyOf(changedFiles);
    }

    /** It did not run because something is not as it was approved: the plan has to be approved again. */
    public boolean asksAgain() {
        return status == StepStatus.REFUSED && WorkResult.APPROVAL_CHANGED.equals(refusalCode);
    }

    /** Under which id what happened in it is kept. */
    public UUID ranAs() {
        return carriedFrom == null ? id : carriedFrom;
    }
}
