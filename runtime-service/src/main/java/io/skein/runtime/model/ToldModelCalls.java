package io.skein.runtime.model;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Tells the fleet of each call (AUD-01), in a transaction of its own: it was made and has to be paid for, whatever becomes of the step
 * or of this replica's lease.
 */
@ApplicationScoped
class ToldModelCalls implements ModelFacts {

    private final Jdbi jdbi;
    private final Outbox outbox;
    private final Clock clock;

    @Inject
    ToldModelCalls(Jdbi jdbi, Outbox outbox, Clock clock) {
        this.jdbi = jdbi;
        this.outbox = outbox;
        this.clock = clock;
    }

    private record Whose(String team, String agent, String traceId, String owner, int hops) {}

    @Override
    public void tell(UUID task, Called call) {
        // Who is not waited for any more has made the call all the same.
        boolean interrupted = Thread.interrupted();
        try {
            jdbi.useTransaction(
                    tx -> tx.createQuery("SELECT team, agent, trace_id, owner, hops FROM task WHERE id = :id")
                            .bind("id", task)
                            .map((row, context) -> new Whose(
                                    row.getString("team"),
                                    row.getString("agent"),
                                    row.getString("trace_id"),
                                    row.getString("owner"),
                                    row.getInt("hops")))
                            .findOne()
                            .ifPresent(whose -> outbox.event(tx, event(task, whose, call))));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private SkeinEvent event(UUID task, Whose whose, Called call) {
        boolean answered = call.outcome().equals(ANSWERED);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("taskId", task);
        data.put("agent", whose.agent());
        data.put("provider", call.provider());
        data.put("model", call.model());
        data.put("outcome", call.outcome());
        data.put(
                "usage",
                Map.of(
                        "wall_millis", call.wallMillis(),
                        "tokens_in", call.tokensIn(),
                        "tokens_out", call.tokensOut(),
                        "cost_usd", call.costUsd()));
        return SkeinEvent.of(answered ? EventTypes.RUNTIME_MODEL_CALLED : EventTypes.RUNTIME_MODEL_FAILED)
                .source("/runtime-service")
                .subject(task)
                .time(clock.instant())
                .priority(Priority.LOW)
                .team(whose.team())
                .actor("agent:" + whose.agent())
                .traceId(whose.traceId())
                .owner(whose.owner())
                .hops(whose.hops() + 1)
                .data(data)
                .build();
    }
}
