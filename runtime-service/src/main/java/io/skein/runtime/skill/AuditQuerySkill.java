package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.http.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** {@code audit.query}: reads the audit trail, as much of it as everybody in the agent's team may see. */
@ApplicationScoped
class AuditQuerySkill implements Skill {

    private static final int FEW = 20;

    private static final ObjectNode SCHEMA = WireFormat.read("""
            {"type": "object", "additionalProperties": false, "properties": {
              "from": {"type": "string", "maxLength": 40, "description": "RFC 3339 time."},
              "to": {"type": "string", "maxLength": 40},
              "type": {"type": "string", "maxLength": 200, "description": "An event's type; plan.* for all of plan."},
              "actor": {"type": "string", "maxLength": 200},
              "status": {"type": "string", "maxLength": 40},
              "planId": {"type": "string", "maxLength": 40},
              "resource": {"type": "string", "maxLength": 200},
              "q": {"type": "string", "maxLength": 200, "description": "Words to look for."},
              "size": {"type": "integer", "minimum": 1, "maximum": 50}}}""", ObjectNode.class);

    private final AuditClient audit;

    @Inject
    AuditQuerySkill(@RestClient AuditClient audit) {
        this.audit = audit;
    }

    @Override
    public String name() {
        return "audit.query";
    }

    @Override
    public String description() {
        return "Look into the audit trail: who did what, when, on what, and how it went. Newest first.";
    }

    @Override
    public ObjectNode inputSchema() {
        return SCHEMA.deepCopy();
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        ObjectNode input = call.input();
        try {
            JsonNode page = audit.entries(
                    call.team(),
                    call.actor(),
                    Trace.traceparent(call.traceId()),
                    text(input, "from"),
                    text(input, "to"),
                    text(input, "type"),
                    text(input, "actor"),
                    text(input, "status"),
                    text(input, "planId"),
                    text(input, "resource"),
                    text(input, "q"),
                    input.path("size").asInt(FEW));
            ObjectNode output = JsonNodeFactory.instance.objectNode();
            output.set("items", page.path("items"));
            output.put("count", page.path("items").size());
            return new SkillOutcome.Done(output);
        } catch (RuntimeException e) {
            return CallFailure.of(e, "The audit service");
        }
    }

    private static String text(ObjectNode input, String member) {
        return input.hasNonNull(member) ? input.path(member).asText() : null;
    }
}
