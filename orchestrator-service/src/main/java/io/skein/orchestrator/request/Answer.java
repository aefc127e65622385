package io.skein.orchestrator.request;

import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.Question;
import java.util.stream.Collectors;

/** What a person reads in the conversation after a request. */
final class Answer {

    private Answer() {}

    static String of(Draft draft) {
        String questions =
                draft.questions().stream().map(Question::message).distinct().collect(Collectors.joining("\n"));
        if (draft.steps().isEmpty()) {
            return questions;
        }
        String hosts = draft.hosts().isEmpty() ? "" : " on " + String.join(", ", draft.hosts());
        String plan = "A plan with " + draft.steps().size() + (draft.steps().size() == 1 ? " step" : " steps") + hosts
                + ", about " + duration(draft.estimatedSeconds()) + ": "
                + draft.steps().stream()
                        .map(step -> step.number() + ". " + step.name())
                        .collect(Collectors.joining(", "))
                + ".";
        return questions.isEmpty() ? plan : plan + "\n" + questions;
    }

    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds / 60 + " min " + seconds % 60 + " s";
    }
}
