package io.skein.orchestrator.evaluation;

import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.plan.PlanJournal.Author;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepScores;
import io.skein.orchestrator.plan.StepScores.Dimension;
import io.skein.orchestrator.plan.StepScores.Score;
import io.skein.orchestrator.repeat.Repeats;
import io.skein.orchestrator.task.Task;
import io.skein.orchestrator.task.TaskInput;
import io.skein.orchestrator.task.TaskReader;
import io.skein.orchestrator.task.TaskRepository;
import io.skein.orchestrator.task.TaskStatus;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Takes what agents and people think of a task, and adds what the rules think. */
@ApplicationScoped
class EvaluationService {

    private static final int MAX_COMMENT = 4000;
    private static final int MAX_REASON = 1000;
    private static final String AGENT = "agent:";

    @Inject
    Jdbi jdbi;

    @Inject
    EvaluationRepository evaluations;

    @Inject
    Evaluations kept;

    @Inject
    TaskReader reader;

    @Inject
    TaskRepository tasks;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    Repeats repeats;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    Evaluation evaluate(String taskId, Map<String, Score> given, String said, Requester requester, String key) {
        Map<Dimension, Score> scores = scores(given);
        String comment = TaskInput.optionalText("comment", said, MAX_COMMENT);
        String call = "evaluation " + taskId + " " + WireFormat.writeString(scores) + " " + comment;
        return jdbi.inTransaction(tx -> {
            Task task = reader.task(tx, taskId, requester);
            Optional<UUID> earlier = repeats.made(tx, requester, key, call);
            if (earlier.isPresent()) {
                return evaluations.find(tx, earlier.get()).orElseThrow();
            }
            if (task.isOwn()) {
                task = tasks.lockOwn(tx, task.id()).orElseThrow(() -> ProblemException.notFound("such task"));
            } else {
                plans.lock(tx, task.planId());
                task = tasks.find(tx, task.id()).orElseThrow();
            }
            if (task.status() == TaskStatus.PENDING) {
                throw task.illegal("Nothing has been done about it yet, so there is nothing to evaluate.");
            }
            boolean agent = caller.isService();
            if (agent) {
                requireAnother(tx, task, requester.name().substring(AGENT.length()));
            }
            Evaluation evaluation = new Evaluation(
                    Ids.next(),
                    task.id(),
                    agent ? "agent" : "person",
                    requester.name(),
                    StepScores.overall(scores.values()),
                    scores,
                    comment,
                    clock.instant());
            kept.keep(tx, task, evaluation, new Author(requester.actor(), caller.traceId()));
            repeats.note(tx, requester, key, call, evaluation.id());
            return evaluation;
        });
    }

    private static Map<Dimension, Score> scores(Map<String, Score> given) {
        if (given == null || given.isEmpty()) {
            throw ProblemException.invalid("scores", "give a score in at least one dimension");
        }
        Map<Dimension, Score> scores = new EnumMap<>(Dimension.class);
        given.forEach((name, score) -> {
            String field = "scores." + name;
            Dimension dimension = Dimension.fromWire(name)
                    .orElseThrow(
                            () -> ProblemException.invalid(
                                    "scores",
                                    "there is no such dimension; there are completeness, correctness, security, standards, testability"));
            if (score == null || score.score() == null || score.score() < 0 || score.score() > 100) {
                throw ProblemException.invalid(field, "must have a score of 0..100");
            }
            scores.put(
                    dimension,
                    new Score(score.score(), TaskInput.optionalText(field + ".reason", score.reason(), MAX_REASON)));
        });
        return scores;
    }

    /** Nobody is the judge of their own work. */
    private void requireAnother(Handle tx, Task task, String agent) {
        boolean own = agent.equals(task.agent())
                || task.kind() == Task.Kind.PLAN
                        && stepsOf(tx, task).stream().anyMatch(step -> agent.equals(step.agent()));
        if (own) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Agent " + agent + " did it, so another one evaluates it.");
        }
    }

    Page<Evaluation> list(String taskId, Integer size, String after) {
        int limit = Page.size(size);
        UUID cursor = Page.afterId(after);
        List<Evaluation> found = jdbi.withHandle(handle -> {
            Task task = reader.task(handle, taskId);
            List<Evaluation> all = new ArrayList<>();
            if (cursor == null) {
                byRule(handle, task).ifPresent(all::add);
            }
            // What the rules think has the task's id, which is older than that of any evaluation: the cursor works for
            // it, too.
            all.addAll(evaluations.of(handle, task.id(), cursor, limit + 1 - all.size()));
            return all;
        });
        return Page.of(found, limit, evaluation -> evaluation.id().toString());
    }

    private Optional<Evaluation> byRule(Handle handle, Task task) {
        if (task.isOwn() || task.finishedAt() == null) {
            return Optional.empty();
        }
        List<StepScores> each = stepsOf(handle, task).stream()
                .filter(step -> task.kind() == Task.Kind.PLAN || step.id().equals(task.id()))
                .flatMap(step -> StepScores.of(step).stream())
                .toList();
        return (task.kind() == Task.Kind.PLAN
                        ? StepScores.mean(each)
                        : each.stream().findFirst())
                .map(scores -> new Evaluation(
                        task.id(),
                        task.id(),
                        "rule",
                        "rules/" + scores.rules(),
                        scores.overall(),
                        scores.scores(),
                        null,
                        task.finishedAt()));
    }

    private List<Step> stepsOf(Handle handle, Task task) {
        return plans.find(handle, task.planId())
                .map(plan -> steps.ofPlan(handle, plan.id(), plan.version()))
                .orElse(List.of());
    }
}
