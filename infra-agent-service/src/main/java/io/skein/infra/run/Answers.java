package io.skein.infra.run;

import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.AgentPayload;
import io.skein.contracts.agent.Chunks;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.infra.agent.Agent;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Messages back to whoever asked, written into the transaction that makes them true. */
@ApplicationScoped
class Answers {

    @Inject
    Outbox outbox;

    @Inject
    Agent agent;

    @Inject
    Clock clock;

    void send(Handle tx, String to, String traceId, UUID requestId, AgentPayload payload) {
        String kind =
                switch (payload) {
                    case WorkStatus ignored -> "status";
                    case WorkResult ignored -> "result";
                    case AgentError ignored -> "error";
                    default -> throw new IllegalArgumentException("no answer: " + payload.type());
                };
        AgentMessage message = AgentMessage.create(agent.id(), to, traceId, requestId, payload);
        for (AgentMessage part : Chunks.split(message)) {
            outbox.work(tx, kind + "." + Agent.TYPE + "." + agent.id(), part);
        }
    }

    void status(Handle tx, Run run, long sequence, WorkStatus.Phase phase, WorkStatus.TaskResult task) {
        send(
                tx,
                run.fromAgent(),
                run.traceId(),
                run.requestId(),
                new WorkStatus(run.request().planId(), run.request().stepId(), sequence, phase, now(), task));
    }

    /** A result of work that never ran, or whose end nobody saw. */
    WorkResult without(Run run, WorkResult.Outcome outcome, String reason) {
        return new WorkResult(
                run.request().planId(),
                run.request().stepId(),
                outcome,
                null,
                reason,
                run.lastSequence(),
                Map.of(),
                List.of(),
                List.of(),
                null,
                run.startedAt(),
                now());
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
