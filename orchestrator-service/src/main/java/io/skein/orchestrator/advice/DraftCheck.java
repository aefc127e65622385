package io.skein.orchestrator.advice;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.llm.UnusableAnswerException;
import io.skein.orchestrator.planning.Advice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an answer may mean. The whole answer is refused when it names a part, a playbook or a variable that was not on offer, gives a
 * variable two values or one of the wrong type, or contradicts what is certain. A value that does not stand in the words of its part
 * is left out: nobody asked for it, whoever put it there.
 *
 * <p>So an answer can choose only what the person would be asked to choose anyway, and assign only what the person wrote. It cannot
 * name an agent, a host or a dependency, and there is no member for approving anything.
 */
final class DraftCheck {

    private DraftCheck() {}

    /**
     * @param decided parts whose words alone were not certain
     * @param leftOut names of variables whose values stand nowhere in the words
     */
    record Accepted(Map<Integer, List<Advice.Choice>> choices, int decided, int open, Set<String> leftOut) {

        String summary() {
            String done = open == 0
                    ? "every part was certain"
                    : "it decided " + decided + " of " + open + " parts that were not certain";
            return leftOut.isEmpty()
                    ? done
                    : done + "; not in the words and so left out: " + String.join(", ", leftOut);
        }
    }

    static Accepted accept(DraftAnswer answer, PlanQuestion question) throws UnusableAnswerException {
        Map<Integer, List<Advice.Choice>> choices = new LinkedHashMap<>();
        Set<String> leftOut = new LinkedHashSet<>();
        for (DraftAnswer.Step step : answer.steps()) {
            PlanQuestion.Asked part = question.parts().get(step.part());
            if (part == null) {
                throw new UnusableAnswerException("it speaks of a part the request does not have");
            }
            Playbook playbook = part.offered().stream()
                    .filter(offered -> offered.path().equals(step.playbook()))
                    .findFirst()
                    .orElseThrow(() -> new UnusableAnswerException(
                            part.certain()
                                    ? "it contradicts what is certain"
                                    : "it names a playbook that was not on offer for these words"));
            List<Advice.Choice> chosen = choices.computeIfAbsent(step.part(), key -> new ArrayList<>());
            if (chosen.stream().anyMatch(choice -> choice.playbook().path().equals(playbook.path()))) {
                throw new UnusableAnswerException("it names a playbook twice for the same words");
            }
            if (chosen.size() >= Advice.MAX_MEANINGS) {
                throw new UnusableAnswerException("it finds too much in the same words");
            }
            chosen.add(new Advice.Choice(playbook, values(step, playbook, part.words(), leftOut)));
        }
        int open = (int) question.parts().values().stream()
                .filter(part -> !part.certain())
                .count();
        int decided = (int) choices.keySet().stream()
                .filter(number -> !question.parts().get(number).certain())
                .count();
        return new Accepted(choices, decided, open, leftOut);
    }

    private static Map<String, JsonNode> values(
            DraftAnswer.Step step, Playbook playbook, String words, Set<String> leftOut)
            throws UnusableAnswerException {
        Map<String, JsonNode> values = new HashMap<>();
        Set<String> named = new HashSet<>();
        for (DraftAnswer.Assigned assigned : step.variables()) {
            Playbook.Variable variable = playbook.variables().stream()
                    .filter(known -> known.name().equals(assigned.name()) && !known.secret())
                    .findFirst()
                    .orElseThrow(() -> new UnusableAnswerException("it names a variable the playbook does not have"));
            if (!named.add(variable.name())) {
                throw new UnusableAnswerException("it gives a variable two values");
            }
            if (!GroundedValue.fits(variable, assigned.value())) {
                throw new UnusableAnswerException("it gives a variable a value of the wrong type");
            }
            if (GroundedValue.standsIn(words, variable, assigned.value())) {
                values.put(variable.name(), assigned.value());
            } else if (!assigned.value().equals(variable.defaultValue())) {
                leftOut.add(variable.name());
            }
        }
        return values;
    }
}
