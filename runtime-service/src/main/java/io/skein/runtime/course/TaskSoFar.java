package io.skein.runtime.course;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A task as its course sees it.
 *
 * @param name the event's type, or what the task was called by whoever gave it
 * @param definition the agent's, as published
 * @param event what woke the agent, as CloudEvents JSON; of a task somebody gave it: {@code data} is its input
 * @param steps what was done, in order; all of them have ended
 */
public record TaskSoFar(
        UUID id,
        String team,
        String name,
        JsonNode definition,
        JsonNode event,
        List<Step> steps,
        BigDecimal budgetLeftUsd,
        Instant deadline) {

    /**
     * @param output null when it failed
     * @param errorCode null when it did not
     */
    public record Step(
            int number,
            String skill,
            String as,
            JsonNode input,
            JsonNode output,
            String errorCode,
            String errorMessage) {

        public boolean failed() {
            return errorCode != null;
        }
    }
}
