package io.skein.orchestrator.preview;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.agent.WorkResult;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * What a step would change, as far as it is known.
 *
 * <pre>
 *  asked ──► ready         check mode went through
 *    │ ├───► failed        check mode stopped at a task; what came before it is there
 *    │ ├───► unavailable   the playbook does not allow one, or no agent can make one
 *    │ ├───► stale         something is not as the version says; the plan gets a new version
 *    │ └───► stopped       the plan was decided on, or another version took its place, before it was there
 *    └──asked anew──► asked, under another request id: the answer to the earlier one does not count
 * </pre>
 *
 * @param reason a sentence, where it is not ready
 * @param hosts Ansible's recap per host
 * @param tasks those that would change something, failed or could not be foretold
 * @param total how many tasks there were
 * @param truncated there was more than fits
 */
public record Preview(
        UUID planId,
        int version,
        int number,
        UUID stepId,
        UUID requestId,
        Status status,
        String reason,
        Map<String, WorkResult.HostRecap> hosts,
        List<Task> tasks,
        Integer total,
        boolean truncated,
        String askedBy,
        Instant askedAt,
        Instant finishedAt) {

    public Preview {
        hosts = hosts == null ? Map.of() : Map.copyOf(hosts);
        tasks = tasks == null ? List.of() : List.copyOf(tasks);
    }

    public enum Status {
        ASKED,
        READY,
        FAILED,
        UNAVAILABLE,
        STALE,
        STOPPED;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status fromWire(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    /** One Ansible task on one host, as the live stream shows them, too. */
    public record Task(
            String play, String task, String action, String host, String outcome, String message, JsonNode diff) {}

    /** How many tasks would change something. */
    public int changes() {
        return (int)
                tasks.stream().filter(task -> "changed".equals(task.outcome())).count();
    }
}
