package io.skein.runtime.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A task as people read it.
 *
 * @param seconds from its first step to its end
 * @param event what woke the agent; only of a single task, like steps and children
 * @param children what it handed to others, and they to others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TaskView(
        UUID id,
        UUID instanceId,
        String team,
        String agent,
        String version,
        String name,
        TaskStatus status,
        String waitingFor,
        String code,
        String summary,
        UUID parentId,
        String askedBy,
        int hops,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt,
        Double seconds,
        BigDecimal costUsd,
        String cancelledBy,
        String traceId,
        JsonNode event,
        List<TaskStep> steps,
        List<TaskView> children) {

    static TaskView of(Task task) {
        return of(task, null, null, null);
    }

    /** With everything. */
    static TaskView of(Task task, List<TaskStep> steps, List<Task> below) {
        return of(task, task.event(), steps, children(task.id(), below));
    }

    private static List<TaskView> children(UUID parent, List<Task> below) {
        return below.stream()
                .filter(task -> parent.equals(task.parentId()))
                .map(task -> of(task, null, null, children(task.id(), below)))
                .toList();
    }

    private static TaskView of(Task task, JsonNode event, List<TaskStep> steps, List<TaskView> children) {
        return new TaskView(
                task.id(),
                task.instanceId(),
                task.team(),
                task.agent(),
                task.version(),
                task.name(),
                task.status(),
                task.waitingFor(),
                task.code(),
                task.summary(),
                task.parentId(),
                task.askedBy(),
                task.hops(),
                task.createdAt(),
                task.startedAt(),
                task.finishedAt(),
                task.finishedAt() == null ? null : TaskEvents.seconds(task),
                task.costUsd(),
                task.cancelBy(),
                task.traceId(),
                event,
                steps,
                children);
    }
}
