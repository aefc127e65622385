package io.skein.orchestrator.checkpoint;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.skein.orchestrator.plan.Step;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Where a person has to look.
 *
 * <pre>
 *  set ──the step behind it could start──► reached ──continue──► continued
 *   │                                        └──stop──► stopped
 *   ├──continue or stop, before it is reached──► continued, stopped
 *   └──the plan ended without coming here──► lapsed (read off the plan, never written)
 * </pre>
 *
 * <p>Invariants: the step behind a checkpoint that is set or reached is not ordered; whoever sets or decides one and whoever orders
 * steps hold the lock on the plan's row, so none slips past. All of it is in the database: a crash lets nothing go on.
 *
 * @param taskId the plan's task, the step's (of an escalation), or the task of its own kind
 * @param stepNumber the step it is before, in the version it was set for
 * @param question what to look at
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Checkpoint(
        UUID id,
        Kind kind,
        UUID taskId,
        UUID planId,
        Integer stepNumber,
        String question,
        String status,
        String createdBy,
        Instant createdAt,
        Instant reachedAt,
        String decidedBy,
        Instant decidedAt,
        String note,
        @JsonIgnore UUID stepId,
        @JsonIgnore String playbook,
        @JsonIgnore String clause) {

    /** What it stands before. */
    public enum Kind {
        BEFORE_STEP,
        /** Start and completion of a task of its own kind. */
        TASK,
        /** Further corrections. */
        ESCALATION;

        @com.fasterxml.jackson.annotation.JsonValue
        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static final String SET = "set";
    static final String REACHED = "reached";
    static final String CONTINUED = "continued";
    static final String STOPPED = "stopped";
    static final String LAPSED = "lapsed";

    @JsonIgnore
    public boolean isOpen() {
        return status.equals(SET) || status.equals(REACHED);
    }

    /** Whether somebody said that it is not to go on from here. */
    @JsonIgnore
    public boolean isStopped() {
        return status.equals(STOPPED);
    }

    /** Whether somebody looked and let it go on. */
    @JsonIgnore
    public boolean isContinued() {
        return status.equals(CONTINUED);
    }

    /**
     * The step it is before in another version of the plan: the same one, else the one that came of the same words, else the same
     * playbook, else what is in its place now. A person wanted to look there; a change of the plan takes no look away.
     */
    UUID stepIn(List<Step> steps) {
        return first(steps, step -> step.id().equals(stepId))
                .or(() -> first(
                        steps,
                        step -> step.spec().playbook().equals(playbook)
                                && Objects.equals(step.spec().clause(), clause)))
                .or(() -> first(steps, step -> step.spec().playbook().equals(playbook)))
                .or(() -> first(steps, step -> step.number() >= stepNumber))
                .or(() -> steps.stream().max(Comparator.comparingInt(Step::number)))
                .map(Step::id)
                .orElse(null);
    }

    private static java.util.Optional<Step> first(List<Step> steps, java.util.function.Predicate<Step> wanted) {
        return steps.stream().filter(wanted).findFirst();
    }
}
