package io.skein.orchestrator.request;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.approval.PlanReader;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlanHash;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanJournal;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.plan.PlanVersion;
import io.skein.orchestrator.plan.PlanView;
import io.skein.orchestrator.plan.Redaction;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.orchestrator.planning.EmbeddedPlanner;
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
    StepRepository steps;

    @Inject
    PlanJournal journal;

    @Inject
    PlanReader reader;

    @Inject
    EmbeddedPlanner planner;

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
        Draft draft =
                planner.plan(new Wish(request.cleanText(), requester.team(), request.session(), request.inventory()));
        PlanView view = jdbi.inTransaction(tx -> {
            requests.queueUp(tx, requester.team(), requester.name(), request.textKey());
            // Asked again: an equal request may have come while this one was planned.
            Optional<PlanView> meanwhile = known(tx, request, requester, idempotencyKey, bodySha256);
            return meanwhile.isPresent()
                    ? meanwhile.get()
                    : keep(tx, request, requester, draft, idempotencyKey, bodySha256);
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

    private PlanView keep(Handle tx, NewRequest request, Requester requester, Draft draft, String key, String sha) {
        Instant now = clock.instant();
        UUID planId = Ids.next();
        UUID requestId = Ids.next();
        String shown = Redaction.of(draft.steps()).text(request.cleanText());
        Session session = session(tx, request, requester, shown, now);
        Plan plan = new Plan(
                planId,
                requestId,
                session.id(),
                requester.team(),
                requester.name(),
                shown,
                request.priorityOrDefault().wire(),
                Boolean.TRUE.equals(request.highValue()),
                request.inventory(),
                "embedded",
                "no LLM is configured",
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
                caller.traceId(),
                null,
                0,
                null,
                null);
        plans.insert(tx, plan);
        requests.insert(
                tx,
                new RequestRepository.Row(
                        requestId,
                        session.id(),
                        requester.team(),
                        requester.name(),
                        request.cleanText(),
                        request.textKey(),
                        plan.priority(),
                        plan.highValue(),
                        request.inventory(),
                        key,
                        sha,
                        planId,
                        caller.traceId(),
                        now));
        PlanVersion version = new PlanVersion(
                1,
                plan.planHash(),
                draft.questions(),
                draft.hosts(),
                draft.estimatedSeconds(),
                requester.name(),
                now,
                "first version");
        plans.insertVersion(tx, planId, version);
        steps.insert(tx, planId, 1, draft.steps());
        sessions.say(tx, session.id(), "user", shown, planId, now);
        sessions.say(tx, session.id(), "assistant", Answer.of(draft), planId, now);
        PlanJournal.Author author = new PlanJournal.Author(requester.actor(), caller.traceId());
        var data = WireFormat.mapper().createObjectNode();
        data.put("requestId", requestId.toString());
        data.put("sessionId", session.id().toString());
        data.put("text", shown);
        journal.send(tx, plan, EventTypes.REQUEST_RECEIVED, Priority.NORMAL, requestId, author, data);
        journal.created(tx, plan, version, author);
        return reader.view(tx, plans.find(tx, planId).orElseThrow(), null);
    }

    private Session session(Handle tx, NewRequest request, Requester requester, String title, Instant now) {
        if (request.session() == null) {
            return sessions.create(tx, requester.team(), requester.name(), title, now);
        }
        return sessions.find(tx, request.session())
                .filter(session -> session.team().equals(requester.team())
                        && session.owner().equals(requester.name()))
                .orElseThrow(() -> ProblemException.notFound("such session"));
    }
}
