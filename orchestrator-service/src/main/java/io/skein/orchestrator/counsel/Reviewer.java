package io.skein.orchestrator.counsel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.orchestrator.evaluation.Evaluations;
import io.skein.orchestrator.llm.Ask;
import io.skein.orchestrator.llm.Asker;
import io.skein.orchestrator.llm.Models;
import io.skein.orchestrator.llm.Purpose;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.review.Review;
import io.skein.orchestrator.review.ReviewRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** Asks a model what it thinks of a plan that failed, and keeps the answer as an evaluation and suggestions beside the plan. */
@ApplicationScoped
class Reviewer {

    @Inject
    Jdbi jdbi;

    @Inject
    Models models;

    @Inject
    PlanAccounts accounts;

    @Inject
    PlanRepository plans;

    @Inject
    ReviewRepository reviews;

    @Inject
    Evaluations evaluations;

    @Inject
    PlanJournal journal;

    @Inject
    Clock clock;

    /** Whoever does not answer leaves what the rules say as it is. */
    void review(Review asked) {
        PlanAccount account = jdbi.withHandle(
                handle -> accounts.of(handle, plans.find(handle, asked.planId()).orElseThrow(), asked.version()));
        Models.Outcome<ReviewAnswer> outcome = ask(account);
        jdbi.useTransaction(tx -> {
            Plan plan = plans.lock(tx, asked.planId()).orElseThrow();
            if (outcome instanceof Models.Outcome.Answered<ReviewAnswer> answered) {
                ReviewAnswer answer = answered.value();
                Review done = new Review(asked.planId(), asked.version(), answered.model(), answer.suggestions());
                if (reviews.done(tx, done, clock.instant())) {
                    evaluations.byModel(
                            tx, plan.id(), answered.model(), answer.scores(), answer.comment(), journal.service(plan));
                }
            } else {
                reviews.done(tx, asked, clock.instant());
            }
        });
    }

    private Models.Outcome<ReviewAnswer> ask(PlanAccount account) {
        Plan plan = account.plan();
        ObjectNode data = account.told();
        Set<Integer> numbers = account.steps().stream().map(Step::number).collect(Collectors.toSet());
        Redaction redaction = account.redaction();
        Ask ask = new Ask(
                Purpose.REVIEW,
                new Asker(plan.team(), plan.requestedBy(), plan.sessionId(), plan.id(), plan.traceId()),
                ReviewAnswer.PROMPT.name(),
                ReviewAnswer.PROMPT.about(data),
                List.of(ReviewAnswer.TOOL),
                Optional.empty(),
                plan.highValue());
        return models.ask(ask, reply -> ReviewAnswer.read(reply, numbers, redaction));
    }
}
