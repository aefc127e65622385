package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One use of a skill by one step of a task.
 *
 * @param team whose agent it is: nothing of another team's may be seen or touched
 * @param agentId the definition's id
 * @param step number of the step within the task, from 1
 * @param permissions how far the definition lets its skills reach
 * @param input checked against {@link Skill#inputSchema()}
 * @param budgetLeftUsd what the task may still cost
 * @param deadline when the task has had its time
 * @param traceId W3C trace id of the task
 * @param hops how many agents in a row led to the task
 */
public record SkillCall(
        UUID taskId,
        int step,
        String team,
        String agentId,
        Permissions permissions,
        ObjectNode input,
        BigDecimal budgetLeftUsd,
        Instant deadline,
        String traceId,
        int hops) {

    /** One whose task no agent led to. */
    public SkillCall(
            UUID taskId,
            int step,
            String team,
            String agentId,
            Permissions permissions,
            ObjectNode input,
            BigDecimal budgetLeftUsd,
            Instant deadline,
            String traceId) {
        this(taskId, step, team, agentId, permissions, input, budgetLeftUsd, deadline, traceId, 0);
    }

    /**
     * Of the definition; nothing that is not named is allowed.
     *
     * @param publish patterns of event types
     * @param locks resource names, {@code *} for anything
     * @param http addresses; one whose path ends in {@code /} covers everything below
     */
    public record Permissions(List<String> publish, List<String> locks, List<String> http, boolean plans) {

        public Permissions {
            publish = publish == null ? List.of() : List.copyOf(publish);
            locks = locks == null ? List.of() : List.copyOf(locks);
            http = http == null ? List.of() : List.copyOf(http);
        }
    }

    /** The same for every attempt at this step, and for no other: an idempotency key for whoever is asked. */
    public String key() {
        return taskId + "." + step;
    }

    /** How the agent is written into events, locks and requests: {@code agent:monitoring-manager}. */
    public String actor() {
        return "agent:" + agentId;
    }
}
