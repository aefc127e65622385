package io.skein.lock.lease;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.lock.queue.QueueRepository;
import io.skein.lock.queue.WaitRoom;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * Looks after time. While callers of this process wait it looks five times a second: who can be served (an expired holder loses
 * here, another replica's release is noticed here), and whose wait was decided elsewhere. Twice a minute it ends leases nobody
 * waits for and forgets old ones.
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
    Granting granting;

    @Inject
    WaitRoom waitRoom;

    @Inject
    LeaseEvents events;

    @Inject
    LeaseMetrics metrics;

    @Inject
    Clock clock;

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
                List<UUID> present = waitRoom.present();
                if (!present.isEmpty()) {
                    watch(present);
                }
                if (System.nanoTime() - nextSweep >= 0) {
                    nextSweep = System.nanoTime() + config.sweepInterval().toNanos();
                    sweep();
                }
                failing = false;
                Thread.sleep(config.watchInterval().toMillis());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!failing && !stopping) {
                    LOG.warnf(
                            "cannot look after locks, trying again every %s: %s",
                            config.watchInterval(), e.getMessage());
                }
                failing = true;
                pause();
            }
        }
    }

    private void watch(List<UUID> present) {
        granting.handOver();
        jdbi.withHandle(h -> queue.keepAlive(h, present)).forEach(waitRoom::signal);
    }

    void sweep() {
        List<Lease> over;
        do {
            over = jdbi.inTransaction(tx -> {
                List<Lease> ended = leases.expireAny(tx);
                ended.forEach(lease -> events.expired(tx, lease));
                return ended;
            });
            metrics.expired(over.size());
            over.forEach(lease -> LOG.infof(
                    "lock %s of %s on %s expired",
                    lease.id(), lease.ownerId(), lease.fencingTokens().keySet()));
        } while (!over.isEmpty());
        jdbi.useHandle(h -> {
            queue.sweep(h);
            leases.forgetEndedBefore(h, clock.instant().minus(config.history()));
            metrics.held(leases.countHeld(h));
        });
    }

    private void pause() {
        try {
            Thread.sleep(config.watchInterval().toMillis());
        } catch (InterruptedException e) {
            stopping = true;
        }
    }
}
