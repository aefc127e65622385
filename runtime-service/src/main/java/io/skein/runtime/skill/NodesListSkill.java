package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.http.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** {@code nodes.list}: the team's machines. */
@ApplicationScoped
class NodesListSkill implements Skill {

    private static final int PAGE = 200;
    private static final int MOST = 400;

    private static final ObjectNode SCHEMA = WireFormat.read("""
            {"type": "object", "additionalProperties": false, "properties": {
              "status": {"enum": ["online", "offline"]},
              "name": {"type": "string", "maxLength": 253, "description": "Only this machine."}}}""", ObjectNode.class);

    private final NodeClient nodes;

    @Inject
    NodesListSkill(@RestClient NodeClient nodes) {
        this.nodes = nodes;
    }

    @Override
    public String name() {
        return "nodes.list";
    }

    @Override
    public String description() {
        return "List the team's machines with their state and what they have free.";
    }

    @Override
    public ObjectNode inputSchema() {
        return SCHEMA.deepCopy();
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        String status = call.input().path("status").asText(null);
        String name = call.input().path("name").asText(null);
        ArrayNode found = JsonNodeFactory.instance.arrayNode();
        try {
            String after = null;
            int seen = 0;
            do {
                JsonNode page = nodes.list(Trace.traceparent(call.traceId()), call.team(), PAGE, after);
                for (JsonNode node : page.path("items")) {
                    seen++;
                    if ((status == null || status.equals(node.path("status").asText()))
                            && (name == null || name.equals(node.path("name").asText()))) {
                        found.add(node);
                    }
                }
                after = page.path("next").asText(null);
            } while (after != null && seen < MOST);
        } catch (RuntimeException e) {
            return CallFailure.of(e, "The registry");
        }
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        output.set("items", found);
        output.put("count", found.size());
        return new SkillOutcome.Done(output);
    }
}
