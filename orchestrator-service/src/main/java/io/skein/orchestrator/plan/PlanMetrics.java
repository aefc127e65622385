package io.skein.orchestrator.plan;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** {@code skein_orchestrator_*}. */
@ApplicationScoped
class PlanMetrics {

    private static final Logger LOG = Logger.getLogger(PlanMetrics.class);
    private static final Duration FRESH = Duration.ofSeconds(5);

    @Inject
    MeterRegistry registry;

    @Inject
    Jdbi jdbi;

    @Inject
    PlanRepository plans;

    @Inject
    Clock clock;

    private Map<String, Long> counts = Map.of();
    private Instant countedAt = Instant.MIN;

    void register(@Observes StartupEvent event) {
        for (PlanStatus status : PlanStatus.values()) {
            Gauge.builder("skein.orchestrator.plans", () -> count(status))
                    .description("Plans by state")
                    .tag("status", status.wire())
                    .register(registry);
        }
    }

    /** One query for all states, and not more often than somebody could care. */
    private synchronized double count(PlanStatus status) {
        Instant now = clock.instant();
        if (countedAt.plus(FRESH).isBefore(now)) {
            try {
                counts = jdbi.withHandle(plans::countByStatus);
                countedAt = now;
            } catch (RuntimeException e) {
                LOG.debugf("plans cannot be counted: %s", e.getMessage());
                return Double.NaN;
            }
        }
        return counts.getOrDefault(status.wire(), 0L);
    }

    void stepEnded(Step step) {
        if (step.dispatchedAt() != null && step.finishedAt() != null) {
            Timer.builder("skein.orchestrator.step.duration")
                    .description("From order to result")
                    .tag("status", step.status().wire())
                    .register(registry)
                    .record(Duration.between(step.dispatchedAt(), step.finishedAt()));
        }
    }
}
