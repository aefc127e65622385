package io.skein.contracts.agent;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * How a piece of work ended; exactly one per request id. Routing key {@code result.<agentType>.<agentId>}.
 *
 * @param exitCode of the process; null when there was none or it was cut
 * @param reason one sentence for a person; null only when completed
 * @param lastSequence the highest {@link WorkStatus#sequence()} sent for this work; 0 when none
 * @param hosts Ansible's recap per host
 * @param notices what the playbook wants the person to know (Ansible custom stat {@code skein_notice})
 * @param suggestions from ansible-lint, after a failure
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkResult(
        @JsonProperty("plan_id") UUID planId,
        @JsonProperty("step_id") UUID stepId,
        @JsonProperty("outcome") Outcome outcome,
        @JsonProperty("exit_code") Integer exitCode,
        @JsonProperty("reason") String reason,
        @JsonProperty("last_sequence") long lastSequence,
        @JsonProperty("hosts") Map<String, HostRecap> hosts,
        @JsonProperty("notices") List<String> notices,
        @JsonProperty("suggestions") List<Suggestion> suggestions,
        @JsonProperty("usage") Usage usage,
        @JsonProperty("started_at") Instant startedAt,
        @JsonProperty("finished_at") Instant finishedAt)
        implements AgentPayload {

    public WorkResult {
        hosts = hosts == null ? Map.of() : Map.copyOf(hosts);
        notices = notices == null ? List.of() : List.copyOf(notices);
        suggestions = suggestions == null ? List.of() : List.copyOf(suggestions);
    }

    public enum Outcome {
        /** The process ended with exit code 0. */
        COMPLETED,
        /** The process ended by itself with another exit code, or its time ran out. */
        FAILED,
        /** A person stopped it. */
        CANCELLED,
        /** The agent died while it ran: what it changed is unknown. Never rerun without a person. */
        INTERRUPTED,
        /** It was never started: stale fencing token, changed playbook, missing inventory. */
        REFUSED;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public record HostRecap(
            @JsonProperty("ok") int ok,
            @JsonProperty("changed") int changed,
            @JsonProperty("failed") int failed,
            @JsonProperty("skipped") int skipped,
            @JsonProperty("unreachable") int unreachable) {}

    /**
     * @param category idempotency, error_handling, performance, best_practices or standards
     * @param severity low, medium or high
     * @param rule the linter's rule id
     * @param line 1-based, 0 when unknown
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Suggestion(
            @JsonProperty("category") String category,
            @JsonProperty("severity") String severity,
            @JsonProperty("rule") String rule,
            @JsonProperty("message") String message,
            @JsonProperty("path") String path,
            @JsonProperty("line") int line) {}

    /** What the process and its children used: wall and CPU time in milliseconds, peak resident memory in bytes. */
    public record Usage(
            @JsonProperty("wall_millis") long wallMillis,
            @JsonProperty("cpu_millis") long cpuMillis,
            @JsonProperty("max_rss_bytes") long maxRssBytes) {}
}
