package io.skein.infra.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.AgentPayload;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import io.skein.infra.agent.Agent;
import io.skein.infra.agent.AgentConfig;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The transitions of {@link RunState}; each is one transaction. */
@ApplicationScoped
class RunService {

    private static final Logger LOG = Logger.getLogger(RunService.class);
    private static final long MAX_TIMEOUT_SECONDS = 86_400;

    @Inject
    Jdbi jdbi;

    @Inject
    RunRepository runs;

    @Inject
    FencingTokens fencingTokens;

    @Inject
    Answers answers;

    @Inject
    Admission admission;

    @Inject
    Outbox outbox;

    @Inject
    Agent agent;

    @Inject
    AgentConfig config;

    /** A request arrives. The transaction is the inbox's. */
    void accept(Handle tx, AgentMessage message, String toAgent) {
        if (!(message.payload() instanceof WorkRequest request)) {
            throw new MalformedMessageException("a " + message.payload().type() + " is no order for an agent", null);
        }
        Instant now = answers.now();
        if (!runs.insert(tx, message, request, toAgent, now)) {
            repeat(tx, message);
            return;
        }
        Run run = new Run(
                message.requestId(),
                RunState.ACCEPTED,
                message.fromAgent(),
                message.traceId(),
                request,
                null,
                null,
                null,
                0);
        Optional<AgentError> error = refusal(request);
        Optional<String> cancelled = runs.cancellation(tx, message.requestId());
        if (error.isPresent()) {
            LOG.warnf("work %s refused: %s", message.requestId(), error.get().message());
            end(tx, run, null, RunState.REFUSED, error.get());
        } else if (cancelled.isPresent()) {
            end(tx, run, null, RunState.CANCELLED, cancelledResult(run, cancelled.get()));
        } else {
            runs.firstSequence(tx, run.requestId());
            answers.status(tx, run, 1, WorkStatus.Phase.ACCEPTED, null);
            LOG.infof("work %s accepted: %s for %s", run.requestId(), request.playbook(), request.requestedBy());
        }
    }

    private void repeat(Handle tx, AgentMessage message) {
        runs.answer(tx, message.requestId()).ifPresent(first -> {
            LOG.infof("work %s was asked for again; sending the first answer again", message.requestId());
            answers.send(
                    tx,
                    message.fromAgent(),
                    message.traceId(),
                    message.requestId(),
                    payload(first.type(), first.payload()));
        });
    }

    private static AgentPayload payload(String type, JsonNode json) {
        return type.equals("error")
                ? WireFormat.read(WireFormat.write(json), AgentError.class)
                : WireFormat.read(WireFormat.write(json), WorkResult.class);
    }

    private static Optional<AgentError> refusal(WorkRequest request) {
        if (request.workType() == null || !Agent.CAPABILITIES.contains(request.workType())) {
            return Optional.of(new AgentError(
                    request.stepId(),
                    AgentError.Code.UNSUPPORTED_WORK_TYPE,
                    "This agent takes " + Agent.CAPABILITIES + ", not " + request.workType() + "."));
        }
        String problem = request.playbook() == null || request.playbook().isBlank()
                ? "playbook is missing"
                : request.inventory() == null || request.inventory().isBlank()
                        ? "inventory is missing"
                        : request.timeoutSeconds() < 1 || request.timeoutSeconds() > MAX_TIMEOUT_SECONDS
                                ? "timeout_seconds must be 1.." + MAX_TIMEOUT_SECONDS
                                : null;
        return problem == null
                ? Optional.empty()
                : Optional.of(new AgentError(request.stepId(), AgentError.Code.INVALID_MESSAGE, problem));
    }

    /**
     * Takes the next accepted work, unless it must be refused; then tries the one after it.
     *
     * @param previews only previews, or everything but previews
     */
    Optional<Run> claim(boolean previews) {
        while (true) {
            Optional<Claim> claim = jdbi.inTransaction(tx -> claimOne(tx, previews));
            if (claim.isEmpty() || claim.get().runs()) {
                return claim.map(Claim::run);
            }
        }
    }

    private record Claim(Run run, boolean runs) {}

    private Optional<Claim> claimOne(Handle tx, boolean previews) {
        Optional<Run> next = runs.next(tx, previews);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        Run run = next.get();
        Instant now = answers.now();
        Optional<String> cancelled = runs.cancellation(tx, run.requestId());
        if (cancelled.isPresent()) {
            end(tx, run, null, RunState.CANCELLED, cancelledResult(run, cancelled.get()));
            return Optional.of(new Claim(run, false));
        }
        Optional<Admission.Refusal> refusal = admission.refusal(run.request());
        Optional<FencingTokens.Stale> stale = refusal.isPresent() ? Optional.empty() : fencingTokens.note(tx, run, now);
        if (stale.isPresent()) {
            refusal = Admission.Refusal.of("the lock token " + stale.get().token() + " for "
                    + stale.get().resource() + " is older than one already seen, "
                    + stale.get().newest()
                    + ": the lock was lost and somebody else has it");
            fencingRefused(tx, run, stale.get());
        }
        if (refusal.isPresent()) {
            Admission.Refusal why = refusal.get();
            LOG.infof("work %s (%s) refused: %s", run.requestId(), run.request().playbook(), why.reason());
            WorkResult refused = answers.without(run, WorkResult.Outcome.REFUSED, why.reason());
            String code = stale.isPresent() ? WorkResult.STALE_FENCING_TOKEN : why.code();
            end(
                    tx,
                    run,
                    null,
                    RunState.REFUSED,
                    WorkResult.APPROVAL_CHANGED.equals(code)
                            ? refused.withChanged(why.files())
                            : refused.withCode(code));
            return Optional.of(new Claim(run, false));
        }
        if (runs.mustWait(tx, run.requestId())) {
            // Another agent started the older work in this moment; the rows of the tokens, which are locked here, let
            // one of us see the other.
            return Optional.empty();
        }
        runs.running(tx, run.requestId(), now, now.plus(config.lease()));
        return Optional.of(new Claim(
                new Run(
                        run.requestId(),
                        RunState.RUNNING,
                        run.fromAgent(),
                        run.traceId(),
                        run.request(),
                        now,
                        null,
                        null,
                        run.lastSequence()),
                true));
    }

