package io.skein.orchestrator.task;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The states of a task.
 *
 * <pre>
 *             ┌────────────put back────────────┐
 *             ▼                                │
 *  ──► pending ──start──► in_progress ─────────┤
 *       │  ▲  ▲             │  │  └──fail──► failed
 *       │  │  └──again──────┼──┼───────────────┤
 *       │  └────────────────┼──┼──sent back by a correction── completed, failed
 *       │                   │  └──complete──► completed
 *       └──cancel──► cancelled ◄──cancel
 * </pre>
 *
 * <p>That is the machine of a task of its own kind. A plan's task and its steps' are read off the plan and the steps, whose
 * machines are theirs ({@code PlanStatus}, {@code StepStatus}); nobody moves those here. Invariants: a cancelled task stays
 * cancelled; a task with open subtasks is not completed, and cancelling it cancels them; a task at a checkpoint neither starts nor
 * is completed. A move, its entry in the activity log and its event are one transaction under the task's row lock.
 */
public enum TaskStatus {
    PENDING,
    IN_PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED;

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<TaskStatus> fromWire(String wire) {
        for (TaskStatus status : values()) {
            if (status.wire().equals(wire)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** Nothing is being done and nothing is left to do. */
    public boolean isOver() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    public boolean mayBecome(TaskStatus next) {
        return successors().contains(next);
    }

    /** By a correction, and by nothing else where {@link #mayBecome} does not say so, too. */
    public boolean maySendBack() {
        return this == COMPLETED || this == FAILED;
    }

    private Set<TaskStatus> successors() {
        return switch (this) {
            case PENDING -> EnumSet.of(IN_PROGRESS, CANCELLED);
            case IN_PROGRESS -> EnumSet.of(PENDING, COMPLETED, FAILED, CANCELLED);
            case FAILED -> EnumSet.of(PENDING);
            case COMPLETED, CANCELLED -> EnumSet.noneOf(TaskStatus.class);
        };
    }
}
