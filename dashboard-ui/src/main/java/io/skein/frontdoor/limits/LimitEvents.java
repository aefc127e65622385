package io.skein.frontdoor.limits;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.messaging.Outbox;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** Tells the audit trail that a limit was reached. On threads of its own: whoever refuses a request must not block. */
@ApplicationScoped
class LimitEvents {

    private static final Logger LOG = Logger.getLogger(LimitEvents.class);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Inject
    Jdbi jdbi;

    @Inject
    Outbox outbox;

    @Inject
    Clock clock;

    void reached(RateLimiter.Asker.Person person, Quota quota) {
        boolean everybody = quota.kind() == Quota.Kind.SPENDING_TOTAL;
        SkeinEvent event = SkeinEvent.of(EventTypes.LIMIT_REACHED)
                .source("/dashboard-ui")
                .subject(everybody ? "fleet" : "user:" + person.name())
                .team(person.team())
                .actor(person.name())
                .priority(everybody ? Priority.HIGH : Priority.NORMAL)
                .time(clock.instant())
                .data(Map.of(
                        "limit", quota.kind().wire(),
                        "requests", quota.limit(),
                        "seconds", quota.window().toSeconds()))
                .build();
        threads.execute(() -> send(event));
    }

    private void send(SkeinEvent event) {
        try {
            jdbi.useTransaction(tx -> outbox.event(tx, event));
        } catch (RuntimeException e) {
            LOG.warnf("the limit was kept, but %s is missing in the audit trail: %s", event.data(), e.getMessage());
        }
    }

    @PreDestroy
    void stop() {
        threads.close();
    }
}
