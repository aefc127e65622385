package io.skein.runtime.instance;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An agent of a team at work.
 *
 * @param definition as published when it was started; later versions do not change it
 * @param reason why it is in error, or was stopped
 * @param currentTasks those begun and not ended
 * @param queuedTasks how many wait for their turn
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AgentInstance(
        UUID id,
        String team,
        String agent,
        String version,
        InstanceState state,
        String reason,
        boolean another,
        String startedBy,
        Instant startedAt,
        Instant changedAt,
        Instant stoppedAt,
        int maxParallelTasks,
        List<CurrentTask> currentTasks,
        long queuedTasks,
        @JsonIgnore JsonNode definition) {

    /** @param waitingFor plan, lock, task or person, or null when it does something */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CurrentTask(UUID id, String name, String status, String waitingFor, Instant startedAt) {}

    /** How many tasks it may have begun and not ended, 1..32. */
    public static int maxParallelTasks(JsonNode definition) {
        return Math.clamp(definition.path("config").path("max_parallel_tasks").asInt(1), 1, 32);
    }
}
