package io.skein.runtime.log;

import io.quarkus.scheduler.Scheduled;
import io.skein.runtime.RuntimeConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.jboss.logging.Logger;

/** Makes the coming days' tables and forgets those past their retention; the audit trail keeps what must be kept longer. */
@ApplicationScoped
class LogCleanup {

    private static final Logger LOG = Logger.getLogger(LogCleanup.class);

    private final LogDays days;
    private final Clock clock;
    private final RuntimeConfig config;

    @Inject
    LogCleanup(LogDays days, Clock clock, RuntimeConfig config) {
        this.days = days;
        this.clock = clock;
        this.config = config;
    }

    @Scheduled(every = "1h", delayed = "2m", identity = "event-log-cleanup")
    @RunOnVirtualThread
    void cleanUp() {
        days.makeAhead(clock.instant());
        List<LocalDate> dropped = days.dropBefore(clock.instant().minus(config.retention()));
        if (!dropped.isEmpty()) {
            LOG.infof(
                    "the events of %d days, %s to %s, left the log",
                    dropped.size(), dropped.getFirst(), dropped.getLast());
        }
    }
}
