package io.skein.orchestrator.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.plan.PlanJournal.Author;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.repeat.Repeats;
import io.skein.orchestrator.session.SessionRepository;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Makes, changes and moves tasks of their own kind. */
@ApplicationScoped
public class TaskService {

    @Inject
    Jdbi jdbi;

    @Inject
    TaskRepository tasks;

    @Inject
    TaskReader reader;

    @Inject
    TaskJournal journal;

    @Inject
    PlanRepository plans;

    @Inject
    SessionRepository sessions;

    @Inject
    Repeats repeats;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    Task create(NewTask body, String parentId, Requester requester, String key) {
        NewTask wanted = TaskInput.body(body).checked();
        UUID sessionId = wanted.session();
        String call = "task " + parentId + " " + WireFormat.writeString(wanted);
        return jdbi.inTransaction(tx -> {
            // Before the task's row, as whoever deletes a session takes them.
            if (sessionId != null) {
                boolean own = sessions.lock(tx, sessionId)
                        .filter(session -> session.team().equals(requester.team())
                                && session.owner().equals(requester.name()))
                        .isPresent();
                if (!own) {
                    throw ProblemException.invalid("sessionId", "is none of your sessions");
                }
            }
            Task parent = parentId == null ? null : parent(tx, parentId, requester);
            Optional<UUID> earlier = repeats.made(tx, requester, key, call);
            if (earlier.isPresent()) {
                return tasks.find(tx, earlier.get()).orElseThrow(() -> ProblemException.notFound("such task any more"));
            }
            Task task = task(wanted, parent, sessionId, requester);
            tasks.insert(tx, task);
            journal.moved(tx, task, EventTypes.TASK_CREATED, null, author(requester));
            repeats.note(tx, requester, key, call, task.id());
            return tasks.find(tx, task.id()).orElseThrow();
        });
    }

    private Task parent(Handle tx, String parentId, Requester requester) {
        Task seen = reader.task(tx, parentId, requester);
        if (!seen.isOwn()) {
            throw seen.illegal("The subtasks of a plan are its steps. Modify plan " + seen.planId() + " instead.");
        }
        Task parent = tasks.lockOwn(tx, seen.id()).orElseThrow(() -> ProblemException.notFound("such task"));
        if (parent.parentId() != null) {
            throw parent.illegal("A subtask has no subtasks of its own.");
        }
        if (parent.status().isOver()) {
            throw parent.illegal("The task is " + parent.status().wire() + "; it gets no new subtasks.");
        }
        return parent;
    }

    private Task task(NewTask wanted, Task parent, UUID sessionId, Requester requester) {
        Instant now = clock.instant();
        return new Task(
                Ids.next(),
                Task.Kind.OWN,
                requester.team(),
                parent == null ? requester.name() : parent.owner(),
                parent == null ? null : parent.id(),
                sessionId == null && parent != null ? parent.sessionId() : sessionId,
                null,
                null,
                wanted.title(),
                wanted.description(),
                TaskStatus.PENDING,
                null,
                TaskInput.priority(wanted.priority()),
                wanted.agent(),
                wanted.metadata(),
                requester.actor(),
                now,
                now,
                null,
                null,
                1,
                0,
                0,
                null);
    }

    Task change(String id, TaskChange change, String ifMatch, Requester requester) {
        return jdbi.inTransaction(tx -> {
            Task seen = reader.task(tx, id, requester);
            if (!seen.isOwn()) {
                return note(tx, seen, change, ifMatch, requester);
            }
            Task task = tasks.lockOwn(tx, seen.id()).orElseThrow(() -> ProblemException.notFound("such task"));
            requireMatch(task, ifMatch);
            TaskStatus next = change.status();
            Task changed = change.of(task);
            String reason = change.reason();
            if (!change.members().isEmpty()) {
                tasks.update(tx, changed, clock.instant());
                told(tx, changed, change, requester);
            }
            if (next != null && next != task.status()) {
                if (!task.status().mayBecome(next)) {
                    throw task.illegal(
                            "The task is " + task.status().wire() + ", so it cannot become " + next.wire() + ".");
                }
                move(tx, task, next, reason, author(requester));
            }
            return tasks.find(tx, task.id()).orElseThrow();
        });
    }

    private Task note(Handle tx, Task seen, TaskChange change, String ifMatch, Requester requester) {
        change.requireForPlan(seen);
        plans.lock(tx, seen.planId());
        Task task = tasks.find(tx, seen.id()).orElseThrow();
        requireMatch(task, ifMatch);
        Task changed = change.of(task);
        tasks.note(tx, changed, clock.instant());
        told(tx, changed, change, requester);
        return tasks.find(tx, task.id()).orElseThrow();
    }

    private void told(Handle tx, Task task, TaskChange change, Requester requester) {
        ObjectNode data = WireFormat.mapper().createObjectNode();
        change.members().forEach(data.withArray("changed")::add);
        String text = "Changed " + String.join(", ", change.members());
        journal.happened(tx, task, EventTypes.TASK_CHANGED, Priority.NORMAL, "changed", text, author(requester), data);
    }

