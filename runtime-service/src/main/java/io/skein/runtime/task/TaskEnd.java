package io.skein.runtime.task;

import io.skein.runtime.instance.InstanceEvents;
import io.skein.runtime.instance.InstanceRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The end of a task, and what it means to others: its instance, the task above it, the fleet. */
@ApplicationScoped
class TaskEnd {

    /** So many are ended in one transaction. */
    private static final int MANY = 50;

    static final String STOPPED = "its agent was stopped";

    private static final int MAX_SUMMARY = 2000;

    @Inject
    TaskRepository tasks;

    @Inject
    InstanceRepository instances;

    @Inject
    InstanceEvents instanceEvents;

    @Inject
    TaskEvents events;

    @Inject
    TaskMetrics metrics;

    @Inject
    TaskSignal signal;

    @Inject
    TaskConfig config;

    @Inject
    Clock clock;

    /** Some of the tasks a stopped instance did not begin: there may be thousands. */
    void notBegun(Handle tx, UUID instance, String summary) {
        for (Task task : tasks.queued(tx, instance, MANY)) {
            finish(tx, task, TaskStatus.CANCELLED, null, summary);
        }
    }

    void finish(Handle tx, Task task, TaskStatus status, String code, String summary) {
        Instant now = clock.instant();
        String text = TaskTools.storable(summary);
        tasks.finish(
                tx,
                task.id(),
                status,
                code,
                text != null && text.length() > MAX_SUMMARY ? text.substring(0, MAX_SUMMARY) : text,
                now);
        Task ended = tasks.find(tx, task.id()).orElseThrow();
        events.tell(tx, ended);
        if (status != TaskStatus.CANCELLED
                && instances.ended(tx, task.instanceId(), status == TaskStatus.FAILED, config.maxFailures(), now)) {
            instances
                    .worker(tx, task.instanceId())
                    .ifPresent(worker -> instanceEvents.failed(tx, worker, task.traceId(), task.hops() + 1));
        }
        if (task.parentId() != null) {
            tasks.hintParent(tx, task.parentId());
        }
        tx.afterCommit(() -> {
            metrics.ended(ended);
            signal.wake();
        });
    }
}
