package io.skein.orchestrator.advice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.models.Message;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.llm.Prompt;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.planning.UnreadWords;
import java.util.List;

/**
 * A change nobody could read, as a model is told of it: the words without what looks pasted and without secrets, the steps with the
 * variables that are none, and the playbooks on offer.
 *
 * @param words as the model sees them: what it may point at
 */
record ChangeQuestion(String words, List<PlannedStep> steps, List<Playbook> offered, List<Message> messages) {

    static final Prompt PROMPT = Prompt.of("change-1");

    private static final int MAX_STEPS = 50;
    private static final int MAX_VARIABLES = 40;
    private static final int MAX_VALUE = 200;

    static ChangeQuestion about(UnreadWords unread) {
        Redaction redaction = Redaction.of(unread.readings());
        String words = redaction.text(Pasted.without(unread.words()));
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("words", words);
        ArrayNode steps = data.putArray("steps");
        unread.steps().stream().limit(MAX_STEPS).forEach(step -> describe(steps.addObject(), step, redaction));
        ArrayNode playbooks = data.putArray("playbooks");
        unread.offered().forEach(playbook -> PlanQuestion.describe(playbooks.addObject(), playbook));
        return new ChangeQuestion(words, unread.steps(), unread.offered(), PROMPT.about(data));
    }

    private static void describe(ObjectNode node, PlannedStep step, Redaction redaction) {
        node.put("step", step.number());
        node.put("name", PlanQuestion.shortened(step.name()));
        node.put("playbook", step.playbook());
        ArrayNode variables = node.putArray("variables");
        step.variables().stream()
                .filter(variable -> !variable.secret())
                .limit(MAX_VARIABLES)
                .forEach(variable -> {
                    ObjectNode told = variables.addObject();
                    told.put("name", variable.name());
                    told.put("type", variable.type());
                    told.put("value", value(variable, redaction));
                });
    }

    private static String value(PlannedVariable variable, Redaction redaction) {
        String value = variable.value() == null ? null : redaction.text(WireFormat.writeString(variable.value()));
        return value == null || value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE);
    }

    PlannedStep step(int number) {
        return steps.stream()
                .filter(step -> step.number() == number)
                .findFirst()
                .orElse(null);
    }
}
