package io.skein.orchestrator.advice;

import io.skein.orchestrator.llm.Ask;
import io.skein.orchestrator.llm.Asker;
import io.skein.orchestrator.llm.Models;
import io.skein.orchestrator.llm.Purpose;
import io.skein.orchestrator.planning.Advice;
import io.skein.orchestrator.planning.Adviser;
import io.skein.orchestrator.planning.ChangeAdviser;
import io.skein.orchestrator.planning.Consultation;
import io.skein.orchestrator.planning.UnreadWords;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Advice of a language model, when one is configured, answers, and says something that can be. */
@ApplicationScoped
public class Advisers {

    private final Models models;
    private final AdviceConfig config;

    @Inject
    Advisers(Models models, AdviceConfig config) {
        this.models = models;
        this.config = config;
    }

    /** Who advises on one request. */
    public Adviser of(Asker asker, boolean highValue) {
        return consultation -> advise(consultation, asker, highValue);
    }

    /** Who reads what one person wants changed where no rule does. */
    public ChangeAdviser ofChanges(Asker asker, boolean highValue) {
        return unread -> read(unread, asker, highValue);
    }

    private ChangeAdviser.Reading read(UnreadWords unread, Asker asker, boolean highValue) {
        if (!models.anyFor(Purpose.PLAN)) {
            return ChangeAdviser.Reading.nothing("no LLM is configured");
        }
        ChangeQuestion question = ChangeQuestion.about(unread);
        if (question.words().isBlank()) {
            return ChangeAdviser.Reading.nothing("it looks pasted, and nobody is asked what that means");
        }
        Ask ask = new Ask(
                Purpose.PLAN,
                asker,
                ChangeQuestion.PROMPT.name(),
                question.messages(),
                List.of(ChangeCheck.TOOL),
                complex(1, question.words().length()),
                highValue);
        return switch (models.ask(ask, reply -> ChangeCheck.read(reply, question))) {
            case Models.Outcome.Answered<ChangeCheck.Accepted> answered ->
                new ChangeAdviser.Reading(
                        answered.value().edit(),
                        answered.model(),
                        answered.reason() + answered.value().summary());
            case Models.Outcome.Unanswered<ChangeCheck.Accepted> unanswered ->
                ChangeAdviser.Reading.nothing(unanswered.reason());
        };
    }

    private Advice advise(Consultation consultation, Asker asker, boolean highValue) {
        if (!models.anyFor(Purpose.PLAN)) {
            return Advice.none("no LLM is configured");
        }
        PlanQuestion question = PlanQuestion.about(consultation);
        if (question.parts().values().stream().allMatch(part -> part.offered().isEmpty())) {
            return Advice.none(
                    "nothing in the request comes near a playbook, so there is nothing an LLM could choose from");
        }
        Ask ask = new Ask(
                Purpose.PLAN,
                asker,
                PlanQuestion.PROMPT.name(),
                question.messages(),
                List.of(DraftAnswer.TOOL),
                complex(consultation.parts().size(), consultation.text().length()),
                highValue);
        Models.Outcome<DraftCheck.Accepted> outcome =
                models.ask(ask, reply -> DraftCheck.accept(DraftAnswer.read(reply), question));
        return switch (outcome) {
            case Models.Outcome.Answered<DraftCheck.Accepted> answered ->
                new Advice(
                        answered.value().choices(),
                        answered.model(),
                        answered.reason() + "; " + answered.value().summary());
            case Models.Outcome.Unanswered<DraftCheck.Accepted> unanswered -> Advice.none(unanswered.reason());
        };
    }

    private Optional<String> complex(int things, int characters) {
        if (things >= config.complexThings()) {
            return Optional.of(things + " things to do");
        }
        return characters >= config.complexCharacters()
                ? Optional.of(characters + " characters long")
                : Optional.empty();
    }
}
