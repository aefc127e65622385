package io.skein.contracts.heartbeat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;

/**
 * What a working agent says about itself, on {@code skein.heartbeats} with routing key {@code agent.<agentId>}.
 *
 * @param agentId unique in the fleet, for example {@code infra-agent-1}
 * @param agentType the queue family its work comes from, for example {@code infra}
 * @param node name of the machine it runs on, as in {@link NodeHeartbeat#node()}
 * @param capabilities work types it takes, for example {@code ansible.playbook}
 * @param slots how many pieces of work it runs at once; at least 1
 * @param busy how many it is running
 * @param goodbye true in the last heartbeat before an orderly shutdown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AgentHeartbeat(
        String agentId,
        String agentType,
        String node,
        String team,
        String version,
        List<String> capabilities,
        int slots,
        int busy,
        Instant sentAt,
        int intervalSeconds,
        boolean goodbye) {

    public AgentHeartbeat {
        capabilities = capabilities == null ? List.of() : List.copyOf(capabilities);
    }
}
