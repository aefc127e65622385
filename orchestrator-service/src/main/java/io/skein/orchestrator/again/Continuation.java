package io.skein.orchestrator.again;

import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlanHash;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanFacts;
import io.skein.orchestrator.plan.PlanFactsRepository;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.PlanVersion;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.orchestrator.planning.Renewal;
import io.skein.orchestrator.preview.Preview;
import io.skein.orchestrator.preview.PreviewRepository;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Makes the version with which a plan goes on; {@link PlanStatus} draws when. What was completed stands in it as completed, everything else
 * is pending under a new id: an agent answers an id it knows with its first result.
 *
 * <p>The repository is asked before the plan's row is locked. Whoever changed the plan meanwhile wins, and this is not done.
 */
@ApplicationScoped
public class Continuation {

    @Inject
    Jdbi jdbi;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanFactsRepository facts;

    @Inject
    PreviewRepository previews;

    @Inject
    PlanJournal journal;

    @Inject
    Renewal renewal;

    @Inject
    Clock clock;

    /** Why the approval, or the version that waits for one, does not count any more; empty when it does. */
    public Optional<PlanFacts.Lapsed> lapsed(Handle handle, Plan plan) {
        if (plan.status() == PlanStatus.AWAITING_APPROVAL) {
            return previews.stale(handle, plan.id(), plan.version())
                    .map(preview -> new PlanFacts.Lapsed(
                            preview.number(), "Step " + preview.number() + ": " + reason(preview), List.of()));
        }
        boolean carriedOut = plan.status() == PlanStatus.RUNNING || plan.status() == PlanStatus.PAUSED;
        if (!carriedOut || plan.isCancelling()) {
            return Optional.empty();
        }
        List<Step> all = steps.ofPlan(handle, plan.id(), plan.version());
        return all.stream().anyMatch(step -> step.status().isUnderWay())
                ? Optional.empty()
                : all.stream()
                        .filter(Step::asksAgain)
                        .findFirst()
                        .map(step -> new PlanFacts.Lapsed(
                                step.number(),
                                "Step " + step.number() + " did not run: " + step.statusReason(),
                                step.changedFiles()));
    }

    private static String reason(Preview preview) {
        return preview.reason() == null ? "something changed since it was proposed" : preview.reason();
    }

    /** Asks for approval again, if that is still due. */
    public void askAgain(Plan seen, PlanFacts.Lapsed why) {
        Next next = next(seen);
        jdbi.useTransaction(tx -> {
            Plan plan = plans.lock(tx, seen.id()).orElseThrow();
            if (plan.version() != seen.version() || lapsed(tx, plan).isEmpty()) {
                return;
            }
            PlanStatus status = next.questions().isEmpty() ? PlanStatus.AWAITING_APPROVAL : PlanStatus.NEEDS_INPUT;
            PlanVersion version = keep(tx, plan, next, "service:orchestrator-service", "asks again");
            plans.approvalLapsed(tx, plan.id());
            facts.lapsed(tx, plan.id(), version.version(), why);
            journal.askedAgain(tx, plan, version, status, why, journal.service(plan));
            plans.attend(tx, plan.id(), clock.instant());
        });
    }

    /**
     * A person resumes what failed or was interrupted.
     *
     * @return whether the approval holds, so that it runs now
     * @throws ProblemException illegal_transition when it changed meanwhile, playbook_broken and the like when it cannot go on
     */
    public boolean resume(Plan seen, String by, PlanJournal.Author author) {
        Next next = next(seen);
        return jdbi.inTransaction(tx -> {
            Plan plan = plans.lock(tx, seen.id()).orElseThrow();
            if (plan.version() != seen.version() || plan.status() != seen.status()) {
                throw new ProblemException(
                                ErrorCode.PLAN_CHANGED, "Somebody changed the plan meanwhile. Look at it again.")
                        .with("version", plan.version());
            }
            boolean same = PlanHash.of(next.all())
                    .equals(facts.find(tx, plan.id(), plan.version()).approvedHash());
            boolean holds = same && plan.status() == PlanStatus.FAILED;
            PlanStatus status = !next.questions().isEmpty()
                    ? PlanStatus.NEEDS_INPUT
                    : holds ? PlanStatus.APPROVED : PlanStatus.AWAITING_APPROVAL;
            PlanVersion version = keep(tx, plan, next, by, "resumed by " + by + " from step " + next.first());
            plans.reopened(tx, plan.id());
            if (holds) {
                journal.modified(tx, plan, version, status, author);
            } else {
                PlanFacts.Lapsed why = new PlanFacts.Lapsed(
                        next.first(),
                        same
                                ? "Resumed by " + by + " after it was interrupted: what step " + next.first()
                                        + " had changed by then is not known"
                                : "Resumed by " + by + ", and what is still to run is not as it was approved",
                        List.of());
                plans.approvalLapsed(tx, plan.id());
                facts.lapsed(tx, plan.id(), version.version(), why);
                journal.askedAgain(tx, plan, version, status, why, author);
            }
            plans.attend(tx, plan.id(), clock.instant());
            return holds;
        });
    }

    /**
     * @param all the steps of the next version
     * @param done those of them that stand for one that ran, in the order of {@code ran}
     * @param first the number of the first step that is to run
     */
    private record Next(
            List<PlannedStep> all, List<UUID> done, List<Step> ran, List<Question> questions, int first, Draft open) {}

    private Next next(Plan plan) {
        List<Step> current = jdbi.withHandle(handle -> steps.ofPlan(handle, plan.id(), plan.version()));
        List<Step> ran = current.stream()
                .filter(step -> step.status() == StepStatus.COMPLETED)
                .toList();
        List<PlannedStep> open = current.stream()
                .filter(step -> step.status() != StepStatus.COMPLETED)
                .map(Step::spec)
                .toList();
        Draft renewed = renewal.renew(open, plan.team());
        List<PlannedStep> all = new ArrayList<>();
        List<UUID> done = new ArrayList<>();
        List<Question> questions = new ArrayList<>();
        for (Step step : current) {
            PlannedStep old = step.spec();
            UUID id = Ids.next();
            if (step.status() == StepStatus.COMPLETED) {
                done.add(id);
                all.add(old.renumbered(id, old.number(), old.dependsOn()));
                continue;
            }
            PlannedStep fresh = renewed.steps().stream()
                    .filter(candidate -> candidate.id().equals(old.id()))
                    .findFirst()
                    .orElseThrow();
            all.add(fresh.renumbered(id, old.number(), old.dependsOn()));
            renewed.questions().stream()
                    .filter(question -> old.id().equals(question.stepId()))
                    .map(question -> question.forStep(id))
                    .forEach(questions::add);
        }
        int first = open.stream().mapToInt(PlannedStep::number).min().orElse(0);
        return new Next(all, done, ran, questions, first, renewed);
    }

    private PlanVersion keep(Handle tx, Plan plan, Next next, String by, String summary) {
        PlanVersion version = new PlanVersion(
                plan.version() + 1,
                PlanHash.of(next.all()),
                next.questions(),
                new Draft(next.all(), List.of()).hosts(),
                next.open().estimatedSeconds(),
                by,
                clock.instant(),
                summary);
        plans.insertVersion(tx, plan.id(), version);
        steps.insert(tx, plan.id(), version.version(), next.all());
        for (int i = 0; i < next.done().size(); i++) {
            steps.carry(tx, next.done().get(i), next.ran().get(i));
        }
        return version;
    }
}
