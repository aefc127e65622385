package io.skein.orchestrator.planning;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A change of a plan in data instead of words.
 *
 * @param steps what happens to which step
 * @param order step numbers of the version that was seen, in the order wanted; the others follow
 */
public record Edit(List<OfStep> steps, List<Integer> order) {

    public Edit {
        steps = steps == null ? List.of() : List.copyOf(steps);
        order = order == null ? List.of() : List.copyOf(order);
    }

    public boolean isEmpty() {
        return steps.isEmpty() && order.isEmpty();
    }

    /**
     * One step by id or number; neither, and a playbook: a new step.
     *
     * @param clause the words of an open question this answers, or null
     * @param playbook run this one
     * @param inventory run it there; a name of an inventory, group or host
     * @param drop leave it out
     */
    public record OfStep(
            UUID id,
            Integer number,
            String clause,
            Map<String, JsonNode> variables,
            String playbook,
            String inventory,
            Boolean drop) {

        public OfStep {
            variables = variables == null ? Map.of() : variables;
        }

        boolean namesStep() {
            return id != null || number != null;
        }

        boolean isDrop() {
            return Boolean.TRUE.equals(drop);
        }
    }
}
