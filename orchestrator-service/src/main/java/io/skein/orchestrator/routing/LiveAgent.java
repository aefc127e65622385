package io.skein.orchestrator.routing;

import java.util.List;

/** An agent as the registry knows it from its heartbeats. */
public record LiveAgent(
        String agentId,
        String agentType,
        String node,
        String team,
        String version,
        List<String> capabilities,
        int slots,
        int busy,
        boolean online) {

    public LiveAgent {
        capabilities = capabilities == null ? List.of() : List.copyOf(capabilities);
    }
}
