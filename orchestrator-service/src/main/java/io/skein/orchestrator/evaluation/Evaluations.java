package io.skein.orchestrator.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.Ids;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.plan.PlanJournal.Author;
import io.skein.orchestrator.plan.StepScores;
import io.skein.orchestrator.plan.StepScores.Dimension;
import io.skein.orchestrator.plan.StepScores.Score;
import io.skein.orchestrator.task.Task;
import io.skein.orchestrator.task.TaskJournal;
import io.skein.orchestrator.task.TaskRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps what somebody thinks of a task, and tells it. */
@ApplicationScoped
public class Evaluations {

    private static final String MODEL = "model:";

    @Inject
    EvaluationRepository evaluations;

    @Inject
    TaskRepository tasks;

    @Inject
    TaskJournal journal;

    @Inject
    Clock clock;

    /**
     * What a language model thinks of a plan.
     *
     * @param model provider and model
     */
    public void byModel(
            Handle tx, UUID planId, String model, Map<Dimension, Score> scores, String comment, Author author) {
        Task task = tasks.find(tx, planId).orElseThrow();
        Evaluation evaluation = new Evaluation(
                Ids.next(),
                task.id(),
                "agent",
                MODEL + model,
                StepScores.overall(scores.values()),
                scores,
                comment,
                clock.instant());
        keep(tx, task, evaluation, author);
    }

    void keep(Handle tx, Task task, Evaluation evaluation, Author author) {
        evaluations.insert(tx, task, evaluation);
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("evaluationId", evaluation.id().toString());
        data.put("evaluator", evaluation.evaluator());
        data.put("overall", evaluation.overall());
        data.set("scores", WireFormat.mapper().valueToTree(evaluation.scores()));
        data.put("comment", evaluation.comment());
        String text = "Evaluated: " + evaluation.overall() + " of 100";
        journal.happened(tx, task, EventTypes.TASK_EVALUATED, Priority.NORMAL, "evaluated", text, author, data);
    }
}
