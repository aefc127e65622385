package io.skein.lock.lease;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import io.skein.contracts.event.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What Prometheus reads. */
@Startup
@ApplicationScoped
class LeaseMetrics {

    private final MeterRegistry registry;
    private final AtomicLong held;

    @Inject
    LeaseMetrics(MeterRegistry registry) {
        this.registry = registry;
        // Every replica reports the number of the whole fleet: read it with max(), not sum().
        this.held = registry.gauge("skein.lock.held", new AtomicLong());
    }

    void waited(Priority priority, boolean granted, Duration time) {
        Timer.builder("skein.lock.wait")
                .description("From asking for a lock to the answer")
                .tag("priority", priority.wire())
                .tag("outcome", granted ? "granted" : "refused")
                .publishPercentileHistogram()
                .register(registry)
                .record(time);
    }

    void held(long count) {
        held.set(count);
    }

    void expired(int count) {
        registry.counter("skein.lock.expired").increment(count);
    }
}
