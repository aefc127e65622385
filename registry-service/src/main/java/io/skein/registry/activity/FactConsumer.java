package io.skein.registry.activity;

import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Queue;
import io.skein.platform.messaging.BatchConsumer;
import io.skein.platform.messaging.Delivery;
import io.skein.registry.live.LiveAgentService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** How work ended and what agents are at, to whoever counts it. The inbox sees to it that each counts once. */
@ApplicationScoped
class FactConsumer implements BatchConsumer {

    private final LiveAgentService processes;
    private final ActivityService activities;

    @Inject
    FactConsumer(LiveAgentService processes, ActivityService activities) {
        this.processes = processes;
        this.activities = activities;
    }

    @Override
    public Queue queue() {
        return Queue.REGISTRY_EVENTS;
    }

    @Override
    public int batch() {
        return 64;
    }

    /** Nothing is decided by these figures. */
    @Override
    public Duration gathers() {
        return Duration.ofMillis(100);
    }

    @Override
    public void handle(Handle tx, List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            SkeinEvent event = delivery.event();
            if (event.type().startsWith("step.")) {
                processes.workEnded(tx, event);
            } else {
                activities.told(tx, event);
            }
        }
    }
}
