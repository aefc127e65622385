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
 * @param code why it was refused, for a program: {@link #STALE_FENCING_TOKEN}, {@link #APPROVAL_CHANGED},
 *     {@link #NOT_PREVIEWABLE}; null where there is nothing to tell apart
 * @param changedFiles with {@link #APPROVAL_CHANGED}: the files that are not as approved, as far as they are known
 * @param preview what a run would change; only of a preview
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
        @JsonProperty("finished_at") Instant finishedAt,
        @JsonProperty("code") String code,

        @JsonProperty("changed_files") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> changedFiles,

        @JsonProperty("preview") WorkPreview preview)
        implements AgentPayload {

    /** A lock token is older than the newest seen for its host: the lock was lost, and somebody else has it or had it since. */
    public static final String STALE_FENCING_TOKEN = "stale_fencing_token";

    /** The playbook, something it pulls in, the inventory or the variables are not what was approved. */
    public static final String APPROVAL_CHANGED = "approval_changed";

    /** The playbook does not allow a preview. */
    public static final String NOT_PREVIEWABLE = "not_previewable";

    /** One without a code. */
    public WorkResult(
            UUID planId,
            UUID stepId,
            Outcome outcome,
            Integer exitCode,
            String reason,
            long lastSequence,
            Map<String, HostRecap> hosts,
            List<String> notices,
            List<Suggestion> suggestions,
            Usage usage,
            Instant startedAt,
            Instant finishedAt) {
        this(
                planId,
                stepId,
                outcome,
                exitCode,
                reason,
                lastSequence,
                hosts,
                notices,
                suggestions,
                usage,
                startedAt,
                finishedAt,
                null,
                List.of(),
                null);
    }

    public WorkResult {
        hosts = hosts == null ? Map.of() : Map.copyOf(hosts);
        notices = notices == null ? List.of() : List.copyOf(notices);
        suggestions = suggestions == null ? List.of() : List.copyOf(suggestions);
        changedFiles = changedFiles == null ? List.of() : List.copyOf(changedFiles);
    }

    /** The same, saying why in a word. */
    public WorkResult withCode(String word) {
        return with(word, changedFiles, preview);
    }

    /** The same, refused because these files are not as approved. */
    public WorkResult withChanged(List<String> files) {
        return with(APPROVAL_CHANGED, files, preview);
    }

    public WorkResult withPreview(WorkPreview newPreview) {
        return with(code, changedFiles, newPreview);
    }

    private WorkResult with(String newCode, List<String> newFiles, WorkPreview newPreview) {
        return new WorkResult(
                planId,
                stepId,
                outcome,
                exitCode,
                reason,
                lastSequence,
                hosts,
                notices,
                suggestions,
                usage,
                startedAt,
                finishedAt,
                newCode,
                newFiles,
                newPreview);
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
