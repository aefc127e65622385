package io.skein.runtime.webhook;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;

/** Forgets deliveries that need not be known again. */
@ApplicationScoped
class WebhookCleanup {

    /** A generic delivery is good for five minutes on either side of our clock: what is forgotten must be older than that. */
    private static final Duration AT_LEAST = Duration.ofHours(1);

    @Inject
    DeliveryRepository deliveries;

    @Inject
    WebhookConfig config;

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    @Scheduled(every = "1h", delayed = "4m", identity = "webhook-cleanup")
    @RunOnVirtualThread
    void cleanUp() {
        Duration kept = config.remember().compareTo(AT_LEAST) < 0 ? AT_LEAST : config.remember();
        jdbi.useTransaction(tx -> deliveries.forget(tx, clock.instant().minus(kept)));
    }
}
