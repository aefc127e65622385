package io.skein.orchestrator.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.checkpoint.Checkpoint.Kind;
import io.skein.orchestrator.dispatch.Cancellation;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal.Author;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.orchestrator.repeat.Repeats;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Sets checkpoints and carries out what is decided at them. */
@ApplicationScoped
public class CheckpointService {

    private static final int MAX_QUESTION = 1000;
    private static final int MAX_NOTE = 1000;

    @Inject
    Jdbi jdbi;

    @Inject
    CheckpointRepository checkpoints;

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
    Cancellation cancellation;

    @Inject
    Repeats repeats;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    Checkpoint set(String taskId, Integer beforeStep, String asked, Requester requester, String key) {
        String question = TaskInput.text("question", asked, MAX_QUESTION);
        String call = "checkpoint " + taskId + " " + beforeStep + " " + question;
        return jdbi.inTransaction(tx -> {
            Task task = reader.task(tx, taskId, requester);
            Optional<UUID> earlier = repeats.made(tx, requester, key, call);
            if (earlier.isPresent()) {
                return checkpoints.find(tx, earlier.get()).orElseThrow();
            }
            Checkpoint made = task.isOwn()
                    ? beforeTask(tx, task, beforeStep, question, requester)
                    : beforeStep(tx, task, beforeStep, question, requester);
            repeats.note(tx, requester, key, call, made.id());
            return checkpoints.find(tx, made.id()).orElseThrow();
        });
    }

    private Checkpoint beforeTask(Handle tx, Task seen, Integer step, String question, Requester requester) {
        if (step != null) {
            throw ProblemException.invalid("beforeStep", "this task is no plan's, so it has no steps");
        }
        Task task = tasks.lockOwn(tx, seen.id()).orElseThrow(() -> ProblemException.notFound("such task"));
        if (task.status().isOver()) {
            throw task.illegal("The task is " + task.status().wire() + ", there is nothing left to look at first.");
        }
        Checkpoint checkpoint = row(Kind.TASK, task, null, question, requester.actor());
        checkpoints.insert(tx, checkpoint);
        told(
                tx,
                task,
                EventTypes.TASK_CHECKPOINT_SET,
                Priority.NORMAL,
                "checkpoint_set",
                checkpoint,
                author(requester));
        told(
                tx,
                task,
                EventTypes.TASK_CHECKPOINT_REACHED,
                Priority.HIGH,
                "checkpoint_reached",
                checkpoint,
                author(requester));
        return checkpoint;
    }

    private Checkpoint beforeStep(Handle tx, Task task, Integer number, String question, Requester requester) {
        Plan plan = plans.lock(tx, task.planId()).orElseThrow();
        if (plan.status().isTerminal() || plan.isCancelling()) {
            throw task.illegal(
                    "The plan is " + plan.status().wire() + (plan.isCancelling() ? " and being cancelled" : "")
                            + ", there is nothing left to look at first.");
        }
        List<Step> all = steps.ofPlan(tx, plan.id(), plan.version());
        Step step = step(task, number, all);
        if (step.status() != StepStatus.PENDING) {
            throw task.illegal("Step " + step.number() + " is " + step.status().wire()
                    + "; only before a step that nobody was given yet can a plan be stopped.");
        }
        Checkpoint checkpoint = row(Kind.BEFORE_STEP, task, step, question, requester.actor());
        checkpoints.insert(tx, checkpoint);
        Task about = tasks.find(tx, step.id()).orElseThrow();
        told(
                tx,
                about,
                EventTypes.TASK_CHECKPOINT_SET,
                Priority.NORMAL,
                "checkpoint_set",
                checkpoint,
                author(requester));
        return checkpoint;
    }

    private static Step step(Task task, Integer number, List<Step> all) {
        if (task.kind() == Task.Kind.STEP) {
            if (number != null && !number.equals(task.number())) {
                throw ProblemException.invalid("beforeStep", "this task is step " + task.number());
            }
            return all.stream()
                    .filter(step -> step.id().equals(task.id()))
                    .findFirst()
                    .orElseThrow();
        }
        if (number == null) {
            throw ProblemException.invalid("beforeStep", "say before which step");
        }
        return all.stream()
                .filter(step -> step.number() == number)
                .findFirst()
                .orElseThrow(
                        () -> ProblemException.invalid("beforeStep", "there is no step " + number + " in this plan"));
    }

    /** One that is there because corrections led nowhere; the task's row, or its plan's, is locked. */
    public UUID escalate(Handle tx, Task task, String question, Author author) {
        Checkpoint checkpoint = row(Kind.ESCALATION, task, null, question, author.actor());
        checkpoints.insert(tx, checkpoint);
        told(tx, task, EventTypes.TASK_CHECKPOINT_REACHED, Priority.HIGH, "checkpoint_reached", checkpoint, author);
        return checkpoint.id();
    }

    /** What became of one. */
    public Checkpoint of(Handle handle, UUID id) {
        return checkpoints.find(handle, id).orElseThrow();
    }

