package io.skein.orchestrator.routing;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Agents and machines at one moment.
 *
 * @param problem why it is not known, as a sentence, or null
 */
public record Fleet(List<LiveAgent> agents, List<FleetNode> nodes, String problem) {

    public Fleet {
        agents = List.copyOf(agents);
        nodes = List.copyOf(nodes);
    }

    public Optional<FleetNode> node(LiveAgent agent) {
        return nodes.stream()
                .filter(node -> node.name().equals(agent.node()))
                .filter(node -> Objects.equals(agent.team(), node.team()))
                .findFirst();
    }

    public boolean isOnline(String agentId) {
        return agents.stream().anyMatch(agent -> agent.agentId().equals(agentId) && agent.online());
    }
}
