package io.skein.orchestrator.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import java.util.List;

/** The complete record of a step or a plan that ended, as it goes to the audit service and into git. Without secrets. */
final class Evidence {

    private static final int MAX_MESSAGE = 500;

    private Evidence() {}

    static ObjectNode ofStep(Plan plan, Step step, List<Step> all, List<PlanEvent> tasks) {
        Redaction redaction = Redaction.of(all.stream().map(Step::spec).toList());
        ObjectNode record = WireFormat.mapper().createObjectNode();
        record.put("taskId", step.id().toString());
        record.put("kind", "step");
        record.put("planId", plan.id().toString());
        record.put("planVersion", plan.version());
        record.put("planHash", plan.planHash());
        record.put("requestId", plan.requestId().toString());
        record.put("request", redaction.text(plan.text()));
        record.put("requestedBy", plan.requestedBy());
        record.put("approvedBy", plan.approvedBy());
        record.put("approvedAt", text(plan.approvedAt()));
        record.put("team", plan.team());
        record.put("status", step.status().wire());
        record.put("statusReason", redaction.text(step.statusReason()));
        record.set("step", WireFormat.mapper().valueToTree(PlanView.StepView.of(step, redaction)));
        record.put("attempts", step.attempt());
        StepScores.of(step)
                .ifPresent(
                        scores -> record.set("evaluation", WireFormat.mapper().valueToTree(scores)));
        record.set("usage", WireFormat.mapper().valueToTree(step.outcome().usage()));
        ArrayNode list = record.putArray("tasks");
        tasks.stream()
                .filter(event -> event.task() != null)
                .forEach(event -> list.add(summary(event.task(), redaction)));
        record.put("traceId", plan.traceId());
        return record;
    }

    private static JsonNode summary(JsonNode task, Redaction redaction) {
        ObjectNode summary = task.deepCopy();
        summary.remove("diff");
        String message = redaction.text(task.path("message").asText(""));
        if (message.isEmpty()) {
            summary.remove("message");
        } else {
            summary.put("message", message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message);
        }
        return summary;
    }

    static ObjectNode ofPlan(Plan plan, PlanVersion version, List<Step> steps, PlanFacts facts) {
        ObjectNode record = WireFormat.mapper().createObjectNode();
        record.put("taskId", plan.id().toString());
        record.put("kind", "plan");
        record.set(
                "plan", WireFormat.mapper().valueToTree(PlanView.of(plan, version, steps, PlanView.Around.of(facts))));
        record.put("status", plan.status().wire());
        record.put("statusReason", plan.statusReason());
        record.put("traceId", plan.traceId());
        return record;
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }
}
