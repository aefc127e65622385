package io.skein.orchestrator.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Agents and machines at one moment. What depends on nothing else is worked out once, when it is made: many steps are decided
 * about by one snapshot.
 */
public final class Fleet {

    /** A machine's name is unique in its team. */
    private record NodeKey(String team, String name) {}

    private final List<LiveAgent> agents;
    private final List<FleetNode> nodes;
    private final String problem;
    private final Map<String, Candidates> candidates;

    /** @param problem why it is not known, as a sentence, or null */
    public Fleet(List<LiveAgent> agents, List<FleetNode> nodes, String problem) {
        this(List.copyOf(agents), List.copyOf(nodes), problem, index(agents, nodes));
    }

    private Fleet(List<LiveAgent> agents, List<FleetNode> nodes, String problem, Map<String, Candidates> candidates) {
        this.agents = agents;
        this.nodes = nodes;
        this.problem = problem;
        this.candidates = candidates;
    }

    private static Map<String, Candidates> index(List<LiveAgent> agents, List<FleetNode> nodes) {
        Map<NodeKey, FleetNode> byName = HashMap.newHashMap(nodes.size());
        nodes.forEach(node -> byName.putIfAbsent(new NodeKey(node.team(), node.name()), node));
        Map<String, List<Candidate>> ofTeam = new HashMap<>();
        for (LiveAgent agent : agents) {
            if (Candidate.runsPlaybooks(agent)) {
                FleetNode node = byName.get(new NodeKey(agent.team(), agent.node()));
                ofTeam.computeIfAbsent(agent.team(), team -> new ArrayList<>()).add(Candidate.of(agent, node));
            }
        }
        Map<String, Candidates> index = new HashMap<>();
        ofTeam.forEach((team, found) -> index.put(team, Candidates.of(found)));
        return index;
    }

    public List<LiveAgent> agents() {
        return agents;
    }

    public List<FleetNode> nodes() {
        return nodes;
    }

    /** Why it is not known, as a sentence, or null. */
    public String problem() {
        return problem;
    }

    /** The team's agents that are online and take playbooks. */
    Candidates candidates(String team) {
        return candidates.getOrDefault(team, Candidates.NONE);
    }

    /** The same without these agents. */
    public Fleet without(Collection<String> agentIds) {
        Map<String, Candidates> left = new HashMap<>();
        candidates.forEach((team, of) -> left.put(team, of.without(agentIds)));
        return new Fleet(
                agents.stream()
                        .filter(agent -> !agentIds.contains(agent.agentId()))
                        .toList(),
                nodes,
                problem,
                left);
    }

    public boolean isAnyOnline(Collection<String> agentIds) {
        return agentIds.stream().anyMatch(this::isOnline);
    }

    public boolean isOnline(String agentId) {
        return agents.stream().anyMatch(agent -> agent.agentId().equals(agentId) && agent.online());
    }
}
