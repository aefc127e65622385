package io.skein.orchestrator.draft;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Something only the person can say. A plan with questions cannot be approved.
 *
 * @param stepId the step it is about, or null when the clause became no step
 * @param position how many steps stand before the clause; where an answer would be inserted
 * @param clause the words it is about
 * @param message the question, for the person
 * @param candidates playbooks to choose from, best first
 * @param variable for {@link Code#MISSING_VARIABLE}
 * @param stage the stage of the clause, see {@link PlannedStep#stage()}
 */
public record Question(
        Code code,
        UUID stepId,
        int position,
        String clause,
        String message,
        List<Candidate> candidates,
        String variable,
        int stage) {

    public Question {
        candidates = candidates == null ? List.of() : List.copyOf(candidates);
    }

    public enum Code {
        /** No playbook is near enough. */
        UNKNOWN_INTENT,
        /** Several playbooks, inventories or variables may be meant. */
        AMBIGUOUS,
        /** A required variable has no value. */
        MISSING_VARIABLE,
        /** No inventory, group or host has this name. */
        UNKNOWN_TARGET,
        /** The playbook that is meant cannot be parsed. */
        BROKEN_PLAYBOOK,
        /** A change was asked for that no rule reads. */
        UNCLEAR_CHANGE;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Question ofStep(Code code, PlannedStep step, String message, String variable) {
        return new Question(code, step.id(), 0, step.clause(), message, List.of(), variable, step.stage());
    }

    public Question forStep(UUID newStepId) {
        return new Question(code, newStepId, position, clause, message, candidates, variable, stage);
    }
}
