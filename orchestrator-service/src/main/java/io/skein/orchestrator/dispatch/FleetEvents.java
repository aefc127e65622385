package io.skein.orchestrator.dispatch;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.StepRepository;
import io.skein.platform.messaging.BatchConsumer;
import io.skein.platform.messaging.Delivery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Facts of other services that plans care about: evidence that reached git, locks that came free. */
@ApplicationScoped
class FleetEvents implements BatchConsumer {

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
    public int batch() {
        return 64;
    }

    /** One look at the plans that wait for a lock does for many locks that came free. */
    @Override
    public Duration gathers() {
        return Duration.ofMillis(5);
    }

    @Override
    public void handle(Handle tx, List<Delivery> deliveries) {
        boolean free = false;
        for (Delivery delivery : deliveries) {
            SkeinEvent event = delivery.event();
            switch (event.type()) {
                case EventTypes.AUDIT_TASK_COMMITTED -> committed(tx, event);
                case EventTypes.LOCK_RELEASED, EventTypes.LOCK_EXPIRED -> free = true;
                default -> {
                    // A broker that was set up earlier may still route more here.
                }
            }
        }
        if (free && plans.attendWaiting(tx, clock.instant()) > 0) {
            tx.afterCommit(loop::wake);
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
