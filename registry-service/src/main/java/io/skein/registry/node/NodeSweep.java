package io.skein.registry.node;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicLong;

/** Looks for silent nodes every few seconds and counts the others for Prometheus. */
@ApplicationScoped
class NodeSweep {

    private final NodeService nodes;
    private final AtomicLong online = new AtomicLong();
    private final AtomicLong offline = new AtomicLong();

    @Inject
    NodeSweep(NodeService nodes) {
        this.nodes = nodes;
    }

    void start(@Observes StartupEvent event, MeterRegistry metrics) {
        Gauge.builder("skein.registry.nodes", online, AtomicLong::get)
                .tag("status", "online")
                .description("Nodes by status, as of the last sweep")
                .register(metrics);
        Gauge.builder("skein.registry.nodes", offline, AtomicLong::get)
                .tag("status", "offline")
                .description("Nodes by status, as of the last sweep")
                .register(metrics);
    }

    @Scheduled(
            every = "${skein.registry.sweep-interval}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            identity = "node-sweep")
    @RunOnVirtualThread
    void sweep() {
        nodes.sweep();
        online.set(nodes.count("online"));
        offline.set(nodes.count("offline"));
    }

    @Scheduled(every = "1h", delayed = "1m", identity = "node-history-cleanup")
    @RunOnVirtualThread
    void cleanUp() {
        nodes.forgetOldHistory();
    }
}
