package io.skein.runtime.log;

import io.quarkus.scheduler.Scheduled;
import io.skein.runtime.RuntimeConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** Forgets events past their retention; the audit trail keeps what must be kept longer. */
@ApplicationScoped
class LogCleanup {

    private static final Logger LOG = Logger.getLogger(LogCleanup.class);

    private final EventLog log;
    private final Jdbi jdbi;
    private final Clock clock;
    private final RuntimeConfig config;

    @Inject
    LogCleanup(EventLog log, Jdbi jdbi, Clock clock, RuntimeConfig config) {
        this.log = log;
        this.jdbi = jdbi;
        this.clock = clock;
        this.config = config;
    }

    @Scheduled(every = "1h", delayed = "2m", identity = "event-log-cleanup")
    @RunOnVirtualThread
    void cleanUp() {
        int deleted =
                jdbi.inTransaction(tx -> log.deleteBefore(tx, clock.instant().minus(config.retention())));
        if (deleted > 0) {
            LOG.infof(
                    "%d events older than %d days left the log",
                    deleted, config.retention().toDays());
        }
    }
}
