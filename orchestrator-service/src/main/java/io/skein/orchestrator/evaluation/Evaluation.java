package io.skein.orchestrator.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.skein.orchestrator.plan.StepScores.Dimension;
import io.skein.orchestrator.plan.StepScores.Score;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * What somebody, or a rule, thinks of a task.
 *
 * @param id of what the rules think the task's id
 * @param evaluator rule, agent or person
 * @param by the edition of the rules, {@code agent:<id>}, {@code model:<provider>/<model>} or a user name
 * @param overall the mean of the scores, or null when there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Evaluation(
        UUID id,
        UUID taskId,
        String evaluator,
        String by,
        Integer overall,
        Map<Dimension, Score> scores,
        String comment,
        Instant createdAt) {}
