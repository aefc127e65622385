package io.skein.orchestrator.correction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.Ids;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.advice.Advisers;
import io.skein.orchestrator.checkpoint.Checkpoint;
import io.skein.orchestrator.checkpoint.CheckpointService;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.llm.Asker;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal.Author;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.orchestrator.planning.ChangeAdviser;
import io.skein.orchestrator.repeat.Repeats;
import io.skein.orchestrator.request.FollowUpPlans;
import io.skein.orchestrator.task.Task;
import io.skein.orchestrator.task.TaskInput;
import io.skein.orchestrator.task.TaskJournal;
import io.skein.orchestrator.task.TaskReader;
import io.skein.orchestrator.task.TaskRepository;
import io.skein.orchestrator.task.TaskService;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Sends tasks back, counts the rounds, and hands over to a person when they lead nowhere. */
@ApplicationScoped
class CorrectionService {

    static final int MAX_ROUNDS = 3;
    private static final int MAX_GUIDANCE = 4000;

    @Inject
    Jdbi jdbi;

    @Inject
    CorrectionRepository corrections;

    @Inject
    CheckpointService checkpoints;

    @Inject
    NextAttempt attempts;

    @Inject
    FollowUpPlans followUps;

    @Inject
    TaskReader reader;

    @Inject
    TaskRepository tasks;

    @Inject
    TaskService service;

    @Inject
    TaskJournal journal;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    Repeats repeats;

    @Inject
    Advisers advisers;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /** What is to be corrected, as it was when the next attempt was proposed. */
    private record OfStep(Plan plan, Step step, Draft next) {}

    Correction correct(String taskId, String said, Map<String, JsonNode> variables, Requester requester, String key) {
        String guidance = TaskInput.text("guidance", said, MAX_GUIDANCE);
        String call = "correction " + taskId + " " + WireFormat.writeString(variables) + " " + guidance;
        Task seen = jdbi.withHandle(handle -> reader.task(handle, taskId, requester));
        Optional<Correction> earlier = jdbi.inTransaction(tx -> made(tx, requester, key, call));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        OfStep next =
                switch (seen.kind()) {
                    case PLAN ->
                        throw seen.illegal(
                                "A plan is corrected step by step: send the guidance to the subtask it is about.");
                    case STEP -> propose(seen, guidance, variables, requester);
                    case OWN -> null;
                };
        if (next == null && variables != null) {
            throw ProblemException.invalid("variables", "only a step of a plan has variables");
        }
        return jdbi.inTransaction(tx -> {
            Optional<Correction> meanwhile = made(tx, requester, key, call);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            UUID root = root(tx, seen, next == null ? null : next.step());
            corrections.queueUp(tx, root);
            Task task = locked(tx, seen);
            // Words that set a secret variable are known by now, so they can be told from the others.
            String shown =
                    next == null ? guidance : Redaction.of(next.next().steps()).text(guidance);
            Correction correction = round(tx, task, root, shown, next, new Author(requester.actor(), caller.traceId()));
            repeats.note(tx, requester, key, call, correction.id());
            return correction;
        });
    }

    private Optional<Correction> made(Handle tx, Requester requester, String key, String call) {
        return repeats.made(tx, requester, key, call).flatMap(id -> corrections.find(tx, id));
    }

    private Task locked(Handle tx, Task seen) {
        if (seen.isOwn()) {
            return tasks.lockOwn(tx, seen.id()).orElseThrow(() -> ProblemException.notFound("such task"));
        }
        plans.lock(tx, seen.planId());
        return tasks.find(tx, seen.id()).orElseThrow();
    }

    private OfStep propose(Task task, String guidance, Map<String, JsonNode> variables, Requester requester) {
        Plan plan = jdbi.withHandle(handle -> plans.find(handle, task.planId())).orElseThrow();
        List<Step> all = jdbi.withHandle(handle -> steps.ofPlan(handle, plan.id(), plan.version()));
        Step step =
                all.stream().filter(s -> s.id().equals(task.id())).findFirst().orElseThrow();
        boolean ran =
                step.status().isTerminal() && step.dispatchedAt() != null && step.status() != StepStatus.CANCELLED;
        if (!plan.status().isTerminal() || !ran) {
            throw task.illegal("Step " + step.number() + " is " + step.status().wire() + " and its plan "
                    + plan.status().wire() + "; a step that ran is corrected when its plan has ended.");
        }
        ChangeAdviser adviser = advisers.ofChanges(
                new Asker(plan.team(), requester.name(), plan.sessionId(), plan.id(), caller.traceId()),
                plan.highValue());
        return new OfStep(plan, step, attempts.propose(plan, all, step, guidance, variables, adviser));
    }

