package io.skein.orchestrator.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.Ids;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlanHash;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.PlanVersion;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.planning.Planned;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps a proposal as a plan that nobody has approved yet: the request it comes from, the plan, its first version and its steps. */
@ApplicationScoped
public class NewPlans {

    @Inject
    RequestRepository requests;

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    Clock clock;

    /**
     * A proposal, and whose it is.
     *
     * @param text what is asked for, without secrets
     */
    public record Proposal(
            UUID planId,
            UUID sessionId,
            String team,
            String requestedBy,
            String text,
            String priority,
            boolean highValue,
            String inventory,
            Planned planned) {

        /** One that came out of an earlier plan. */
        public static Proposal after(Plan from, String requestedBy, String text, Planned planned) {
            return new Proposal(
                    Ids.next(),
                    from.sessionId(),
                    from.team(),
                    requestedBy,
                    text,
                    from.priority(),
                    from.highValue(),
                    from.inventory(),
                    planned);
        }
    }

    /**
     * How it was asked for.
     *
     * @param text word for word
     * @param key the same for requests that are the same
     * @param idempotencyKey null: none
     * @param by who made the first version
     * @param summary of the first version
     */
    public record Origin(
            String text, String key, String idempotencyKey, String bodySha256, String by, String summary) {}

    /** What was kept and is to be told. */
    public record Kept(Plan plan, PlanVersion version) {}

    public Kept keep(Handle tx, Proposal proposal, Origin origin, String traceId) {
        Instant now = clock.instant();
        Plan plan = plan(proposal, traceId, now);
        plans.insert(tx, plan);
        requests.insert(
                tx,
                new RequestRepository.Row(
                        plan.requestId(),
                        plan.sessionId(),
                        plan.team(),
                        plan.requestedBy(),
                        origin.text(),
                        origin.key(),
                        plan.priority(),
                        plan.highValue(),
                        plan.inventory(),
                        origin.idempotencyKey(),
                        origin.bodySha256(),
                        plan.id(),
                        traceId,
                        now));
        Draft draft = proposal.planned().draft();
        PlanVersion version = new PlanVersion(
                1,
                plan.planHash(),
                draft.questions(),
                draft.hosts(),
                draft.estimatedSeconds(),
                origin.by(),
                now,
                origin.summary());
        plans.insertVersion(tx, plan.id(), version);
        steps.insert(tx, plan.id(), 1, draft.steps());
        return new Kept(plan, version);
    }

    private static Plan plan(Proposal proposal, String traceId, Instant now) {
        Draft draft = proposal.planned().draft();
        return new Plan(
                proposal.planId(),
                Ids.next(),
                proposal.sessionId(),
                proposal.team(),
                proposal.requestedBy(),
                proposal.text(),
                proposal.priority(),
                proposal.highValue(),
                proposal.inventory(),
                proposal.planned().planner(),
                proposal.planned().reason(),
                1,
                PlanHash.of(draft.steps()),
                draft.needsInput() ? PlanStatus.NEEDS_INPUT : PlanStatus.AWAITING_APPROVAL,
                null,
                now,
                now,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                traceId,
                null,
                0,
                null,
                null);
    }

    /**
     * Tells it, after everything about it is kept: whoever hears of it looks.
     *
     * @param more about where it comes from
     */
    public void tell(Handle tx, Kept kept, PlanJournal.Author author, ObjectNode more) {
        Plan plan = kept.plan();
        ObjectNode data = WireFormat.mapper().createObjectNode();
        data.put("requestId", plan.requestId().toString());
        data.put("sessionId", plan.sessionId().toString());
        data.put("text", plan.text());
        data.setAll(more);
        journal.send(tx, plan, EventTypes.REQUEST_RECEIVED, Priority.NORMAL, plan.requestId(), author, data);
        journal.created(tx, plan, kept.version(), author);
    }
}
