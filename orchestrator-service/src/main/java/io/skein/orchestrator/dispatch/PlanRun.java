package io.skein.orchestrator.dispatch;

import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.orchestrator.routing.Fleet;
import io.skein.orchestrator.routing.LiveAgent;
import io.skein.orchestrator.routing.PastRun;
import io.skein.orchestrator.routing.PastRuns;
import io.skein.orchestrator.routing.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * One look at a plan that is being carried out, in one transaction that holds the lock on its row: leaves out what can no longer
 * run, starts what can, ends the plan when nothing is left, and says when to look again. Asking twice changes nothing.
 */
@ApplicationScoped
class PlanRun {

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    StepOrders orders;

    @Inject
    PastRuns pastRuns;

    @Inject
    DispatchConfig config;

    @Inject
    Clock clock;

    void advance(Handle tx, Plan locked, Fleet fleet) {
        Plan plan = locked;
        List<Step> all = settle(tx, plan);
        if (all.stream().allMatch(step -> step.status().isTerminal())) {
            plan = end(tx, plan, all);
        } else if (plan.status() == PlanStatus.RUNNING && hasLock(plan)) {
            String waiting = start(tx, plan, all, fleet);
            if (!plan.isCancelling()) {
                journal.waiting(tx, plan, waiting);
            }
        }
        plans.attend(tx, plan.id(), nextLook(tx, plan));
    }

    private boolean hasLock(Plan plan) {
        return plan.lockId() != null && plan.lockExpiresAt().isAfter(clock.instant());
    }

    /** Pending steps that can no longer run. Steps depend on lower numbers only, so one pass is enough. */
    private List<Step> settle(Handle tx, Plan plan) {
        List<Step> all = new ArrayList<>(steps.ofPlan(tx, plan.id(), plan.version()));
        for (int i = 0; i < all.size(); i++) {
            Step step = all.get(i);
            if (step.status() != StepStatus.PENDING) {
                continue;
            }
            if (plan.isCancelling()) {
                all.set(
                        i,
                        journal.step(
                                tx, plan, step, StepStatus.CANCELLED, "The plan was cancelled", journal.service(plan)));
                continue;
            }
            Optional<Step> obstacle = all.stream()
                    .filter(other -> step.spec().dependsOn().contains(other.number()))
                    .filter(other -> other.status().isTerminal() && other.status() != StepStatus.COMPLETED)
                    .findFirst();
            if (obstacle.isPresent()) {
                String reason = "Step " + obstacle.get().number() + ", which it depends on, "
                        + ended(obstacle.get().status());
                all.set(i, journal.step(tx, plan, step, StepStatus.SKIPPED, reason, journal.service(plan)));
            }
        }
        return all;
    }

    private Plan end(Handle tx, Plan plan, List<Step> all) {
        PlanStatus end;
        if (any(all, StepStatus.INTERRUPTED)) {
            end = PlanStatus.INTERRUPTED;
        } else if (any(all, StepStatus.FAILED) || any(all, StepStatus.REFUSED)) {
            end = PlanStatus.FAILED;
        } else if (any(all, StepStatus.CANCELLED)) {
            end = PlanStatus.CANCELLED;
        } else {
            end = PlanStatus.COMPLETED;
        }
        String reason = all.stream()
                .filter(step -> step.status() != StepStatus.COMPLETED && step.status() != StepStatus.SKIPPED)
                .findFirst()
                .map(step -> "Step " + step.number() + " " + ended(step.status())
                        + (step.statusReason() == null ? "" : ": " + step.statusReason()))
                .orElse(null);
        if (end == PlanStatus.CANCELLED && plan.isCancelling()) {
            reason = "Cancelled by " + plan.cancelledBy()
                    + (plan.cancelReason() == null ? "" : ": " + plan.cancelReason());
        }
        return journal.plan(tx, plan, end, reason, journal.service(plan));
    }

