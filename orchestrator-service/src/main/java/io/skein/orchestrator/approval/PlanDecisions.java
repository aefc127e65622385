package io.skein.orchestrator.approval;

import io.skein.contracts.error.ErrorCode;
import io.skein.orchestrator.dispatch.DispatchLoop;
import io.skein.orchestrator.dispatch.StepOrders;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanJournal.Author;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.PlanView;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Approve, reject, cancel, pause, resume. */
@ApplicationScoped
class PlanDecisions {

    @Inject
    Jdbi jdbi;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    StepOrders orders;

    @Inject
    DispatchLoop loop;

    @Inject
    PlanReader reader;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    private interface Decision {
        void on(Handle tx, Plan plan);
    }

    private PlanView decide(String id, Decision decision) {
        UUID planId = PlanReader.id(id);
        return jdbi.inTransaction(tx -> {
            Plan plan = PlanReader.visible(
                    plans.lock(tx, planId).orElseThrow(() -> ProblemException.notFound("such plan")), caller);
            decision.on(tx, plan);
            return reader.view(tx, plans.find(tx, planId).orElseThrow(), null);
        });
    }

    private Author author(Requester requester) {
        return new Author(requester.actor(), caller.traceId());
    }

    private Author author() {
        return new Author(caller.actor(), caller.traceId());
    }

    private void lookNow(Handle tx, Plan plan) {
        plans.attend(tx, plan.id(), clock.instant());
        tx.afterCommit(loop::wake);
    }

    /** @param planHash what the person saw, or null */
    PlanView approve(String id, String planHash) {
        return decide(id, (tx, plan) -> {
            if (plan.status() == PlanStatus.NEEDS_INPUT) {
                throw new ProblemException(
                                ErrorCode.PLAN_NEEDS_INPUT,
                                "The plan has open questions. Answer them with modify, then approve the new version.")
                        .with("planId", plan.id().toString())
                        .with("status", plan.status().wire());
            }
            plan.require(PlanStatus.APPROVED, "approved");
            if (planHash != null && !planHash.equalsIgnoreCase(plan.planHash())) {
                throw new ProblemException(
                                ErrorCode.PLAN_CHANGED,
                                "The plan is at version " + plan.version()
                                        + " now and is not the one with this hash. Look at it again before approving.")
                        .with("planHash", plan.planHash())
                        .with("version", plan.version());
            }
            plans.approved(tx, plan.id(), caller.name(), clock.instant());
            Plan approved = plans.find(tx, plan.id()).orElseThrow();
            journal.plan(tx, approved, PlanStatus.APPROVED, null, author());
            lookNow(tx, plan);
        });
    }

    PlanView reject(String id, String reason) {
        return decide(id, (tx, plan) -> {
            plan.require(PlanStatus.REJECTED, "rejected");
            plans.rejected(tx, plan.id(), reason);
            journal.plan(tx, plans.find(tx, plan.id()).orElseThrow(), PlanStatus.REJECTED, reason, author());
        });
    }

    PlanView pause(String id) {
        return decide(id, (tx, plan) -> {
            if (plan.isCancelling()) {
                throw plan.illegal("paused while it is being cancelled");
            }
            plan.require(PlanStatus.PAUSED, "paused");
            journal.plan(tx, plan, PlanStatus.PAUSED, "Paused by " + caller.name(), author());
            lookNow(tx, plan);
        });
    }

    PlanView resume(String id) {
        return decide(id, (tx, plan) -> {
            if (plan.status() != PlanStatus.PAUSED) {
                throw plan.illegal("resumed");
            }
            PlanStatus next = plan.startedAt() == null ? PlanStatus.APPROVED : PlanStatus.RUNNING;
            journal.plan(tx, plan, next, null, author());
            lookNow(tx, plan);
        });
    }

    /** Before the start it is over at once; afterwards what runs is told to stop, and the plan ends when it has. */
    PlanView cancel(String id, String reason, Requester requester) {
        return decide(id, (tx, plan) -> {
            if (caller.isService()
                    && !(requester.team().equals(plan.team())
                            && requester.name().equals(plan.requestedBy()))) {
                throw ProblemException.notFound("such plan");
            }
            plan.require(PlanStatus.CANCELLED, "cancelled");
            if (plan.isCancelling()) {
                throw new ProblemException(ErrorCode.ILLEGAL_TRANSITION, "The plan is being cancelled already.")
                        .with("status", plan.status().wire())
                        .with("planId", plan.id().toString());
            }
            plans.cancelling(tx, plan.id(), requester.name(), reason);
            Plan cancelling = plans.find(tx, plan.id()).orElseThrow();
            if (plan.startedAt() == null) {
                cancelUnstarted(tx, cancelling, reason, requester);
            } else {
                String why = "Cancelled by " + requester.name() + (reason == null ? "" : ": " + reason);
                steps.ofPlan(tx, plan.id(), plan.version()).stream()
                        .filter(step -> step.status().isUnderWay())
                        .forEach(step -> orders.cancel(tx, cancelling, step, why));
                if (plan.status() == PlanStatus.PAUSED) {
                    journal.plan(tx, cancelling, PlanStatus.RUNNING, why, author(requester));
                } else {
                    journal.waiting(tx, cancelling, why);
                }
            }
            lookNow(tx, plan);
        });
    }

    private void cancelUnstarted(Handle tx, Plan plan, String reason, Requester requester) {
        // Steps of a plan that was never approved were never going to run: they need no evidence of their own.
        if (plan.approvedAt() != null) {
            for (Step step : steps.ofPlan(tx, plan.id(), plan.version())) {
                journal.step(tx, plan, step, StepStatus.CANCELLED, "The plan was cancelled", author(requester));
            }
        }
        String why = "Cancelled by " + requester.name() + (reason == null ? "" : ": " + reason);
        journal.plan(tx, plan, PlanStatus.CANCELLED, why, author(requester));
    }
}
