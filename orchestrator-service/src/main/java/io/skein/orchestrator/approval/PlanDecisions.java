package io.skein.orchestrator.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.again.Continuation;
import io.skein.orchestrator.dispatch.Cancellation;
import io.skein.orchestrator.dispatch.DispatchLoop;
import io.skein.orchestrator.draft.PlanHash;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanJournal.Author;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.PlanView;
import io.skein.orchestrator.plan.PlanView.ApprovalView.Given;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.orchestrator.policy.ApprovalConfig;
import io.skein.orchestrator.policy.ApprovalPolicy;
import io.skein.orchestrator.policy.Decision;
import io.skein.orchestrator.preview.PreviewService;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
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
    Cancellation cancellation;

    @Inject
    ApprovalPolicy policy;

    @Inject
    GivenApprovalRepository approvals;

    @Inject
    PreviewService previews;

    @Inject
    Continuation continuation;

    @Inject
    DispatchLoop loop;

    @Inject
    PlanReader reader;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    private interface Act {
        void on(Handle tx, Plan plan);
    }

    private PlanView decide(String id, Act act) {
        UUID planId = PlanReader.id(id);
        Plan decided = jdbi.inTransaction(tx -> {
            Plan plan = PlanReader.visible(
                    plans.lock(tx, planId).orElseThrow(() -> ProblemException.notFound("such plan")), caller);
            act.on(tx, plan);
            return plans.find(tx, planId).orElseThrow();
        });
        // Whoever carries out what was decided need not wait for this.
        return jdbi.withHandle(handle -> reader.view(handle, decided, null));
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
            List<PlannedStep> specs = steps.ofPlan(tx, plan.id(), plan.version()).stream()
                    .map(Step::spec)
                    .toList();
            if (!PlanHash.of(specs).equals(plan.planHash())) {
                throw new ProblemException(
                                ErrorCode.PLAN_CHANGED,
                                "What is kept of this version is not what its hash says: an earlier Skein proposed it,"
                                        + " or somebody changed the database. Make a new version with modify, or ask"
                                        + " again.")
                        .with("version", plan.version());
            }
            Decision decision = policy.decide(tx, plan, specs);
            String by = caller.name();
            if (decision.mode() == ApprovalConfig.Mode.TWO_PERSON) {
                List<Given> given = approvals.given(tx, plan);
                requireAnother(plan, given, decision);
                approvals.give(tx, plan, by, clock.instant());
                if (given.isEmpty()) {
                    halfApproved(tx, plan, decision);
                    return;
                }
                by = given.getFirst().by() + ", " + by;
            }
            plans.approved(
                    tx,
                    plan.id(),
                    by,
                    clock.instant(),
                    plan.planHash(),
                    // Nobody approves by hand what a rule would allow: then a person did, and that is what counts.
                    decision.mode() == ApprovalConfig.Mode.TWO_PERSON
                            ? decision.mode().wire()
                            : ApprovalConfig.Mode.ALWAYS.wire(),
                    decision.mode() == ApprovalConfig.Mode.AUTO ? null : decision.rule());
            Plan approved = plans.find(tx, plan.id()).orElseThrow();
            journal.plan(tx, approved, PlanStatus.APPROVED, null, author());
            lookNow(tx, plan);
        });
    }

    private void requireAnother(Plan plan, List<Given> given, Decision decision) {
        String problem = given.stream().anyMatch(one -> one.by().equals(caller.name()))
                ? "You approved it already."
                : !given.isEmpty() && caller.name().equals(plan.requestedBy())
                        ? "You asked for it, so you cannot be the second person."
                        : null;
        if (problem != null) {
            throw new ProblemException(ErrorCode.SECOND_PERSON_NEEDED, problem + " " + decision.reason())
                    .with("planId", plan.id().toString())
                    .with("rule", decision.rule());
        }
    }

    private void halfApproved(Handle tx, Plan plan, Decision decision) {
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("approver", caller.name());
        data.put("rule", decision.rule());
        journal.halfApproved(
                tx,
                plan,
                "Approved by " + caller.name() + "; a second person has to approve, too (rule \"" + decision.rule()
                        + "\")",
                data,
                author());
    }

    PlanView reject(String id, String reason) {
        return decide(id, (tx, plan) -> {
            plan.require(PlanStatus.REJECTED, "rejected");
            plans.rejected(tx, plan.id(), reason);
            journal.plan(tx, plans.find(tx, plan.id()).orElseThrow(), PlanStatus.REJECTED, reason, author());
        });
    }

    /** Asks anew what the steps would change. */
    PlanPreview preview(String id) {
        UUID planId = PlanReader.id(id);
        return jdbi.inTransaction(tx -> {
            Plan plan = PlanReader.visible(
                    plans.lock(tx, planId).orElseThrow(() -> ProblemException.notFound("such plan")), caller);
            if (plan.status() != PlanStatus.AWAITING_APPROVAL) {
                throw plan.illegal("previewed");
            }
            previews.ask(tx, plan, caller.name());
            return reader.preview(tx, plan, null);
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

    /** Goes on after a pause; or, in a new version, after it failed or was interrupted. */
    PlanView resume(String id) {
        Plan seen = reader.plan(id);
        if (seen.status() == PlanStatus.FAILED || seen.status() == PlanStatus.INTERRUPTED) {
            continuation.resume(seen, caller.name(), author());
            loop.wake();
            return reader.view(id, null);
        }
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
            if (plan.startedAt() == null || plan.status().isUndecided()) {
                plans.cancelling(tx, plan.id(), requester.name(), reason);
                cancelUnstarted(tx, plans.find(tx, plan.id()).orElseThrow(), reason, requester);
                lookNow(tx, plan);
            } else {
                String why = "Cancelled by " + requester.name() + (reason == null ? "" : ": " + reason);
                cancellation.stop(tx, plan, requester.name(), reason, why, author(requester));
            }
        });
    }

    private void cancelUnstarted(Handle tx, Plan plan, String reason, Requester requester) {
        // Steps of a plan that was never approved were never going to run: they need no evidence of their own.
        if (plan.approvedAt() != null) {
            for (Step step : steps.ofPlan(tx, plan.id(), plan.version())) {
                if (step.status() == StepStatus.PENDING) {
                    journal.step(tx, plan, step, StepStatus.CANCELLED, "The plan was cancelled", author(requester));
                }
            }
        }
        String why = "Cancelled by " + requester.name() + (reason == null ? "" : ": " + reason);
        journal.plan(tx, plan, PlanStatus.CANCELLED, why, author(requester));
    }
}
