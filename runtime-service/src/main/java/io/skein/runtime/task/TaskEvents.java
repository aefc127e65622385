package io.skein.runtime.task;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.messaging.Outbox;
import io.skein.runtime.log.LoggedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Tells the fleet what became of a task, in the transaction in which it becomes true. */
@ApplicationScoped
class TaskEvents {

    private final Outbox outbox;
    private final Clock clock;

    @Inject
    TaskEvents(Outbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    /** @param task as it is now */
    void tell(Handle tx, Task task) {
        String type =
                switch (task.status()) {
                    case QUEUED -> EventTypes.RUNTIME_TASK_QUEUED;
                    case RUNNING -> EventTypes.RUNTIME_TASK_STARTED;
                    case WAITING -> EventTypes.RUNTIME_TASK_WAITING;
                    case SUCCEEDED -> EventTypes.RUNTIME_TASK_SUCCEEDED;
                    case FAILED -> EventTypes.RUNTIME_TASK_FAILED;
                    case CANCELLED -> EventTypes.RUNTIME_TASK_CANCELLED;
                };
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("taskId", task.id());
        data.put("instanceId", task.instanceId());
        data.put("agent", task.agent());
        data.put("name", task.name());
        if (task.parentId() != null) {
            data.put("parentTaskId", task.parentId());
        }
        data.put("status", task.status().wire());
        if (task.waitingFor() != null) {
            data.put("waitingFor", task.waitingFor());
        }
        if (task.code() != null) {
            data.put("code", task.code());
        }
        if (task.status().isEnd()) {
            data.put("seconds", seconds(task));
            data.put("costUsd", task.costUsd());
        }
        outbox.event(
                tx,
                SkeinEvent.of(type)
                        .source("/runtime-service")
                        .subject(task.id())
                        .time(clock.instant())
                        .priority(task.status() == TaskStatus.FAILED ? Priority.NORMAL : Priority.LOW)
                        .team(task.team())
                        .actor("agent:" + task.agent())
                        .traceId(task.traceId())
                        .owner(task.owner())
                        // It is the agent that speaks: whom this wakes is woken by it.
                        .hops(task.hops() + 1)
                        .data(data)
                        .build());
    }

    static double seconds(Task task) {
        return task.startedAt() == null || task.finishedAt() == null
                ? 0
                : Duration.between(task.startedAt(), task.finishedAt()).toMillis() / 1000.0;
    }

    void loopStopped(Handle tx, LoggedEvent event, int hops, String agent, String chain) {
        outbox.event(
                tx,
                SkeinEvent.of(EventTypes.RUNTIME_LOOP_STOPPED)
                        .source("/runtime-service")
                        .subject(event.id())
                        .time(clock.instant())
                        .priority(Priority.HIGH)
                        .team(event.team())
                        .actor("agent:" + agent)
                        .traceId(event.traceId())
                        .owner(event.owner())
                        .hops(hops + 1)
                        .data(Map.of("agent", agent, "type", event.type(), "hops", hops, "chain", chain))
                        .build());
    }
}
