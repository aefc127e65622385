package io.skein.lock.lease;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.lock.queue.QueueRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * Looks after time. Five times a second it asks whose turn it is although nobody was told (an expired holder loses here, what a replica
 * that died left undone is done here), says for its own callers that they still wait, and looks whether theirs was decided elsewhere,
 * should the telling ({@link Notifications}) have been lost. Twice a minute it ends leases nobody waits for and forgets old ones.
 * Waiting is measured with the monotonic clock, leases by the database: this machine's wall clock plays no part.
 */
@ApplicationScoped
class LeaseKeeper {

    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);

    @Inject
    Jdbi jdbi;

    @Inject
    LeaseConfig config;

    @Inject
    LeaseRepository leases;

    @Inject
    QueueRepository queue;

    @Inject
    HandOver handOver;

    @Inject
    WaitRoom waitRoom;

    @Inject
    Replica replica;

    @Inject
    LeaseMetrics metrics;

    private volatile boolean stopping;
    private Thread thread;

    void start(@Observes StartupEvent event) {
        thread = Thread.ofPlatform().daemon().name("lease-keeper").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        thread.interrupt();
    }

    private void run() {
        long nextSweep = System.nanoTime();
        boolean failing = false;
        while (!stopping) {
            try {
                watch();
                if (System.nanoTime() - nextSweep >= 0) {
                    nextSweep = System.nanoTime() + config.sweepInterval().toNanos();
                    sweep();
                }
                failing = false;
            } catch (RuntimeException e) {
                if (!failing && !stopping) {
                    LOG.warnf(
                            "cannot look after locks, trying again every %s: %s",
                            config.watchInterval(), e.getMessage());
                }
                failing = true;
            }
            pause(config.watchInterval());
        }
    }

    void watch() {
        List<Answer> overdue = jdbi.withHandle(leases::overdue);
        if (!overdue.isEmpty()) {
            handOver.after(overdue);
        }
        List<UUID> present = waitRoom.present();
        if (!present.isEmpty()) {
            jdbi.useHandle(h -> queue.keepAlive(h, replica.name(), present));
            jdbi.withHandle(h -> queue.decided(h, present)).forEach(waitRoom::ring);
        }
    }

    void sweep() {
        List<Lease> over;
        do {
            over = jdbi.withHandle(leases::sweep);
            metrics.expired(over.size());
            over.forEach(lease -> LOG.infof(
                    "lock %s of %s on %s expired",
                    lease.id(), lease.ownerId(), lease.fencingTokens().keySet()));
            handOver.after(List.of());
        } while (!over.isEmpty());
        jdbi.useHandle(h -> {
            queue.sweep(h);
            leases.forgetEndedFor(h, config.history());
            metrics.held(leases.countHeld(h));
        });
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            stopping = true;
        }
    }
}
