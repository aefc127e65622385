package io.skein.orchestrator.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import io.skein.contracts.event.EventTypes;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The states of a plan.
 *
 * <pre>
 *               modify                                             every step ended
 *  needs_input ◄──────► awaiting_approval ──approve──► approved ──lock──► running ──► completed
 *       │                  │        │                   │    ▲             │   ▲  ├──► failed ───────┐
 *       │                reject   cancel              pause resume       pause resume ├─► interrupted ─┤
 *       ▼                  ▼        ▼                   ▼    │             ▼   │  └──► cancelled      │ resume
 *   rejected or        rejected  cancelled               paused ◄──────────┘───┘                       │
 *   cancelled                                                                                          │
 *                                                                                                      ▼
 *    running, paused ──something is not as approved──► awaiting_approval, a new version      failed, and all as approved:
 *                                                                                            approved, a new version
 *                                                                                            else: awaiting_approval
 * </pre>
 *
 * <p>Going on, whether because a step was refused or because a person resumes what failed, makes a new version. In it the steps that were
 * completed stand as completed and are not run again; the others are pending under new ids, with what is in the repository now. When that
 * is what was approved (the same hash) and nothing was interrupted, the approval holds and the plan runs from the failed step on; in every
 * other case somebody approves the new version first. A step that was refused because something changed is not run in its version any
 * more, whatever happens.
 *
 * <p>Invariants: nothing is dispatched before {@code approved} or in {@code paused}; {@code completed}, {@code cancelled} and
 * {@code rejected} are never left, {@code failed} and {@code interrupted} only by a person who resumes; a plan with open questions is
 * never approved; what is dispatched hashes to what was approved. A crash leaves the plan in its last committed state, from which any process goes
 * on: {@code approved} takes the lock again (the same one), {@code running} waits for answers that are on their way.
 * Waiting (for a lock, an agent) is no state: the status stays and {@code statusReason} says what for.
 */
public enum PlanStatus {
    NEEDS_INPUT,
    AWAITING_APPROVAL,
    APPROVED,
    RUNNING,
    PAUSED,
    COMPLETED,
    FAILED,
    INTERRUPTED,
    CANCELLED,
    REJECTED;

    /** Ended, though a person may resume some of them. */
    private static final Set<PlanStatus> TERMINAL = EnumSet.of(COMPLETED, FAILED, INTERRUPTED, CANCELLED, REJECTED);

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static PlanStatus fromWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    public boolean isTerminal() {
        return TERMINAL.contains(this);
    }

    /** Somebody has to say something before anything happens. */
    public boolean isUndecided() {
        return this == NEEDS_INPUT || this == AWAITING_APPROVAL;
    }

    /** Being carried out, or about to be. */
    public boolean isActive() {
        return this == APPROVED || this == RUNNING || this == PAUSED;
    }

    public boolean mayBecome(PlanStatus next) {
        return successors().contains(next);
    }

    private Set<PlanStatus> successors() {
        return switch (this) {
            case NEEDS_INPUT -> EnumSet.of(NEEDS_INPUT, AWAITING_APPROVAL, REJECTED, CANCELLED);
            case AWAITING_APPROVAL -> EnumSet.of(AWAITING_APPROVAL, NEEDS_INPUT, APPROVED, REJECTED, CANCELLED);
            case APPROVED -> EnumSet.of(RUNNING, PAUSED, CANCELLED);
            case RUNNING ->
                EnumSet.of(PAUSED, COMPLETED, FAILED, INTERRUPTED, CANCELLED, AWAITING_APPROVAL, NEEDS_INPUT);
            case PAUSED ->
                EnumSet.of(
                        APPROVED, RUNNING, COMPLETED, FAILED, INTERRUPTED, CANCELLED, AWAITING_APPROVAL, NEEDS_INPUT);
            case FAILED -> EnumSet.of(APPROVED, AWAITING_APPROVAL, NEEDS_INPUT);
            case INTERRUPTED -> EnumSet.of(AWAITING_APPROVAL, NEEDS_INPUT);
            case COMPLETED, CANCELLED, REJECTED -> EnumSet.noneOf(PlanStatus.class);
        };
    }

    /** The event that tells the fleet; empty for states that are told otherwise or not at all. */
    Optional<String> eventType() {
        return switch (this) {
            case APPROVED -> Optional.of(EventTypes.PLAN_APPROVED);
            case REJECTED -> Optional.of(EventTypes.PLAN_REJECTED);
            case RUNNING -> Optional.of(EventTypes.PLAN_STARTED);
            case COMPLETED -> Optional.of(EventTypes.PLAN_COMPLETED);
            case FAILED -> Optional.of(EventTypes.PLAN_FAILED);
            case INTERRUPTED -> Optional.of(EventTypes.PLAN_INTERRUPTED);
            case CANCELLED -> Optional.of(EventTypes.PLAN_CANCELLED);
            case PAUSED -> Optional.of(EventTypes.PLAN_WAITING);
            case NEEDS_INPUT, AWAITING_APPROVAL -> Optional.empty();
        };
    }
}
