package io.skein.orchestrator.plan;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** A plan as it is kept, without its steps. */
public record Plan(
        UUID id,
        UUID requestId,
        UUID sessionId,
        String team,
        String requestedBy,
        String text,
        String priority,
        boolean highValue,
        String inventory,
        String plannerName,
        String plannerReason,
        int version,
        String planHash,
        PlanStatus status,
        String statusReason,
        Instant createdAt,
        Instant updatedAt,
        String approvedBy,
        Instant approvedAt,
        String rejectedReason,
        Instant startedAt,
        Instant finishedAt,
        String cancelledBy,
        String cancelReason,
        String auditCommit,
        String traceId,
        String lockId,
        int lockAttempt,
        Instant lockExpiresAt,
        Map<String, Long> fencingTokens) {

    public boolean isCancelling() {
        return cancelledBy != null;
    }

    /**
     * @param what what was tried, for the person
     * @throws ProblemException illegal_transition when the state does not allow it
     */
    public void require(PlanStatus next, String what) {
        if (!status.mayBecome(next)) {
            throw illegal(what);
        }
    }

    public ProblemException illegal(String what) {
        return new ProblemException(
                        ErrorCode.ILLEGAL_TRANSITION,
                        what.equals(status.wire())
                                ? "The plan is " + what + " already."
                                : "The plan is " + status.wire().replace('_', ' ') + ", so it cannot be " + what + ".")
                .with("status", status.wire())
                .with("planId", id.toString());
    }
}
