package io.skein.contracts.agent;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * Progress of one piece of work. Routing key {@code status.<agentType>.<agentId>}.
 *
 * @param sequence 1, 2, 3 … per request id; gaps mean messages still under way
 * @param task the Ansible task that ended, for phase {@code task}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkStatus(
        @JsonProperty("plan_id") UUID planId,
        @JsonProperty("step_id") UUID stepId,
        @JsonProperty("sequence") long sequence,
        @JsonProperty("phase") Phase phase,
        @JsonProperty("at") Instant at,
        @JsonProperty("task") TaskResult task)
        implements AgentPayload {

    /** {@code accepted}: durably taken; {@code started}: the process runs; {@code task}: an Ansible task ended on a host. */
    public enum Phase {
        ACCEPTED,
        STARTED,
        TASK;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How an Ansible task ended on a host. */
    public enum TaskOutcome {
        OK,
        CHANGED,
        FAILED,
        SKIPPED,
        UNREACHABLE;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One Ansible task on one host.
     *
     * @param action module name, for example {@code ansible.builtin.template}
     * @param ignored true when the playbook says {@code ignore_errors}
     * @param durationMillis wall time of the task on this host
     * @param message what the module says, at most 64 KiB; {@code censored} when the task is {@code no_log}
     * @param diff Ansible's diff (list of before/after objects), or null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TaskResult(
            @JsonProperty("play") String play,
            @JsonProperty("task") String task,
            @JsonProperty("action") String action,
            @JsonProperty("host") String host,
            @JsonProperty("outcome") TaskOutcome outcome,
            @JsonProperty("ignored") boolean ignored,
            @JsonProperty("duration_millis") long durationMillis,
            @JsonProperty("message") String message,
            @JsonProperty("diff") JsonNode diff) {}
}
