package io.skein.runtime.course;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * Follows the first rule that fits, step by step. After a step that failed only those that are to run always are, and then the task
 * has failed, too.
 */
@ApplicationScoped
public class RuleCourse implements Course {

    @Override
    public boolean canTake(JsonNode definition) {
        return true;
    }

    @Override
    public Move next(TaskSoFar task) {
        Optional<JsonNode> rule = rule(task);
        if (rule.isEmpty()) {
            return noRule(task);
        }
        List<TaskSoFar.Step> done = task.steps();
        TaskSoFar.Step failed = null;
        int place = 0;
        for (JsonNode step : rule.get().path("do")) {
            if (failed != null && !step.path("always").asBoolean()) {
                continue;
            }
            if (place == done.size()) {
                return use(task, step);
            }
            TaskSoFar.Step ended = done.get(place);
            failed = failed == null && ended.failed() ? ended : failed;
            place++;
        }
        return failed == null
                ? new Move.End(
                        null,
                        "Did the " + place + (place == 1 ? " step" : " steps") + " of the rule for "
                                + rule.get().path("on").asText() + ".",
                        BigDecimal.ZERO)
                : new Move.End(
                        failed.errorCode(),
                        "Step " + failed.number() + " (" + failed.skill() + ") failed: " + failed.errorMessage(),
                        BigDecimal.ZERO);
    }

    private static Optional<JsonNode> rule(TaskSoFar task) {
        for (JsonNode rule : task.definition().path("rules")) {
            if (EventMatch.fits(rule.path("on").asText(), task.name())
                    && EventMatch.accepts(rule.path("filters"), task.event())) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    /** An event that concerns no rule is none of its business; who tells it to do something expects that it is done. */
    private static Move noRule(TaskSoFar task) {
        boolean woken = task.event().has("id");
        return new Move.End(
                woken ? null : "not_found",
                "It has no rule for " + task.name() + (woken ? " with these values; nothing was done." : "."),
                BigDecimal.ZERO);
    }

    private static Move use(TaskSoFar task, JsonNode step) {
        String skill = step.path("skill").asText();
        String as = step.hasNonNull("as") ? step.path("as").asText() : null;
        ObjectNode with = step.path("with") instanceof ObjectNode given ? given : JsonNodeFactory.instance.objectNode();
        try {
            return new Move.Use(skill, new References(task).fill(with), as, null, BigDecimal.ZERO);
        } catch (References.MissingException e) {
            return new Move.Cannot(skill, with, as, "validation_failed", e.getMessage());
        }
    }
}
