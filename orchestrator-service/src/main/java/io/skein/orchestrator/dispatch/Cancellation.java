package io.skein.orchestrator.dispatch;

import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanJournal.Author;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.StepRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/** Stops a plan that has begun: what runs is told to stop, nothing further starts, and the plan ends when all of it has. */
@ApplicationScoped
public class Cancellation {

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
    Clock clock;

    /**
     * @param plan started, not over, not being cancelled; its row is locked
     * @param by who wants it
     * @param why for a person
     */
    public void stop(Handle tx, Plan plan, String by, String reason, String why, Author author) {
        plans.cancelling(tx, plan.id(), by, reason);
        Plan cancelling = plans.find(tx, plan.id()).orElseThrow();
        steps.ofPlan(tx, plan.id(), plan.version()).stream()
                .filter(step -> step.status().isUnderWay())
                .forEach(step -> orders.cancel(tx, cancelling, step, why));
        if (plan.status() == PlanStatus.PAUSED) {
            journal.plan(tx, cancelling, PlanStatus.RUNNING, why, author);
        } else {
            journal.waiting(tx, cancelling, why);
        }
        plans.attend(tx, plan.id(), clock.instant());
        tx.afterCommit(loop::wake);
    }

    /** A plan that waited may go on. */
    public void lookSoon(Handle tx, Plan plan) {
        plans.attend(tx, plan.id(), clock.instant());
        tx.afterCommit(loop::wake);
    }
}
