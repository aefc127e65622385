package io.skein.orchestrator.routing;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The agents of one team that may get a step.
 *
 * @param bestFirst in the order in which agents nothing is known about are chosen
 */
record Candidates(List<Candidate> bestFirst, Map<String, Candidate> byId) {

    static final Candidates NONE = of(List.of());

    static Candidates of(List<Candidate> found) {
        List<Candidate> bestFirst = found.stream().sorted(Candidate.BEST_FIRST).toList();
        Map<String, Candidate> byId = HashMap.newHashMap(bestFirst.size());
        bestFirst.forEach(candidate -> byId.putIfAbsent(candidate.agent().agentId(), candidate));
        return new Candidates(bestFirst, byId);
    }

    /** Null when it is none of these. */
    Candidate get(String agentId) {
        return byId.get(agentId);
    }

    Candidates without(Collection<String> agentIds) {
        if (agentIds.stream().noneMatch(byId::containsKey)) {
            return this;
        }
        Map<String, Candidate> left = new HashMap<>(byId);
        agentIds.forEach(left::remove);
        return new Candidates(
                bestFirst.stream()
                        .filter(candidate -> left.containsKey(candidate.agent().agentId()))
                        .toList(),
                left);
    }
}