    /** As a person would say it: "failed", "was interrupted". */
    private static String ended(StepStatus status) {
        return status == StepStatus.FAILED ? "failed" : "was " + status.wire();
    }

    private static boolean any(List<Step> all, StepStatus status) {
        return all.stream().anyMatch(step -> step.status() == status);
    }

    /** Starts every step that may run now. Returns why something has to wait, or null. */
    private String start(Handle tx, Plan plan, List<Step> all, Fleet fleet) {
        String waiting = null;
        Instant now = clock.instant();
        Set<String> busy = new HashSet<>();
        all.stream()
                .filter(step -> step.status().isUnderWay())
                .forEach(step -> busy.addAll(step.spec().hosts()));
        for (Step step : all) {
            boolean again = step.status() == StepStatus.DISPATCHED
                    && step.retryAt() != null
                    && !step.retryAt().isAfter(now)
                    && !plan.isCancelling();
            boolean first = step.status() == StepStatus.PENDING
                    && ready(step, all)
                    && step.spec().hosts().stream().noneMatch(busy::contains);
            if (!again && !first) {
                continue;
            }
            Router.Choice choice = choose(plan, step, fleet, now);
            if (choice.agent() == null) {
                waiting = "Step " + step.number() + " waits: " + choice.reason();
                continue;
            }
            give(tx, plan, step, choice);
            busy.addAll(step.spec().hosts());
        }
        return waiting;
    }

    private static boolean ready(Step step, List<Step> all) {
        return all.stream()
                .filter(other -> step.spec().dependsOn().contains(other.number()))
                .allMatch(other -> other.status() == StepStatus.COMPLETED);
    }

    /** Who was proposed, as long as that agent can; else the best one now. */
    private Router.Choice choose(Plan plan, Step step, Fleet fleet, Instant now) {
        Fleet proposed = new Fleet(
                fleet.agents().stream()
                        .filter(agent -> agent.agentId().equals(step.spec().agent()))
                        .toList(),
                fleet.nodes(),
                fleet.problem());
        Router.Choice same = Router.choose(step.spec(), plan.team(), plan.sessionId(), proposed, List.of(), now);
        if (same.agent() != null) {
            return new Router.Choice(same.agent(), step.spec().score(), null);
        }
        List<PastRun> past = pastRuns.find(
                plan.team(),
                List.of(step.spec().playbook()),
                fleet.agents().stream().map(LiveAgent::agentId).toList());
        return Router.choose(step.spec(), plan.team(), plan.sessionId(), fleet, past, now);
    }

    private void give(Handle tx, Plan plan, Step step, Router.Choice choice) {
        PlannedStep spec = step.spec().withAgent(choice.agent(), choice.score());
        int attempt = step.attempt() + 1;
        steps.given(tx, step.id(), spec, attempt);
        String reason = attempt == 1 ? null : "Attempt " + attempt + " after: " + step.statusReason();
        Step given = journal.step(tx, plan, step, StepStatus.DISPATCHED, reason, journal.service(plan));
        orders.run(tx, plan, given, choice.agent());
    }

    private Instant nextLook(Handle tx, Plan plan) {
        Instant now = clock.instant();
        if (plan.status().isTerminal()) {
            return plan.lockId() == null ? null : now;
        }
        List<Instant> times = new ArrayList<>();
        if (plan.lockId() != null) {
            times.add(renewAt(plan));
        }
        List<Step> all = steps.ofPlan(tx, plan.id(), plan.version());
        all.stream().map(Step::retryAt).filter(java.util.Objects::nonNull).forEach(times::add);
        boolean waits = plan.status() == PlanStatus.RUNNING
                && all.stream().noneMatch(step -> step.status().isUnderWay());
        if (waits) {
            times.add(now.plus(config.retryInterval()));
        }
        return times.stream().min(Instant::compareTo).orElse(now.plus(config.lockTtl()));
    }

    Instant renewAt(Plan plan) {
        return plan.lockExpiresAt().minus(config.lockTtl().multipliedBy(2).dividedBy(3));
    }
}
