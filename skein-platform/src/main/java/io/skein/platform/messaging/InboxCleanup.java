package io.skein.platform.messaging;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** Forgets inbox rows after a week: no broker redelivers a message that old. */
@ApplicationScoped
class InboxCleanup {

    private static final Logger LOG = Logger.getLogger(InboxCleanup.class);

    @Inject
    Jdbi jdbi;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("inbox-cleanup").factory());

    void start(@Observes StartupEvent event) {
        var unused = scheduler.scheduleWithFixedDelay(this::clean, 10, 60, TimeUnit.MINUTES);
    }

    void stop(@Observes ShutdownEvent event) {
        scheduler.shutdownNow();
    }

    private void clean() {
        try {
            jdbi.useHandle(h -> h.execute("DELETE FROM inbox WHERE received_at < now() - interval '7 days'"));
        } catch (RuntimeException e) {
            LOG.warnf("inbox not cleaned this hour: %s", e.getMessage());
        }
    }
}
