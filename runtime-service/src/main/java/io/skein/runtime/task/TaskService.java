package io.skein.runtime.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.Priority;
import io.skein.platform.auth.Caller;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.instance.InstanceRepository;
import io.skein.runtime.instance.UnfinishedTasksService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What people do with tasks, and what becomes of them when their instance's state changes. */
@ApplicationScoped
class TaskService implements UnfinishedTasksService {

    @Inject
    Jdbi jdbi;

    @Inject
    TaskRepository tasks;

    @Inject
    StepRepository steps;

    @Inject
    InstanceRepository instances;

    @Inject
    TaskQueue queue;

    @Inject
    TaskEnd end;

    @Inject
    TaskSignal signal;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /**
     * Gives an instance something to do.
     *
     * @param key the caller's Idempotency-Key, or null
     * @throws ProblemException illegal_transition when it is stopped
     */
    TaskView give(UUID instance, String name, JsonNode data, Priority priority, String key) {
        return jdbi.inTransaction(tx -> {
            InstanceRepository.Worker worker = instances
                    .worker(tx, instance)
                    .filter(found -> found.team().equals(caller.team()))
                    .orElseThrow(() -> ProblemException.notFound("such instance"));
            boolean takes = instances.takers(tx, worker.team(), List.of(worker.agent())).stream()
                    .anyMatch(taker -> taker.id().equals(instance));
            if (!takes) {
                throw new ProblemException(
                        ErrorCode.ILLEGAL_TRANSITION, "The instance is stopped; start the agent again.");
            }
            ObjectNode event = JsonNodeFactory.instance.objectNode();
            event.put("actor", caller.actor());
            event.put("team", worker.team());
            event.put("priority", priority.wire());
            event.set("data", data == null || data.isNull() ? JsonNodeFactory.instance.objectNode() : data);
            String ownKey = key == null ? null : caller.actor() + " " + key;
            UUID id = queue.add(
                            tx,
                            worker,
                            new NewTask(
                                    name,
                                    event,
                                    null,
                                    ownKey,
                                    null,
                                    0,
                                    TaskQueue.rank(priority),
                                    0,
                                    null,
                                    caller.actor(),
                                    TaskQueue.trace(caller.traceId())))
                    .orElseGet(() -> known(tx, instance, ownKey, name, event));
            return TaskView.of(tasks.find(tx, id).orElseThrow());
        });
    }

    private UUID known(Handle tx, UUID instance, String key, String name, ObjectNode event) {
        Task earlier = tasks.ofKey(tx, instance, key).orElseThrow();
        if (!earlier.name().equals(name) || !earlier.event().equals(event)) {
            throw new ProblemException(
                    ErrorCode.IDEMPOTENCY_MISMATCH, "This Idempotency-Key came with another task before.");
        }
        return earlier.id();
    }

    TaskView cancel(UUID id, String reason) {
        return change(id, (tx, task) -> {
            if (task.status() == TaskStatus.QUEUED) {
                end.finish(tx, task, TaskStatus.CANCELLED, null, cancelledBy(caller.name(), reason));
            } else if (!tasks.cancel(tx, id, caller.name(), reason, null, clock.instant())) {
                throw illegal(task, task.isCancelled() ? "is being cancelled already" : "cannot be cancelled");
            }
        });
    }

    /**
     * Lets the step run that asks for a person.
     *
     * @param step the one the person looked at: an answer sent twice, or late, is none to the next question
     */
    TaskView release(UUID id, int step) {
        return answer(id, step, TaskStep.Status.RUNNING, null);
    }

    /** The step that asks for a person fails. */
    TaskView refuse(UUID id, int step, String reason) {
        return answer(
                id,
                step,
                TaskStep.Status.FAILED,
                "Refused by " + caller.name() + (reason == null ? "" : ": " + TaskTools.storable(reason)));
    }

    private TaskView answer(UUID id, int step, TaskStep.Status status, String message) {
        return change(id, (tx, task) -> {
            if (task.isCancelled()
                    || task.status() != TaskStatus.WAITING
                    || !steps.answered(tx, id, step, status, caller.name(), message, clock.instant())) {
                throw illegal(task, "asks for nothing with step " + step);
            }
            tasks.becomes(tx, id, TaskStatus.RUNNING, null, null, Duration.ZERO, clock.instant());
        });
    }

    private interface Change {
        void make(Handle tx, Task task);
    }

    private TaskView change(UUID id, Change change) {
        TaskView view = jdbi.inTransaction(tx -> {
            Task task = visible(tasks.lock(tx, id).orElseThrow(() -> ProblemException.notFound("such task")));
            if (task.status().isEnd()) {
                throw illegal(task, "has ended");
            }
            change.make(tx, task);
            return TaskView.of(tasks.find(tx, id).orElseThrow());
        });
        signal.wake();
        return view;
    }

    private static ProblemException illegal(Task task, String what) {
        return new ProblemException(
                        ErrorCode.ILLEGAL_TRANSITION,
                        "The task " + what + "; it is " + task.status().wire() + ".")
                .with("taskStatus", task.status().wire());
    }

    private Task visible(Task task) {
        caller.requireVisible(task.team(), task.owner(), "such task");
        return task;
    }

    TaskView get(UUID id) {
        return jdbi.inTransaction(tx -> {
            Task task = visible(tasks.find(tx, id).orElseThrow(() -> ProblemException.notFound("such task")));
            return TaskView.of(task, steps.ofTask(tx, id), tasks.descendants(tx, id));
        });
    }

    List<TaskView> list(TaskRepository.Filter filter, int limit) {
        return jdbi.withHandle(handle -> tasks.list(handle, filter, limit)).stream()
                .map(TaskView::of)
                .toList();
    }

    @Override
    public void stopped(Handle tx, UUID instance, String actor) {
        for (Task task : tasks.begun(tx, instance)) {
            tasks.cancel(tx, task.id(), actor, TaskEnd.STOPPED, null, clock.instant());
        }
        // Whoever works for the instance goes on with them.
        end.notBegun(tx, instance, cancelledBy(actor, TaskEnd.STOPPED));
    }

    @Override
    public void resumed(Handle tx, UUID instance, long since) {
        tasks.notTheirTime(tx, instance, since, clock.instant());
    }

    @Override
    public void wake() {
        signal.wake();
    }

    private static String cancelledBy(String name, String reason) {
        return "Cancelled by " + name + (reason == null ? "" : ": " + reason);
    }
}
