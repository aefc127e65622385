package io.skein.orchestrator.dispatch;

import io.skein.orchestrator.draft.PlanHash;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanFactsRepository;
import io.skein.orchestrator.plan.PlanJournal;
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
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * One look at a plan that is being carried out, in one transaction that holds the lock on its row: leaves out what can no longer
 * run, starts what can, ends the plan when nothing is left. Asking twice changes nothing.
 */
@ApplicationScoped
class PlanRun {

    @Inject
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    StepOrders orders;

    @Inject
    PlanFactsRepository facts;

    @Inject
    Breakers breakers;

    @Inject
    PastRuns pastRuns;

    @Inject
    Instance<StepGate> gates;

    @Inject
    DispatchConfig config;

    @Inject
    Clock clock;

    /** Returns when to look again, or null when nobody needs to. */
    Instant advance(Handle tx, Plan locked, Fleet fleet) {
        Plan plan = locked;
        List<Step> all = new ArrayList<>(steps.ofPlan(tx, plan.id(), plan.version()));
        if (!plan.isCancelling() && all.stream().anyMatch(Step::asksAgain)) {
            // Nothing more is begun in this version; when what runs has ended, the next one is made.
            return nextLook(plan, all);
        }
        settle(tx, plan, all);
        if (all.stream().allMatch(step -> step.status().isTerminal())) {
            plan = end(tx, plan, all);
        } else if (plan.status() == PlanStatus.RUNNING && hasLock(plan)) {
            String waiting = start(tx, plan, all, fleet);
            if (!plan.isCancelling()) {
                plan = journal.waiting(tx, plan, waiting);
            }
        }
        return nextLook(plan, all);
    }

    boolean hasLock(Plan plan) {
        return plan.lockId() != null && plan.lockExpiresAt().isAfter(clock.instant());
    }

    /** Pending steps that can no longer run. Steps depend on lower numbers only, so one pass is enough. */
    private void settle(Handle tx, Plan plan, List<Step> all) {
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
        if (all.stream().noneMatch(step -> mayNeedAnAgent(step, now))) {
            return null;
        }
        Map<String, Instant> leftAlone = breakers.open(tx, plan.team());
        Fleet usable = leftAlone.isEmpty() ? fleet : fleet.without(leftAlone.keySet());
        boolean asApproved = isAsApproved(tx, plan, all);
        Set<String> busy = new HashSet<>();
        all.stream()
                .filter(step -> step.status().isUnderWay())
                .forEach(step -> busy.addAll(step.spec().hosts()));
        for (int i = 0; i < all.size(); i++) {
            Step step = all.get(i);
            boolean again = isDueAgain(step, now) && !plan.isCancelling();
            boolean first = step.status() == StepStatus.PENDING
                    && ready(step, all)
                    && step.spec().hosts().stream().noneMatch(busy::contains);
            if (!again && !first) {
                continue;
            }
            if (!asApproved) {
                String changed = "What is kept of the plan is not what was approved; it was changed in the database";
                all.set(i, journal.step(tx, plan, step, StepStatus.FAILED, changed, journal.service(plan)));
                waiting = null;
                continue;
            }
            Optional<String> gate = first ? closedGate(tx, plan, step, all) : Optional.empty();
            if (gate.isPresent()) {
                waiting = gate.get();
                continue;
            }
            Router.Choice choice = choose(plan, step, usable, now);
            if (choice.agent() == null) {
                waiting = "Step " + step.number() + " waits: "
                        + (fleet.isAnyOnline(leftAlone.keySet()) ? leftAlone(leftAlone) : choice.reason());
                continue;
            }
            all.set(i, give(tx, plan, step, choice));
            busy.addAll(step.spec().hosts());
        }
        return waiting;
    }

    private static boolean mayNeedAnAgent(Step step, Instant now) {
        return step.status() == StepStatus.PENDING || isDueAgain(step, now);
    }

    private static boolean isDueAgain(Step step, Instant now) {
        return step.status() == StepStatus.DISPATCHED
                && step.retryAt() != null
                && !step.retryAt().isAfter(now);
    }

    /** Null where it was approved before Skein kept what. */
    private boolean isAsApproved(Handle tx, Plan plan, List<Step> all) {
        String approved = facts.find(tx, plan.id(), plan.version()).approvedHash();
        return approved == null
                || approved.equals(PlanHash.of(all.stream().map(Step::spec).toList()));
    }

    private static String leftAlone(Map<String, Instant> agents) {
        return agents.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(agent ->
                        agent.getKey() + " failed " + Breakers.FAILURES + " times in a row and is left alone until "
                                + agent.getValue().truncatedTo(ChronoUnit.SECONDS))
                .collect(Collectors.joining("; "));
    }

    private Optional<String> closedGate(Handle tx, Plan plan, Step step, List<Step> all) {
        return gates.stream()
                .flatMap(gate -> gate.closed(tx, plan, step, all).stream())
                .findFirst();
    }

    private static boolean ready(Step step, List<Step> all) {
        return all.stream()
                .filter(other -> step.spec().dependsOn().contains(other.number()))
                .allMatch(other -> other.status() == StepStatus.COMPLETED);
    }

    /** Who was proposed, as long as that agent can; else the best one now. */
    private Router.Choice choose(Plan plan, Step step, Fleet fleet, Instant now) {
        String proposed = step.spec().agent();
        if (Router.canRun(proposed, step.spec(), plan.team(), fleet)) {
            return new Router.Choice(proposed, step.spec().score(), null);
        }
        List<PastRun> past = pastRuns.find(
                plan.team(),
                List.of(step.spec().playbook()),
                fleet.agents().stream().map(LiveAgent::agentId).toList());
        return Router.choose(step.spec(), plan.team(), plan.sessionId(), fleet, past, now);
    }

    private Step give(Handle tx, Plan plan, Step step, Router.Choice choice) {
        PlannedStep spec = step.spec().withAgent(choice.agent(), choice.score());
        int attempt = step.attempt() + 1;
        steps.given(tx, step.id(), spec, attempt);
        String reason = attempt == 1 ? null : "Attempt " + attempt + " after: " + step.statusReason();
        Step given = journal.step(tx, plan, step, StepStatus.DISPATCHED, reason, journal.service(plan));
        orders.run(tx, plan, given, choice.agent());
        return given;
    }

    private Instant nextLook(Plan plan, List<Step> all) {
        Instant now = clock.instant();
        if (plan.status().isTerminal()) {
            return plan.lockId() == null ? null : now;
        }
        List<Instant> times = new ArrayList<>();
        if (plan.lockId() != null) {
            times.add(renewAt(plan));
        }
        all.stream().map(Step::retryAt).filter(java.util.Objects::nonNull).forEach(times::add);
        // Without its lock it starts nothing, and tries again soon.
        boolean waits = plan.status() == PlanStatus.RUNNING
                && (plan.lockId() == null
                        || all.stream().noneMatch(step -> step.status().isUnderWay()));
        if (waits) {
            times.add(now.plus(config.retryInterval()));
        }
        return times.stream().min(Instant::compareTo).orElse(now.plus(config.lockTtl()));
    }

    Instant renewAt(Plan plan) {
        return plan.lockExpiresAt().minus(config.lockTtl().multipliedBy(2).dividedBy(3));
    }
}