    private Checkpoint row(Kind kind, Task task, Step step, String question, String by) {
        Instant now = clock.instant();
        boolean reached = kind != Kind.BEFORE_STEP;
        return new Checkpoint(
                Ids.next(),
                kind,
                kind == Kind.BEFORE_STEP ? task.planId() : task.id(),
                task.planId(),
                step == null ? task.number() : Integer.valueOf(step.number()),
                question,
                reached ? Checkpoint.REACHED : Checkpoint.SET,
                by,
                now,
                reached ? now : null,
                null,
                null,
                null,
                step == null ? null : step.id(),
                step == null ? null : step.spec().playbook(),
                step == null ? null : step.spec().clause());
    }

    Checkpoint decide(String taskId, String checkpointId, boolean goOn, String said) {
        String note = TaskInput.optionalText("note", said, MAX_NOTE);
        return jdbi.inTransaction(tx -> {
            Task task = reader.task(tx, taskId);
            Checkpoint seen = find(tx, task, checkpointId);
            if (task.isOwn()) {
                tasks.lockOwn(tx, task.id());
            } else {
                plans.lock(tx, task.planId());
            }
            Checkpoint checkpoint = checkpoints.find(tx, seen.id()).orElseThrow();
            if (!checkpoint.isOpen()) {
                throw new ProblemException(
                                ErrorCode.ILLEGAL_TRANSITION, "The checkpoint is " + checkpoint.status() + " already.")
                        .with("checkpointId", checkpoint.id().toString())
                        .with("checkpointStatus", checkpoint.status());
            }
            checkpoints.decided(
                    tx,
                    checkpoint.id(),
                    goOn ? Checkpoint.CONTINUED : Checkpoint.STOPPED,
                    caller.name(),
                    clock.instant(),
                    note);
            carryOut(tx, tasks.find(tx, task.id()).orElseThrow(), checkpoint, goOn, note);
            return checkpoints.find(tx, checkpoint.id()).orElseThrow();
        });
    }

    private void carryOut(Handle tx, Task task, Checkpoint checkpoint, boolean goOn, String note) {
        Author author = new Author(caller.actor(), caller.traceId());
        told(
                tx,
                task,
                goOn ? EventTypes.TASK_CHECKPOINT_CONTINUED : EventTypes.TASK_CHECKPOINT_STOPPED,
                Priority.NORMAL,
                goOn ? "checkpoint_continued" : "checkpoint_stopped",
                checkpoint,
                author,
                note);
        switch (checkpoint.kind()) {
            case BEFORE_STEP -> {
                Plan plan = plans.find(tx, checkpoint.planId()).orElseThrow();
                if (goOn) {
                    if (plan.status().isActive()) {
                        cancellation.lookSoon(tx, plan);
                    }
                } else {
                    stop(tx, task, plan, checkpoint, note, author);
                }
            }
            case TASK -> {
                if (!goOn) {
                    service.stop(tx, task, note == null ? "Stopped at a checkpoint" : note, author);
                }
            }
            case ESCALATION -> {
                // Who corrects it next asks what was decided.
            }
        }
    }

    private void stop(Handle tx, Task task, Plan plan, Checkpoint checkpoint, String note, Author author) {
        if (plan.startedAt() == null) {
            throw task.illegal("The plan has not begun. Reject or cancel plan " + plan.id() + " instead.");
        }
        if (plan.isCancelling()) {
            throw task.illegal("The plan is being cancelled already.");
        }
        String why = "Stopped by " + caller.name() + " at the checkpoint before step " + checkpoint.stepNumber()
                + (note == null ? "" : ": " + note);
        cancellation.stop(tx, plan, caller.name(), note == null ? "Stopped at a checkpoint" : note, why, author);
    }

    private Checkpoint find(Handle handle, Task task, String id) {
        try {
            return checkpoints
                    .find(handle, UUID.fromString(id))
                    .filter(checkpoint -> task.id().equals(checkpoint.taskId())
                            || task.id().equals(checkpoint.planId())
                            || task.id().equals(checkpoint.stepId()))
                    .orElseThrow(() -> ProblemException.notFound("such checkpoint"));
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("such checkpoint");
        }
    }

    Page<Checkpoint> list(String taskId, Integer size, String after) {
        int limit = Page.size(size);
        UUID cursor = Page.afterId(after);
        List<Checkpoint> found =
                jdbi.withHandle(handle -> checkpoints.of(handle, reader.task(handle, taskId), cursor, limit + 1));
        return Page.of(found, limit, checkpoint -> checkpoint.id().toString());
    }

    private void told(
            Handle tx, Task task, String type, Priority priority, String what, Checkpoint checkpoint, Author author) {
        told(tx, task, type, priority, what, checkpoint, author, checkpoint.question());
    }

    private void told(
            Handle tx,
            Task task,
            String type,
            Priority priority,
            String what,
            Checkpoint checkpoint,
            Author author,
            String text) {
        ObjectNode data = data(checkpoint);
        if (text != null && !text.equals(checkpoint.question())) {
            data.put("note", text);
        }
        journal.happened(tx, task, type, priority, what, text, author, data);
    }

    static ObjectNode data(Checkpoint checkpoint) {
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("checkpointId", checkpoint.id().toString());
        data.put("kind", checkpoint.kind().wire());
        if (checkpoint.stepNumber() != null) {
            data.put("stepNumber", checkpoint.stepNumber());
        }
        data.put("question", checkpoint.question());
        return data;
    }

    private Author author(Requester requester) {
        return new Author(requester.actor(), caller.traceId());
    }
}
