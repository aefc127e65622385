package io.skein.orchestrator.planning;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.orchestrator.infra.Playbook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an adviser says the parts of a request mean. What it says nothing about stays as it was, and so does what was certain.
 *
 * @param choices by the number of the part
 * @param planner who is to be named as the planner
 * @param reason why that one, for a person
 */
public record Advice(Map<Integer, List<Choice>> choices, String planner, String reason) {

    /** The planner that is always there. */
    public static final String EMBEDDED = "embedded";

    /** Of one part: words that mean more than this mean nothing in particular. */
    public static final int MAX_MEANINGS = 3;

    public Advice {
        choices = Map.copyOf(choices);
    }

    /**
     * One of the playbooks on offer, with values that stand in the words.
     *
     * @param values for variables of the playbook
     */
    public record Choice(Playbook playbook, Map<String, JsonNode> values) {
        public Choice {
            values = Map.copyOf(values);
        }
    }

    /** No advice. */
    public static Advice none(String reason) {
        return new Advice(Map.of(), EMBEDDED, reason);
    }

    List<MatchedClause> appliedTo(List<MatchedClause> matched) {
        List<MatchedClause> advised = new ArrayList<>();
        for (int i = 0; i < matched.size(); i++) {
            MatchedClause clause = matched.get(i);
            List<MatchedClause> meanings = choices.getOrDefault(i + 1, List.of()).stream()
                    .map(choice -> clause.meaning(choice.playbook(), choice.values()))
                    .toList();
            if (meanings.isEmpty()) {
                advised.add(clause);
            } else {
                advised.addAll(meanings);
            }
        }
        return advised;
    }
}
