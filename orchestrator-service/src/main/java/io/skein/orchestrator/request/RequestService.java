package io.skein.orchestrator.request;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.advice.Advisers;
import io.skein.orchestrator.approval.PlanReader;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.llm.Asker;
import io.skein.orchestrator.llm.CallRepository;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanView;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.planning.EmbeddedPlanner;
import io.skein.orchestrator.planning.Planned;
import io.skein.orchestrator.planning.Wish;
import io.skein.orchestrator.session.Session;
import io.skein.orchestrator.session.SessionRepository;
import io.skein.platform.auth.Caller;
import io.skein.platform.auth.Requester;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** From a request to a plan. */
@ApplicationScoped
class RequestService {

    @Inject
    Jdbi jdbi;

    @Inject
    RequestRepository requests;

    @Inject
    SessionRepository sessions;

    @Inject
    PlanRepository plans;

    @Inject
    NewPlans newPlans;

    @Inject
    PlanReader reader;

    @Inject
    EmbeddedPlanner planner;

    @Inject
    Advisers advisers;

    @Inject
    CallRepository modelCalls;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @Inject
    MeterRegistry metrics;

    PlanView create(NewRequest request, Requester requester, String idempotencyKey, String bodySha256) {
        request.check();
        Optional<PlanView> earlier =
                jdbi.withHandle(handle -> known(handle, request, requester, idempotencyKey, bodySha256));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Timer.Sample sample = Timer.start(metrics);
        UUID planId = Ids.next();
        Planned planned = planner.plan(
                new Wish(request.cleanText(), requester.team(), request.session(), request.inventory()),
                advisers.of(
                        new Asker(requester.team(), requester.name(), request.session(), planId, caller.traceId()),
                        Boolean.TRUE.equals(request.highValue())));
        PlanView view = jdbi.inTransaction(tx -> {
            requests.queueUp(tx, requester.team(), requester.name(), request.textKey());
            // Asked again: an equal request may have come while this one was planned.
            Optional<PlanView> meanwhile = known(tx, request, requester, idempotencyKey, bodySha256);
            return meanwhile.isPresent()
                    ? meanwhile.get()
                    : keep(tx, request, requester, planId, planned, idempotencyKey, bodySha256);
        });
        sample.stop(metrics.timer("skein.orchestrator.planning"));
        return view;
    }

    /** The plan a repeat gets; refuses a key used for something else, and an equal request that is under way. */
    private Optional<PlanView> known(Handle handle, NewRequest request, Requester requester, String key, String sha) {
        if (key != null) {
            Optional<RequestRepository.Earlier> earlier =
                    requests.byKey(handle, requester.team(), requester.name(), key);
            if (earlier.isPresent()) {
                if (!earlier.get().bodySha256().equals(sha)) {
                    throw new ProblemException(
                            ErrorCode.IDEMPOTENCY_MISMATCH,
                            "This Idempotency-Key was used for another request. Use a new key for a new request.");
                }
                Plan plan = plans.find(handle, earlier.get().planId()).orElseThrow();
                return Optional.of(reader.view(handle, plan, null));
            }
        }
        if (!Boolean.TRUE.equals(request.allowDuplicate())) {
            requests.unfinished(handle, requester.team(), requester.name(), request.textKey())
                    .ifPresent(planId -> {
                        throw new ProblemException(
                                        ErrorCode.DUPLICATE_REQUEST,
                                        "You asked for the same thing and it is not finished; its plan is " + planId
                                                + ". Send allowDuplicate to plan it once more.")
                                .with("planId", planId.toString());
                    });
        }
        return Optional.empty();
    }

    private PlanView keep(
            Handle tx, NewRequest request, Requester requester, UUID planId, Planned planned, String key, String sha) {
        Draft draft = planned.draft();
        Instant now = clock.instant();
        String shown = Redaction.of(draft.steps()).text(request.cleanText());
        Session session = session(tx, request, requester, shown, now);
        NewPlans.Kept kept = newPlans.keep(
                tx,
                new NewPlans.Proposal(
                        planId,
                        session.id(),
                        requester.team(),
                        requester.name(),
                        shown,
                        request.priorityOrDefault().wire(),
                        Boolean.TRUE.equals(request.highValue()),
                        request.inventory(),
                        planned),
                new NewPlans.Origin(
                        request.cleanText(), request.textKey(), key, sha, requester.name(), "first version"),
                caller.traceId());
        if (request.session() == null) {
            modelCalls.belongTo(tx, planId, session.id());
        }
        sessions.say(tx, session.id(), "user", shown, planId, now);
        sessions.say(tx, session.id(), "assistant", Answer.of(draft), planId, now);
        newPlans.tell(
                tx,
                kept,
                new PlanJournal.Author(requester.actor(), caller.traceId()),
                WireFormat.mapper().createObjectNode());
        return reader.view(tx, plans.find(tx, planId).orElseThrow(), null);
    }

    private Session session(Handle tx, NewRequest request, Requester requester, String title, Instant now) {
        if (request.session() == null) {
            return sessions.create(tx, requester.team(), requester.name(), title, now);
        }
        Session session = sessions.lock(tx, request.session())
                .filter(found ->
                        found.team().equals(requester.team()) && found.owner().equals(requester.name()))
                .orElseThrow(() -> ProblemException.notFound("such session"));
        if (session.isArchived()) {
            throw new ProblemException(
                    ErrorCode.ILLEGAL_TRANSITION, "The session is archived. Restore it first, or begin another one.");
        }
        return session;
    }
}