    /** What was corrected first: of a step of a plan that is itself a next attempt, what that one is an attempt of. */
    private UUID root(Handle handle, Task task, Step step) {
        return step == null
                ? task.id()
                : corrections
                        .thatMade(handle, step.planId(), step.spec().playbook())
                        .map(Correction::rootId)
                        .orElse(task.id());
    }

    private Correction round(Handle tx, Task task, UUID root, String guidance, OfStep next, Author author) {
        List<Correction> chain = corrections.chain(tx, root);
        chain.stream()
                .filter(earlier -> earlier.nextPlanId() != null
                        && !PlanStatus.fromWire(earlier.status()).isTerminal())
                .findFirst()
                .ifPresent(open -> {
                    throw task.illegal("Round " + open.round() + " is not over: plan " + open.nextPlanId() + " is "
                                    + open.status().replace('_', ' ') + ".")
                            .with("planId", open.nextPlanId().toString());
                });
        if (task.isOwn() && !task.status().maySendBack()) {
            throw task.illegal("The task is " + task.status().wire() + ", so there is nothing to correct.");
        }
        int rounds = 0;
        for (Correction earlier : chain) {
            rounds = earlier.isEscalation() ? afterEscalation(tx, task, earlier) : rounds + 1;
        }
        return rounds >= MAX_ROUNDS
                ? escalate(tx, task, root, rounds + 1, guidance, author)
                : sendBack(tx, task, root, rounds + 1, guidance, next, author);
    }

    /** A person who lets it go on gives it three more rounds. */
    private int afterEscalation(Handle tx, Task task, Correction escalation) {
        Checkpoint checkpoint = checkpoints.of(tx, escalation.checkpointId());
        if (checkpoint.isContinued()) {
            return 0;
        }
        throw task.illegal(
                        checkpoint.isStopped()
                                ? "A person decided that it is not corrected any more."
                                : "After " + MAX_ROUNDS + " rounds a person decides whether it is corrected once more.")
                .with("checkpointId", checkpoint.id().toString());
    }

    private Correction sendBack(
            Handle tx, Task task, UUID root, int round, String guidance, OfStep next, Author author) {
        UUID planId = null;
        if (next == null) {
            service.sendBack(tx, task, guidance, author);
        } else {
            String text = "Correct \"" + task.title() + "\": " + guidance;
            String why = "Round " + round + " of correcting step " + next.step().number() + " of plan "
                    + next.plan().id();
            planId = followUps.keep(tx, next.plan(), text, next.next(), why, author);
        }
        Correction correction = new Correction(
                Ids.next(),
                task.id(),
                root,
                round,
                guidance,
                Correction.SENT_BACK,
                null,
                planId,
                author.actor(),
                clock.instant(),
                next == null ? null : next.step().spec().playbook());
        corrections.insert(tx, task, correction);
        told(tx, task, correction, EventTypes.TASK_CORRECTED, Priority.NORMAL, "corrected", author);
        return corrections.find(tx, correction.id()).orElseThrow();
    }

    private Correction escalate(Handle tx, Task task, UUID root, int round, String guidance, Author author) {
        String question =
                MAX_ROUNDS + " rounds of corrections led nowhere. Is it to be tried once more? The guidance now: "
                        + (guidance.length() > 500 ? guidance.substring(0, 500) + "…" : guidance);
        UUID checkpoint = checkpoints.escalate(tx, task, question, author);
        Correction correction = new Correction(
                Ids.next(),
                task.id(),
                root,
                round,
                guidance,
                Correction.ESCALATED,
                checkpoint,
                null,
                author.actor(),
                clock.instant(),
                null);
        corrections.insert(tx, task, correction);
        told(tx, task, correction, EventTypes.TASK_ESCALATED, Priority.HIGH, "escalated", author);
        return corrections.find(tx, correction.id()).orElseThrow();
    }

    private void told(
            Handle tx, Task task, Correction correction, String type, Priority priority, String what, Author author) {
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("correctionId", correction.id().toString());
        data.put("round", correction.round());
        data.put("guidance", correction.guidance());
        if (correction.nextPlanId() != null) {
            data.put("nextPlanId", correction.nextPlanId().toString());
        }
        if (correction.checkpointId() != null) {
            data.put("checkpointId", correction.checkpointId().toString());
        }
        String text = "Round " + correction.round() + ": " + correction.guidance();
        journal.happened(tx, task, type, priority, what, text, author, data);
    }

    Page<Correction> list(String taskId, Integer size, String after) {
        int limit = Page.size(size);
        UUID cursor = Page.afterId(after);
        List<Correction> found = jdbi.withHandle(handle -> {
            Task task = reader.task(handle, taskId);
            Step step = task.kind() == Task.Kind.STEP
                    ? steps.find(handle, task.id()).orElseThrow()
                    : null;
            return corrections.of(handle, task, root(handle, task, step), cursor, limit + 1);
        });
        return Page.of(found, limit, correction -> correction.id().toString());
    }
}
