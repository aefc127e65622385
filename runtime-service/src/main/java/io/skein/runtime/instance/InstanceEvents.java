package io.skein.runtime.instance;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Tells the fleet what became of an instance, in the transaction in which it becomes true. */
@ApplicationScoped
public class InstanceEvents {

    private final Outbox outbox;
    private final Clock clock;

    @Inject
    InstanceEvents(Outbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    void tell(Handle tx, String type, InstanceRepository.Locked of, InstanceState state, String actor, String traceId) {
        send(tx, type, Priority.LOW, of.id(), of.team(), of.agent(), of.version(), state, actor, traceId, 0);
    }

    /** It took its last failure, and rests until somebody resumes it. */
    public void failed(Handle tx, InstanceRepository.Worker worker, String traceId, int hops) {
        send(
                tx,
                EventTypes.RUNTIME_INSTANCE_FAILED,
                Priority.HIGH,
                worker.id(),
                worker.team(),
                worker.agent(),
                worker.version(),
                InstanceState.ERROR,
                "agent:" + worker.agent(),
                traceId,
                hops);
    }

    private void send(
            Handle tx,
            String type,
            Priority priority,
            UUID id,
            String team,
            String agent,
            String version,
            InstanceState state,
            String actor,
            String traceId,
            int hops) {
        outbox.event(
                tx,
                SkeinEvent.of(type)
                        .source("/runtime-service")
                        .subject(id)
                        .time(clock.instant())
                        .priority(priority)
                        .team(team)
                        .actor(actor)
                        .traceId(traceId)
                        .hops(hops)
                        .data(Map.of(
                                "instanceId", id.toString(), "agent", agent, "version", version, "state", state.wire()))
                        .build());
    }
}
