package io.skein.orchestrator.advice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.models.Message;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.llm.Prompt;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.planning.Consultation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request as a model is told of it: its parts, and for each the playbooks on offer with their variables. No inventory, no value of a
 * secret, nothing of other requests, nothing that looks pasted; the words of strangers among it (a playbook's description, what somebody pasted) are quoted
 * between two markers nobody can know beforehand.
 */
record PlanQuestion(Map<Integer, Asked> parts, List<Message> messages) {

    static final Prompt PROMPT = Prompt.of("plan-1");

    private static final int MAX_DESCRIPTION = 300;
    private static final int MAX_VARIABLES = 40;

    /** @param words as the model sees them, without secrets: what it may point at */
    record Asked(String words, boolean certain, List<Playbook> offered) {}

    static PlanQuestion about(Consultation consultation) {
        Redaction redaction = Redaction.of(consultation.readings());
        Map<Integer, Asked> parts = new LinkedHashMap<>();
        ObjectNode data = WireFormat.mapper().createObjectNode();
        ArrayNode told = data.putArray("parts");
        Pasted pasted = Pasted.in(consultation.text());
        for (Consultation.Part part : consultation.parts()) {
            if (pasted.covers(part.words()) && !part.certain()) {
                parts.put(part.number(), new Asked("", false, List.of()));
                continue;
            }
            String words = redaction.text(part.words());
            parts.put(part.number(), new Asked(words, part.certain(), part.offered()));
            ObjectNode node = told.addObject();
            node.put("part", part.number());
            node.put("words", words);
            node.put("certain", part.certain());
            ArrayNode playbooks = node.putArray("playbooks");
            part.offered().forEach(playbook -> describe(playbooks.addObject(), playbook));
        }
        return new PlanQuestion(parts, PROMPT.about(data));
    }

    static void describe(ObjectNode node, Playbook playbook) {
        node.put("playbook", playbook.path());
        node.put("name", shortened(playbook.title()));
        node.put("description", shortened(playbook.description()));
        ArrayNode variables = node.putArray("variables");
        playbook.variables().stream()
                .filter(variable -> !variable.secret())
                .limit(MAX_VARIABLES)
                .forEach(variable -> {
                    ObjectNode told = variables.addObject();
                    told.put("name", variable.name());
                    told.put("type", variable.type());
                    told.put("required", variable.required());
                    told.put("description", shortened(variable.description()));
                });
    }

    static String shortened(String text) {
        return text == null || text.length() <= MAX_DESCRIPTION ? text : text.substring(0, MAX_DESCRIPTION);
    }

    /** Where a secret stood, nothing can be pointed at. */
    static boolean isHidden(String text) {
        return text.contains(PlannedVariable.REDACTED);
    }
}