    /** Moves a task whose row is locked; the caller has made sure that it may. */
    private void move(Handle tx, Task task, TaskStatus next, String reason, Author author) {
        if (next == TaskStatus.IN_PROGRESS || next == TaskStatus.COMPLETED) {
            requireNoCheckpoint(task);
        }
        if (next == TaskStatus.COMPLETED && openParts(tx, task) > 0) {
            throw task.illegal("Some of its subtasks are not over yet.");
        }
        Task parent =
                task.parentId() == null ? null : tasks.find(tx, task.parentId()).orElse(null);
        if (next == TaskStatus.PENDING && parent != null && parent.status().isOver()) {
            throw task.illegal("The task it is a part of is " + parent.status().wire() + ".");
        }
        tasks.status(tx, task.id(), next, reason, clock.instant());
        journal.moved(tx, tasks.find(tx, task.id()).orElseThrow(), type(task.status(), next), reason, author);
        if (next == TaskStatus.CANCELLED) {
            for (Task part : tasks.parts(tx, task, null, Integer.MAX_VALUE)) {
                if (part.status().mayBecome(TaskStatus.CANCELLED)) {
                    Task locked = tasks.lockOwn(tx, part.id()).orElseThrow();
                    move(tx, locked, TaskStatus.CANCELLED, "The task it is a part of was cancelled", author);
                }
            }
        }
    }

    /** Sends a task that is over back to be done again; its row is locked. */
    public void sendBack(Handle tx, Task task, String guidance, Author author) {
        if (!task.status().maySendBack()) {
            throw task.illegal("The task is " + task.status().wire() + ", so there is nothing to correct.");
        }
        move(tx, task, TaskStatus.PENDING, guidance, author);
    }

    /** Ends a task that somebody stopped at a checkpoint; its row is locked. */
    public void stop(Handle tx, Task task, String reason, Author author) {
        if (!task.status().mayBecome(TaskStatus.CANCELLED)) {
            throw task.illegal("The task is " + task.status().wire() + ", so it cannot be stopped.");
        }
        move(tx, task, TaskStatus.CANCELLED, reason, author);
    }

    private static void requireNoCheckpoint(Task task) {
        if (task.checkpointId() != null) {
            throw task.illegal("The task is at a checkpoint; somebody who approves has to let it go on first.")
                    .with("checkpointId", task.checkpointId().toString());
        }
    }

    private int openParts(Handle tx, Task task) {
        return (int) tasks.parts(tx, task, null, Integer.MAX_VALUE).stream()
                .filter(part -> !part.status().isOver())
                .count();
    }

    private static String type(TaskStatus from, TaskStatus next) {
        return switch (next) {
            case IN_PROGRESS -> EventTypes.TASK_STARTED;
            case COMPLETED -> EventTypes.TASK_COMPLETED;
            case FAILED -> EventTypes.TASK_FAILED;
            case CANCELLED -> EventTypes.TASK_CANCELLED;
            case PENDING -> from.isOver() ? EventTypes.TASK_REOPENED : EventTypes.TASK_PUT_BACK;
        };
    }

    void delete(String id, String ifMatch, Requester requester) {
        jdbi.useTransaction(tx -> {
            Task seen = reader.task(tx, id, requester);
            if (!seen.isOwn()) {
                throw seen.illegal("What a plan did is evidence and stays. Cancel plan " + seen.planId()
                        + " if it is not to go on.");
            }
            Task task = tasks.lockOwn(tx, seen.id()).orElseThrow(() -> ProblemException.notFound("such task"));
            if (ifMatch != null && !ifMatch.isBlank()) {
                requireMatch(task, ifMatch);
            }
            boolean underWay = task.status() == TaskStatus.IN_PROGRESS
                    || tasks.parts(tx, task, null, Integer.MAX_VALUE).stream()
                            .anyMatch(part -> part.status() == TaskStatus.IN_PROGRESS);
            if (underWay) {
                throw task.illegal("Somebody is at it. Cancel it, then delete it.");
            }
            ObjectNode data = WireFormat.mapper().createObjectNode();
            data.put("taskId", task.id().toString());
            data.put("title", task.title());
            data.put("status", task.status().wire());
            data.put("subtasks", task.subtasks());
            journal.send(tx, task, EventTypes.TASK_DELETED, Priority.NORMAL, author(requester), data);
            tasks.delete(tx, task.id());
        });
    }

    private static void requireMatch(Task task, String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_REQUIRED,
                    "Send the ETag of what you read as If-Match, so that nobody's change is lost.");
        }
        boolean same = Arrays.stream(ifMatch.split(","))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(task.etag()));
        if (!same) {
            throw new ProblemException(
                    ErrorCode.PRECONDITION_FAILED, "The task was changed since you read it. Read it again.");
        }
    }

    private Author author(Requester requester) {
        return new Author(requester.actor(), caller.traceId());
    }
}
