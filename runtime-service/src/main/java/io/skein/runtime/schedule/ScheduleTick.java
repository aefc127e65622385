package io.skein.runtime.schedule;

import io.quarkus.scheduler.Scheduled;
import io.skein.runtime.RuntimeConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/** Looks every second whether something is due, and forgets firings as old as the event log's oldest. */
@ApplicationScoped
class ScheduleTick {

    private static final Logger LOG = Logger.getLogger(ScheduleTick.class);

    /** So that a flood of due schedules leaves the thread now and then; the rest comes with the next tick. */
    private static final int MOST = 1000;

    @Inject
    DueSchedules due;

    @Inject
    ScheduleRepository schedules;

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    @Inject
    RuntimeConfig config;

    private boolean complained;

    @Scheduled(every = "1s", identity = "schedules", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        try {
            for (int fired = 0; fired < MOST && due.fireOne(); fired++) {
                complained = false;
            }
        } catch (RuntimeException e) {
            if (!complained) {
                complained = true;
                LOG.warnf("schedules do not fire now, what is due is made up for: %s", e.getMessage());
            }
        }
    }

    @Scheduled(every = "1h", delayed = "3m", identity = "schedule-firings-cleanup")
    @RunOnVirtualThread
    void cleanUp() {
        jdbi.useTransaction(tx -> schedules.forgetFirings(tx, clock.instant().minus(config.retention())));
    }
}
