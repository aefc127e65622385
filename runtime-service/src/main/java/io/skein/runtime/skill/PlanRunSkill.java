package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.http.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/**
 * {@code plan.run}: asks the orchestrator for a plan and waits until it has run. Nothing here approves: the plan waits for a person like
 * everybody's.
 */
@ApplicationScoped
class PlanRunSkill implements Skill {

    private static final String ORCHESTRATOR = "The orchestrator";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private static final ObjectNode SCHEMA = WireFormat.read("""
            {"type": "object", "additionalProperties": false, "required": ["text"], "properties": {
              "text": {"type": "string", "minLength": 1, "maxLength": 8000,
                "description": "What to do, in plain words, with the names of the hosts."},
              "priority": {"enum": ["critical", "high", "normal", "low"]},
              "inventory": {"type": "string", "maxLength": 500},
              "allowDuplicate": {"type": "boolean",
                "description": "Also when the same request of this agent is not finished."}}}""", ObjectNode.class);

    private final PlanClient orchestrator;

    @Inject
    PlanRunSkill(@RestClient PlanClient orchestrator) {
        this.orchestrator = orchestrator;
    }

    @Override
    public String name() {
        return "plan.run";
    }

    @Override
    public String description() {
        return "Ask for something to be done on the machines. A plan of playbooks is made, a person approves or rejects it, and it is"
                + " run; you get what became of it.";
    }

    @Override
    public ObjectNode inputSchema() {
        return SCHEMA.deepCopy();
    }

    @Override
    public SkillOutcome run(SkillCall call) {
        if (!call.permissions().plans()) {
            return new SkillOutcome.Failed(
                    "forbidden", "The agent may not ask for plans: permissions.plans is not true.", false);
        }
        try {
            return outcome(ask(call));
        } catch (RuntimeException e) {
            SkillOutcome.Failed failed = CallFailure.of(e, ORCHESTRATOR);
            // There may be a plan that somebody could approve: it is asked for again, and not forgotten.
            return failed.mayPass() ? new SkillOutcome.Waiting("plan", null, null) : failed;
        }
    }

    private JsonNode ask(SkillCall call) {
        return orchestrator.request(call.team(), call.actor(), call.key(), trace(call), call.input());
    }

    @Override
    public SkillOutcome look(SkillCall call, SkillOutcome.Waiting begun) {
        if (begun.reference() == null) {
            return run(call);
        }
        try {
            return outcome(orchestrator.plan(begun.reference(), trace(call)));
        } catch (RuntimeException e) {
            // Away for a moment: the plan goes on without us.
            return CallFailure.isStatus(e, NOT_FOUND) ? CallFailure.of(e, ORCHESTRATOR) : begun;
        }
    }

    private static SkillOutcome outcome(JsonNode plan) {
        String id = plan.path("id").asText();
        UUID planId;
        try {
            planId = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            return new SkillOutcome.Failed(
                    ErrorCode.UPSTREAM_FAILED.code(), "The orchestrator's answer names no plan.", false);
        }
        String status = plan.path("status").asText();
        return switch (status) {
            // Time in which people think is not the task's.
            case "needs_input", "awaiting_approval" -> new SkillOutcome.Waiting("person", id, planId);
            case "approved", "running", "paused" -> new SkillOutcome.Waiting("plan", id, planId);
            case "completed" -> new SkillOutcome.Done(done(plan));
            default -> {
                String reason = plan.path("rejectedReason")
                        .asText(plan.path("cancelReason")
                                .asText(plan.path("statusReason").asText("")));
                yield new SkillOutcome.Failed(
                        "plan_" + (status.isEmpty() ? "unknown" : status),
                        "Plan " + id + " is " + status + (reason.isEmpty() ? "." : ": " + reason),
                        false);
            }
        };
    }

    private static ObjectNode done(JsonNode plan) {
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        output.put("planId", plan.path("id").asText());
        output.put("status", plan.path("status").asText());
        output.put("steps", plan.path("steps").size());
        output.set("approvedBy", plan.path("approvedBy"));
        output.set("auditCommit", plan.path("auditCommit"));
        return output;
    }

    @Override
    public void withdraw(SkillCall call, SkillOutcome.Waiting begun) {
        if (!call.permissions().plans()) {
            return;
        }
        // Asked for the second time it is the same plan, or one that never gets further than this.
        String id = begun.reference() == null ? ask(call).path("id").asText() : begun.reference();
        try {
            ObjectNode reason = JsonNodeFactory.instance.objectNode();
            reason.put("reason", "Task " + call.taskId() + " does not need it any more");
            orchestrator.cancel(id, call.team(), call.actor(), trace(call), reason);
        } catch (RuntimeException e) {
            boolean overAlready = CallFailure.isStatus(e, CONFLICT) || CallFailure.isStatus(e, NOT_FOUND);
            if (!overAlready) {
                throw e;
            }
        }
    }

    private static String trace(SkillCall call) {
        return Trace.traceparent(call.traceId());
    }
}
