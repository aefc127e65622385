package io.skein.orchestrator.dispatch;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.platform.messaging.Delivery;
import io.skein.platform.messaging.QueueConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Facts of other services that plans care about: evidence that reached git, locks that came free. */
@ApplicationScoped
class FleetEvents implements QueueConsumer {

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    DispatchLoop loop;

    @Inject
    Clock clock;

    @Override
    public Queue queue() {
        return Queue.ORCHESTRATOR_EVENTS;
    }

    @Override
    public void handle(Handle tx, Delivery delivery) {
        SkeinEvent event = delivery.event();
        switch (event.type()) {
            case EventTypes.AUDIT_TASK_COMMITTED -> committed(tx, event);
            case EventTypes.LOCK_RELEASED, EventTypes.LOCK_EXPIRED -> {
                if (plans.attendWaiting(tx, clock.instant()) > 0) {
                    tx.afterCommit(loop::wake);
                }
            }
            default -> {
                // Other events of these queues are for other readers.
            }
        }
    }

    private void committed(Handle tx, SkeinEvent event) {
        String commit = event.data().path("commit").asText("");
        UUID task;
        try {
            task = UUID.fromString(event.data().path("taskId").asText(""));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("taskId is no id", e);
        }
        // A task is a step or a plan; the other update finds no row.
        steps.auditCommit(tx, task, commit);
        plans.auditCommit(tx, task, commit);
    }
}
