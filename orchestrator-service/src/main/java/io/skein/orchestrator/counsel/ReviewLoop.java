package io.skein.orchestrator.counsel;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.orchestrator.llm.Models;
import io.skein.orchestrator.llm.Purpose;
import io.skein.orchestrator.plan.PlanChange;
import io.skein.orchestrator.plan.PlanStatus;
import io.skein.orchestrator.review.Review;
import io.skein.orchestrator.review.ReviewRepository;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * Has plans reviewed that failed, one at a time and after the plan is over: noted in the transaction in which it fails, so that none is
 * forgotten in a crash, and asked outside any.
 */
@ApplicationScoped
class ReviewLoop {

    private static final Logger LOG = Logger.getLogger(ReviewLoop.class);
    /** Longer than all providers together may take. */
    private static final Duration CLAIM = Duration.ofMinutes(5);
    /** A wake-up tells of what is new here; looking again is for what another process left. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    @Inject
    Jdbi jdbi;

    @Inject
    Models models;

    @Inject
    ReviewRepository reviews;

    @Inject
    Reviewer reviewer;

    @Inject
    Clock clock;

    private final Semaphore wake = new Semaphore(0);
    private volatile boolean stopping;
    private Thread thread;

    void changed(@Observes @Priority(300) PlanChange change) {
        PlanStatus status = change.plan().status();
        boolean failed = status == PlanStatus.FAILED || status == PlanStatus.INTERRUPTED;
        if (change.kind() == PlanChange.Kind.MOVED && failed && models.anyFor(Purpose.REVIEW)) {
            reviews.ask(change.tx(), change.plan().id(), change.plan().version(), clock.instant());
            change.tx().afterCommit(wake::release);
        }
    }

    void start(@Observes @Priority(3200) StartupEvent event) {
        if (models.anyFor(Purpose.REVIEW)) {
            thread = Thread.ofVirtual().name("reviews").start(this::loop);
        }
    }

    void stop(@Observes @Priority(40) ShutdownEvent event) {
        stopping = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void loop() {
        while (!stopping) {
            try {
                while (!stopping && one()) {
                    // The next one may be waiting already.
                }
                if (wake.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean one() {
        try {
            Instant now = clock.instant();
            Optional<Review> claimed = jdbi.inTransaction(tx -> reviews.claim(tx, now, now.plus(CLAIM)));
            claimed.ifPresent(reviewer::review);
            return claimed.isPresent();
        } catch (RuntimeException e) {
            if (!stopping) {
                LOG.warnf(e, "a plan that failed could not be reviewed now; it is tried again later");
            }
            return false;
        }
    }
}
