package io.skein.orchestrator.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import io.skein.contracts.event.EventTypes;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The states of a step.
 *
 * <pre>
 *  pending ──dispatch──► dispatched ──first status──► running ──result──► completed, failed,
 *    │                     │  ▲  └───────────result──────────────────────► interrupted, cancelled, refused
 *    │                     └──┘ agent error that can be retried (1 s, 2 s, 4 s)
 *    ├──a step it depends on did not complete──► skipped
 *    └──plan cancelled──► cancelled
 * </pre>
 *
 * <p>Invariants: {@code dispatched} and its work request are written in one transaction, so neither exists without the other;
 * the work request carries the step's id, which the agent runs once, however often it arrives; the first result counts. A
 * step whose agent vanished stays where it is: the agent answers {@code interrupted} when it is back.
 */
public enum StepStatus {
    PENDING,
    DISPATCHED,
    RUNNING,
    COMPLETED,
    FAILED,
    INTERRUPTED,
    CANCELLED,
    SKIPPED,
    REFUSED;

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static StepStatus fromWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    public boolean isTerminal() {
        return successors().isEmpty();
    }

    public boolean isUnderWay() {
        return this == DISPATCHED || this == RUNNING;
    }

    public boolean mayBecome(StepStatus next) {
        return successors().contains(next);
    }

    private Set<StepStatus> successors() {
        return switch (this) {
            case PENDING -> EnumSet.of(DISPATCHED, SKIPPED, CANCELLED, FAILED);
            case DISPATCHED -> EnumSet.of(DISPATCHED, RUNNING, COMPLETED, FAILED, INTERRUPTED, CANCELLED, REFUSED);
            case RUNNING -> EnumSet.of(COMPLETED, FAILED, INTERRUPTED, CANCELLED, REFUSED);
            case COMPLETED, FAILED, INTERRUPTED, CANCELLED, SKIPPED, REFUSED -> EnumSet.noneOf(StepStatus.class);
        };
    }

    String eventType() {
        return switch (this) {
            case DISPATCHED -> EventTypes.STEP_DISPATCHED;
            case RUNNING -> EventTypes.STEP_STARTED;
            case COMPLETED -> EventTypes.STEP_COMPLETED;
            case FAILED, REFUSED -> EventTypes.STEP_FAILED;
            case INTERRUPTED -> EventTypes.STEP_INTERRUPTED;
            case CANCELLED -> EventTypes.STEP_CANCELLED;
            case SKIPPED -> EventTypes.STEP_SKIPPED;
            case PENDING -> throw new IllegalStateException("nothing becomes pending");
        };
    }
}
