package io.skein.orchestrator.counsel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanVersion;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A plan as a model is told of it: of bounded size, without the values of its secrets, and in detail only where something failed.
 *
 * @param failedTasks what Ansible said of each step's failed tasks, by the step's number
 */
record PlanAccount(Plan plan, PlanVersion version, List<Step> steps, Map<Integer, List<JsonNode>> failedTasks) {

    static final int MAX_FAILED_TASKS = 8;

    private static final int MAX_STEPS = 50;
    private static final int MAX_IN_DETAIL = 3;
    private static final int MAX_LIST = 20;
    private static final int MAX_TEXT = 400;
    private static final Set<StepStatus> WRONG =
            EnumSet.of(StepStatus.FAILED, StepStatus.INTERRUPTED, StepStatus.REFUSED);

    static boolean wentWrong(Step step) {
        return WRONG.contains(step.status());
    }

    Redaction redaction() {
        return Redaction.of(steps.stream().map(Step::spec).toList());
    }

    ObjectNode told() {
        Redaction redaction = redaction();
        ObjectNode told = WireFormat.mapper().createObjectNode();
        told.put("request", text(redaction, plan.text()));
        told.put("status", plan.status().wire());
        told.put("why", text(redaction, plan.statusReason()));
        told.put("version", version.version());
        told.put("approvedBy", plan.approvedBy());
        told.put("estimatedSeconds", version.estimatedSeconds());
        ArrayNode questions = told.putArray("questions");
        version.questions().stream()
                .limit(MAX_LIST)
                .map(Question::message)
                .forEach(message -> questions.add(text(redaction, message)));
        ArrayNode list = told.putArray("steps");
        int inDetail = 0;
        for (Step step : steps.subList(0, Math.min(MAX_STEPS, steps.size()))) {
            ObjectNode node = list.addObject();
            brief(node, step, redaction);
            if (wentWrong(step) && inDetail++ < MAX_IN_DETAIL) {
                detail(node, step, redaction);
            }
        }
        return told;
    }

    private static void brief(ObjectNode node, Step step, Redaction redaction) {
        node.put("step", step.number());
        node.put("name", text(redaction, step.spec().name()));
        node.put("playbook", text(redaction, step.spec().playbook()));
        node.put("status", step.status().wire());
        node.put("why", text(redaction, step.statusReason()));
        ArrayNode after = node.putArray("after");
        step.spec().dependsOn().forEach(after::add);
        ArrayNode hosts = node.putArray("hosts");
        step.spec().hosts().stream().limit(MAX_LIST).forEach(hosts::add);
    }

    private void detail(ObjectNode node, Step step, Redaction redaction) {
        node.put("exitCode", step.exitCode());
        ArrayNode variables = node.putArray("variables");
        step.spec().variables().stream()
                .filter(variable -> !variable.secret() && variable.value() != null)
                .limit(MAX_LIST)
                .forEach(variable -> variables.add(assigned(variable, redaction)));
        ArrayNode tasks = node.putArray("failedTasks");
        failedTasks.getOrDefault(step.number(), List.of()).stream()
                .limit(MAX_FAILED_TASKS)
                .forEach(task -> {
                    ObjectNode failed = tasks.addObject();
                    for (String member : List.of("task", "action", "host", "outcome", "message")) {
                        failed.put(member, text(redaction, task.path(member).asText("")));
                    }
                });
        ArrayNode linted = node.putArray("linter");
        step.outcome().suggestions().stream().limit(MAX_LIST).forEach(suggestion -> linted.addObject()
                .put("rule", suggestion.rule())
                .put("message", text(redaction, suggestion.message())));
    }

    private static String assigned(PlannedVariable variable, Redaction redaction) {
        return text(redaction, variable.name() + " = " + WireFormat.writeString(variable.value()));
    }

    private static String text(Redaction redaction, String text) {
        return text == null ? null : PlainText.of(redaction.text(text), MAX_TEXT);
    }
}
