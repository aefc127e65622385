package io.skein.orchestrator.policy;

import io.skein.orchestrator.draft.PlanHash;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanChange;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Approves without a person what a rule allows, in the transaction that proposes it. Never a plan with questions, and never one that asks
 * again because something changed.
 */
@ApplicationScoped
class AutoApproval {

    private static final Logger LOG = Logger.getLogger(AutoApproval.class);

    @Inject
    ApprovalPolicy policy;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    Clock clock;

    void changed(@Observes @Priority(100) PlanChange change) {
        Plan plan = change.plan();
        boolean proposed = change.kind() == PlanChange.Kind.PROPOSED || change.kind() == PlanChange.Kind.MODIFIED;
        if (!proposed || plan.status() != PlanStatus.AWAITING_APPROVAL) {
            return;
        }
        Handle tx = change.tx();
        List<PlannedStep> specs = steps.ofPlan(tx, plan.id(), plan.version()).stream()
                .map(Step::spec)
                .toList();
        Decision decision = policy.decide(tx, plan, specs);
        if (decision.mode() != ApprovalConfig.Mode.AUTO || !PlanHash.of(specs).equals(plan.planHash())) {
            return;
        }
        plans.approved(
                tx,
                plan.id(),
                "policy:" + decision.rule(),
                clock.instant(),
                plan.planHash(),
                decision.mode().wire(),
                decision.rule());
        Plan approved = plans.find(tx, plan.id()).orElseThrow();
        journal.plan(tx, approved, PlanStatus.APPROVED, decision.reason(), journal.service(approved));
        plans.attend(tx, plan.id(), clock.instant());
        LOG.infof("plan %s is approved by the rule \"%s\"", plan.id(), decision.rule());
    }
}
