package io.skein.orchestrator.advice;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.models.LanguageModel;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.llm.ClosedForm;
import io.skein.orchestrator.llm.UnusableAnswerException;
import io.skein.orchestrator.planning.Advice;
import io.skein.orchestrator.planning.Edit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an answer about a change may mean: a step is dropped or moved only when the words speak of it, a variable gets only a value that
 * stands in the words, a playbook is added only out of what a person would be offered. The whole answer is refused when it names
 * anything else; a value that stands nowhere in the words is left out.
 */
final class ChangeCheck {

    private static final ClosedForm FORM =
            ClosedForm.of(ChangeQuestion.PROMPT, "change_plan", "Says what the words want changed about the plan.");

    static final LanguageModel.Tool TOOL = FORM.tool();

    /** What each kind has beside it, and nothing else. */
    private static final Map<String, Set<String>> MEMBERS = Map.of(
            "drop", Set.of("step"),
            "first", Set.of("step"),
            "last", Set.of("step"),
            "before", Set.of("step", "other"),
            "set", Set.of("step", "name", "value"),
            "add", Set.of("playbook"));

    private final ChangeQuestion question;
    private final Set<Integer> dropped = new HashSet<>();
    private final Map<Integer, Map<String, JsonNode>> values = new LinkedHashMap<>();
    private final List<String> added = new ArrayList<>();
    private final List<Integer> order;
    private final Set<String> leftOut = new TreeSet<>();
    private boolean moved;

    /** @param leftOut names of variables whose values stand nowhere in the words */
    record Accepted(Edit edit, Set<String> leftOut) {

        String summary() {
            return leftOut.isEmpty() ? "" : "; not in the words and so left out: " + String.join(", ", leftOut);
        }
    }

    private ChangeCheck(ChangeQuestion question) {
        this.question = question;
        this.order = new ArrayList<>(
                question.steps().stream().map(PlannedStep::number).toList());
    }

    static Accepted read(LanguageModel.Reply reply, ChangeQuestion question) throws UnusableAnswerException {
        ChangeCheck check = new ChangeCheck(question);
        for (JsonNode change : FORM.read(reply).path("changes")) {
            check.accept(change);
        }
        return check.accepted();
    }

    private void accept(JsonNode change) throws UnusableAnswerException {
        String kind = change.path("kind").textValue();
        Set<String> members =
                change.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(HashSet::new));
        members.remove("kind");
        if (!members.equals(MEMBERS.get(kind))) {
            throw new UnusableAnswerException("it does not have the form asked for");
        }
        switch (kind) {
            case "drop" -> {
                if (!dropped.add(spoken(change.path("step")).number())) {
                    throw new UnusableAnswerException("it drops a step twice");
                }
            }
            case "first" -> move(spoken(change.path("step")).number(), 0);
            case "last" -> move(spoken(change.path("step")).number(), order.size() - 1);
            case "before" -> before(spoken(change.path("step")), spoken(change.path("other")));
            case "set" -> set(change);
            default -> add(change.path("playbook").textValue());
        }
    }

    private PlannedStep step(JsonNode number) throws UnusableAnswerException {
        PlannedStep step = question.step(number.intValue());
        if (step == null) {
            throw new UnusableAnswerException("it speaks of a step the plan does not have");
        }
        return step;
    }

    private PlannedStep spoken(JsonNode number) throws UnusableAnswerException {
        PlannedStep step = step(number);
        if (!SpokenOf.in(question.words(), step)) {
            throw new UnusableAnswerException("it changes a step the words do not speak of");
        }
        return step;
    }

    private void before(PlannedStep step, PlannedStep other) throws UnusableAnswerException {
        if (step.number() == other.number()) {
            throw new UnusableAnswerException("it moves a step before itself");
        }
        order.remove((Integer) step.number());
        order.add(order.indexOf(other.number()), step.number());
        moved = true;
    }

    private void move(Integer number, int to) {
        order.remove(number);
        order.add(to, number);
        moved = true;
    }

    private void set(JsonNode change) throws UnusableAnswerException {
        PlannedStep step = step(change.path("step"));
        PlannedVariable variable = step.variable(change.path("name").textValue())
                .filter(known -> !known.secret())
                .orElseThrow(() -> new UnusableAnswerException("it names a variable the step does not have"));
        JsonNode value = change.path("value");
        Playbook.Variable declared = new Playbook.Variable(
                variable.name(), variable.value(), variable.required(), null, variable.type(), false);
        if (!GroundedValue.fits(declared, value)) {
            throw new UnusableAnswerException("it gives a variable a value of the wrong type");
        }
        if (!GroundedValue.standsIn(question.words(), declared, value)) {
            leftOut.add(variable.name());
        } else if (values.computeIfAbsent(step.number(), key -> new HashMap<>()).put(variable.name(), value) != null) {
            throw new UnusableAnswerException("it gives a variable two values");
        }
    }

    private void add(String playbook) throws UnusableAnswerException {
        if (question.offered().stream().noneMatch(offered -> offered.path().equals(playbook))) {
            throw new UnusableAnswerException("it names a playbook that was not on offer for these words");
        }
        if (added.contains(playbook) || added.size() >= Advice.MAX_MEANINGS) {
            throw new UnusableAnswerException("it finds too much in the same words");
        }
        added.add(playbook);
    }

    private Accepted accepted() throws UnusableAnswerException {
        if (values.keySet().stream().anyMatch(dropped::contains)) {
            throw new UnusableAnswerException("it changes a step it drops");
        }
        List<Edit.OfStep> steps = new ArrayList<>();
        values.forEach((number, given) -> steps.add(new Edit.OfStep(null, number, null, given, null, null, null)));
        dropped.forEach(number -> steps.add(new Edit.OfStep(null, number, null, null, null, null, true)));
        added.forEach(playbook -> steps.add(new Edit.OfStep(null, null, null, null, playbook, null, null)));
        return new Accepted(new Edit(steps, moved ? order : List.of()), leftOut);
    }
}
