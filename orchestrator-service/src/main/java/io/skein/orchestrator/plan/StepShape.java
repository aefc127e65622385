package io.skein.orchestrator.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.skein.contracts.agent.StepDigest;
import io.skein.orchestrator.draft.PlannedStep;
import java.util.Map;
import java.util.TreeMap;

/**
 * What two steps have in common when one may be trusted because the other went well: the playbook with the same content, the same
 * inventory and hosts, the same variables handed over, each with a value of the same kind. The values may differ.
 */
public final class StepShape {

    private StepShape() {}

    public static String of(PlannedStep step) {
        Map<String, JsonNode> kinds = new TreeMap<>();
        step.given()
                .forEach((name, value) ->
                        kinds.put(name, TextNode.valueOf(value.getNodeType().name())));
        return StepDigest.of(step.playbook(), step.playbookHash(), step.inventory(), null, step.hosts(), kinds);
    }
}