    /** Someone wants it stopped. True when the work had not begun and is cancelled now. */
    boolean cancel(UUID requestId, String reason) {
        return jdbi.inTransaction(tx -> {
            runs.cancel(tx, requestId, reason, answers.now());
            Optional<Run> waiting = runs.accepted(tx, requestId);
            waiting.ifPresent(run -> end(tx, run, null, RunState.CANCELLED, cancelledResult(run, reason)));
            return waiting.isPresent();
        });
    }

    private WorkResult cancelledResult(Run run, String reason) {
        return answers.without(run, WorkResult.Outcome.CANCELLED, "cancelled before it ran" + because(reason));
    }

    static String because(String reason) {
        return reason == null || reason.isBlank() ? "" : ": " + reason;
    }

    void started(Run run, long sequence, long pid, Instant start) {
        jdbi.useTransaction(tx -> {
            runs.process(tx, run.requestId(), pid, start);
            if (runs.sequence(tx, run.requestId(), sequence)) {
                answers.status(tx, run, sequence, WorkStatus.Phase.STARTED, null);
            }
        });
    }

    /**
     * Tells about tasks that ended, in order.
     *
     * @param before the sequence of the last status
     * @return false when the run is not ours any more
     */
    boolean progress(Run run, long before, List<WorkStatus.TaskResult> tasks) {
        return jdbi.inTransaction(tx -> {
            if (!runs.sequence(tx, run.requestId(), before + tasks.size())) {
                return false;
            }
            long sequence = before;
            for (WorkStatus.TaskResult task : tasks) {
                answers.status(tx, run, ++sequence, WorkStatus.Phase.TASK, task);
            }
            return true;
        });
    }

    /**
     * The process has ended.
     *
     * @return false when the run is not ours any more
     */
    boolean finish(Run run, WorkResult result) {
        return jdbi.inTransaction(tx -> end(tx, run, agent.instance(), RunState.of(result.outcome()), result));
    }

    /**
     * Answers for runs whose agent died.
     *
     * @param dead instances that certainly do not live any more; others are given the time of their lease
     */
    int interruptAbandoned(List<UUID> dead) {
        return jdbi.inTransaction(tx -> {
            List<Run> abandoned = runs.abandoned(tx, dead, answers.now());
            for (Run run : abandoned) {
                Leftovers.kill(run.requestId(), run.processId(), run.processStart());
                LOG.warnf(
                        "work %s (%s) was running when its agent died: interrupted",
                        run.requestId(), run.request().playbook());
                end(
                        tx,
                        run,
                        null,
                        RunState.INTERRUPTED,
                        answers.without(
                                run,
                                WorkResult.Outcome.INTERRUPTED,
                                "the infra agent died while the playbook ran; what it had changed by then is unknown"));
            }
            return abandoned.size();
        });
    }

    List<UUID> renewLeases() {
        return jdbi.inTransaction(tx -> runs.renew(tx, answers.now().plus(config.lease())));
    }

    Optional<String> cancellation(UUID requestId) {
        return jdbi.withHandle(handle -> runs.cancellation(handle, requestId));
    }

    private boolean end(Handle tx, Run run, UUID owner, RunState to, AgentPayload answer) {
        WorkRequest scrubbed = Redactor.scrub(run.request(), admission.secrets(run.request()));
        if (!runs.end(tx, run, owner, to, answer, scrubbed, answers.now())) {
            return false;
        }
        answers.send(tx, run.fromAgent(), run.traceId(), run.requestId(), answer);
        return true;
    }

    private void fencingRefused(Handle tx, Run run, FencingTokens.Stale stale) {
        outbox.event(
                tx,
                SkeinEvent.of(EventTypes.FENCING_REFUSED)
                        .source(agent.source())
                        .subject(stale.resource())
                        .priority(Priority.HIGH)
                        .team(agent.team())
                        .actor("agent:" + agent.id())
                        .traceId(run.traceId())
                        .planId(run.request().planId())
                        .owner(run.request().requestedBy())
                        .data(Map.of(
                                "resource", stale.resource(),
                                "requestId", run.requestId(),
                                "playbook", run.request().playbook(),
                                "token", stale.token(),
                                "newest", stale.newest()))
                        .build());
    }
}
