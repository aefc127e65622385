package io.skein.orchestrator.planning;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.draft.PlannedVariable.Source;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.draft.Question.Code;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A proposal while it is being changed. Step numbers are those of the version the person saw, whatever was dropped or moved
 * meanwhile.
 */
final class Workbench {

    final List<PlannedStep> steps;
    final List<Question> questions;
    /** Of the questions, those about words no rule reads. */
    final List<Question> unread = new ArrayList<>();

    final Map<UUID, List<PlannedVariable>> defaults = new HashMap<>();

    Workbench(Draft draft) {
        steps = new ArrayList<>(draft.steps());
        // An answer to a change nobody understood is the next change, whatever it is.
        questions = new ArrayList<>(draft.questions().stream()
                .filter(question -> question.code() != Code.UNCLEAR_CHANGE)
                .toList());
    }

    Optional<PlannedStep> byNumber(int number) {
        return steps.stream().filter(step -> step.number() == number).findFirst();
    }

    Optional<PlannedStep> byId(UUID id) {
        return steps.stream().filter(step -> step.id().equals(id)).findFirst();
    }

    void replace(PlannedStep changed) {
        steps.replaceAll(step -> step.id().equals(changed.id()) ? changed : step);
    }

    void drop(PlannedStep step) {
        steps.removeIf(s -> s.id().equals(step.id()));
        questions.removeIf(question -> step.id().equals(question.stepId()));
    }

    /** Moves a step to the front or right before another; from then on the order said is the order run. */
    void move(PlannedStep step, PlannedStep before) {
        steps.removeIf(s -> s.id().equals(step.id()));
        int index = 0;
        if (before != null) {
            while (index < steps.size() && !steps.get(index).id().equals(before.id())) {
                index++;
            }
        }
        steps.add(index, step);
        strictOrder();
    }

    void order(List<Integer> numbers) {
        steps.sort(Comparator.comparingInt(step -> {
            int index = numbers.indexOf(step.number());
            return index < 0 ? Integer.MAX_VALUE : index;
        }));
        strictOrder();
    }

    private void strictOrder() {
        for (int i = 0; i < steps.size(); i++) {
            steps.set(i, steps.get(i).atStage(i, false));
        }
    }

    int lastStage() {
        return steps.stream().mapToInt(PlannedStep::stage).max().orElse(-1);
    }

    PlannedStep set(PlannedStep step, String variable, JsonNode value, String quote) {
        PlannedStep changed = step.withVariable(variable, v -> v.with(value, Source.MODIFIED, quote));
        replace(changed);
        answered(step.id(), variable);
        return changed;
    }

    /** A variable got a value: the questions about it are answered. */
    void answered(UUID stepId, String variable) {
        questions.removeIf(question -> stepId.equals(question.stepId())
                && question.variable() != null
                && List.of(question.variable().split("\\|")).contains(variable));
    }

    /** Inserts a step where the clause of a question stood, and takes the question away. */
    void answer(Question question, PlannedStep step) {
        questions.remove(question);
        int position = Math.min(question.position(), steps.size());
        steps.add(position, step);
        questions.replaceAll(q -> q.stepId() == null && q.position() >= position && q != question
                ? new Question(
                        q.code(),
                        null,
                        q.position() + 1,
                        q.clause(),
                        q.message(),
                        q.candidates(),
                        q.variable(),
                        q.stage())
                : q);
    }

    List<Question> aboutClauses() {
        return questions.stream()
                .filter(q -> q.code() == Code.UNKNOWN_INTENT
                        || q.code() == Code.BROKEN_PLAYBOOK
                        || q.code() == Code.AMBIGUOUS && q.stepId() == null)
                .toList();
    }

    List<Question> about(Code code) {
        return questions.stream().filter(question -> question.code() == code).toList();
    }

    void unclear(String words, String message) {
        questions.add(
                new Question(Code.UNCLEAR_CHANGE, null, steps.size(), words, message, List.of(), null, lastStage()));
    }

    /** The same where not even a rule knows what is meant: somebody else may. */
    void unread(String words, String message) {
        unclear(words, message);
        unread.add(questions.getLast());
    }
}
