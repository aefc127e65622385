package io.skein.orchestrator.rollback;

import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.approval.PlanReader;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanFactsRepository;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanView;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.planning.Planned;
import io.skein.orchestrator.planning.UndoPlanner;
import io.skein.orchestrator.planning.UndoPlanner.Undoing;
import io.skein.orchestrator.planning.Wish;
import io.skein.orchestrator.request.NewPlans;
import io.skein.orchestrator.session.SessionRepository;
import io.skein.platform.auth.Caller;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Proposes the plan that undoes another. */
@ApplicationScoped
class RollbackService {

    @Inject
    Jdbi jdbi;

    @Inject
    PlanReader reader;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanFactsRepository facts;

    @Inject
    NewPlans newPlans;

    @Inject
    SessionRepository sessions;

    @Inject
    UndoPlanner planner;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    /** @throws ProblemException illegal_transition before the plan has ended, nothing_to_undo, duplicate_request */
    PlanView propose(String id) {
        Plan undone = reader.plan(id);
        if (!undone.status().isTerminal()) {
            throw undone.illegal("rolled back before it has ended");
        }
        List<Step> ran = jdbi.withHandle(handle -> steps.completed(handle, undone.id()));
        Undoing undoing = planner.undo(
                ran.stream().map(Step::spec).toList(),
                new Wish(undone.text(), undone.team(), undone.sessionId(), undone.inventory()));
        if (undoing.draft().steps().isEmpty()) {
            throw new ProblemException(
                            ErrorCode.NOTHING_TO_UNDO,
                            ran.isEmpty()
                                    ? "No step of the plan was completed, so there is nothing to undo."
                                    : "Nothing can be rolled back. " + String.join(" ", undoing.notes()))
                    .with("planId", undone.id().toString())
                    .with("steps", undoing.notes());
        }
        return jdbi.inTransaction(tx -> {
            Plan still = plans.lock(tx, undone.id()).orElseThrow();
            if (!still.status().isTerminal()) {
                throw still.illegal("rolled back before it has ended");
            }
            facts.openRollback(tx, undone.id()).ifPresent(other -> {
                throw new ProblemException(
                                ErrorCode.DUPLICATE_REQUEST,
                                "A plan that undoes it is there already and has not ended: " + other + ".")
                        .with("planId", other.toString());
            });
            return keep(tx, undone, undoing);
        });
    }

    private PlanView keep(Handle tx, Plan undone, Undoing undoing) {
        Draft draft = undoing.draft();
        String text = Redaction.of(draft.steps()).text("Undo: " + undone.text());
        NewPlans.Proposal proposal = NewPlans.Proposal.after(
                undone, caller.name(), text, new Planned(draft, "rollback", "undoes plan " + undone.id()));
        UUID planId = proposal.planId();
        NewPlans.Kept kept = newPlans.keep(
                tx,
                proposal,
                new NewPlans.Origin(text, "rollback " + undone.id(), null, "", caller.name(), "first version"),
                caller.traceId());
        facts.rollbackOf(tx, planId, undone.id(), undoing.notes());
        converse(tx, kept.plan(), undoing, clock.instant());
        newPlans.tell(
                tx,
                kept,
                new PlanJournal.Author(caller.actor(), caller.traceId()),
                WireFormat.mapper()
                        .createObjectNode()
                        .put("rollbackOf", undone.id().toString()));
        return reader.view(tx, plans.find(tx, planId).orElseThrow(), null);
    }

    private void converse(Handle tx, Plan plan, Undoing undoing, Instant now) {
        int count = undoing.draft().steps().size();
        String said = "A plan of " + count + (count == 1 ? " step" : " steps") + " undoes it, once it is approved."
                + (undoing.notes().isEmpty() ? "" : "\n" + String.join("\n", undoing.notes()));
        sessions.say(tx, plan.sessionId(), "user", plan.text(), plan.id(), now);
        sessions.say(
                tx,
                plan.sessionId(),
                "assistant",
                Redaction.of(undoing.draft().steps()).text(said),
                plan.id(),
                now);
    }
}
