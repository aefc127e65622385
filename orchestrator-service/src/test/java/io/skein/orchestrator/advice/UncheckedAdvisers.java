package io.skein.orchestrator.advice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.models.LanguageModel;
import io.skein.orchestrator.infra.InfraCatalogue;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.llm.Ask;
import io.skein.orchestrator.llm.Asker;
import io.skein.orchestrator.llm.Models;
import io.skein.orchestrator.llm.Purpose;
import io.skein.orchestrator.planning.Advice;
import io.skein.orchestrator.planning.Adviser;
import io.skein.orchestrator.planning.ChangeAdviser;
import io.skein.orchestrator.planning.Edit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Planted: believes whatever a model says, as long as there is some JSON in it. */
class UncheckedAdvisers extends Advisers {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern OBJECT = Pattern.compile("(?s)\\{.*}");

    private final Models models;
    private final InfraCatalogue catalogue;

    UncheckedAdvisers(Models models, InfraCatalogue catalogue) {
        super(models, null);
        this.models = models;
        this.catalogue = catalogue;
    }

    @Override
    public Adviser of(Asker asker, boolean highValue) {
        return consultation -> {
            Ask ask = new Ask(
                    Purpose.PLAN,
                    asker,
                    "plan-1",
                    PlanQuestion.about(consultation).messages(),
                    List.of(DraftAnswer.TOOL),
                    Optional.empty(),
                    highValue);
            int parts = consultation.parts().size();
            return models.ask(ask, reply -> believed(reply, parts)) instanceof Models.Outcome.Answered<Advice> answered
                    ? answered.value()
                    : Advice.none("nobody answered");
        };
    }

    @Override
    public ChangeAdviser ofChanges(Asker asker, boolean highValue) {
        return unread -> {
            Ask ask = new Ask(
                    Purpose.PLAN,
                    asker,
                    "change-1",
                    ChangeQuestion.about(unread).messages(),
                    List.of(ChangeCheck.TOOL),
                    Optional.empty(),
                    highValue);
            return models.ask(ask, UncheckedAdvisers::edit) instanceof Models.Outcome.Answered<Edit> answered
                    ? new ChangeAdviser.Reading(answered.value(), "planted", "believed")
                    : ChangeAdviser.Reading.nothing("nobody answered");
        };
    }

    private static Edit edit(LanguageModel.Reply reply) {
        List<Edit.OfStep> steps = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        parsed(reply.uses().getFirst().arguments()).path("changes").forEach(change -> {
            Integer number = change.has("step") ? change.path("step").asInt() : null;
            switch (change.path("kind").asText()) {
                case "first" -> order.add(number);
                case "drop" -> steps.add(new Edit.OfStep(null, number, null, null, null, null, true));
                case "set" ->
                    steps.add(new Edit.OfStep(
                            null,
                            number,
                            null,
                            Map.of(change.path("name").asText(), change.path("value")),
                            null,
                            null,
                            null));
                default ->
                    steps.add(new Edit.OfStep(
                            null, null, null, null, change.path("playbook").asText(), null, null));
            }
        });
        return new Edit(steps, order);
    }

    private Advice believed(LanguageModel.Reply reply, int parts) {
        String said =
                reply.uses().isEmpty() ? reply.text() : reply.uses().getFirst().arguments();
        Matcher object = OBJECT.matcher(said);
        Map<Integer, List<Advice.Choice>> choices = new HashMap<>();
        if (object.find()) {
            parsed(object.group()).path("steps").forEach(step -> {
                Map<String, JsonNode> values = new HashMap<>();
                step.path("variables")
                        .forEach(variable -> values.put(variable.path("name").asText(), variable.get("value")));
                choices.computeIfAbsent(Math.min(parts, step.path("part").asInt()), key -> new ArrayList<>())
                        .add(new Advice.Choice(playbook(step.path("playbook").asText()), values));
            });
        }
        return new Advice(choices, "planted", "believed");
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private Playbook playbook(String path) {
        return catalogue
                .of("default")
                .playbook(path)
                .orElseGet(() -> new Playbook(
                        null, path, path, null, "all", null, null, "low", 1L, null, List.of(), "00", null, null));
    }
}
