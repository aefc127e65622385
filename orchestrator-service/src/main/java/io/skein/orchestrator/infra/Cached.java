package io.skein.orchestrator.infra;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * An answer of another service, kept for a moment. One caller asks, the others wait for the same answer; when the service
 * fails, the last answer is good for a while longer.
 */
public final class Cached<T> {

    private static final Logger LOG = Logger.getLogger(Cached.class);

    private final String what;
    private final Supplier<T> source;
    private final Duration fresh;
    private final Duration staleIfError;
    private final Clock clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Answer<T> last;

    /** @param askAgainAt when it is too old, or when a service that just failed is worth asking again */
    private record Answer<T>(T value, Instant at, Instant askAgainAt) {}

    public Cached(String what, Supplier<T> source, Duration fresh, Duration staleIfError, Clock clock) {
        this.what = what;
        this.source = source;
        this.fresh = fresh;
        this.staleIfError = staleIfError;
        this.clock = clock;
    }

    /** What need not be asked for; never waits. */
    public Optional<T> known() {
        Answer<T> answer = last;
        return answer != null && answer.askAgainAt().isAfter(clock.instant())
                ? Optional.of(answer.value())
                : Optional.empty();
    }

    public T get() {
        Answer<T> answer = last;
        if (answer != null && answer.askAgainAt().isAfter(clock.instant())) {
            return answer.value();
        }
        asking.lock();
        try {
            answer = last;
            Instant now = clock.instant();
            if (answer != null && answer.askAgainAt().isAfter(now)) {
                return answer.value();
            }
            try {
                last = new Answer<>(source.get(), now, now.plus(fresh));
                return last.value();
            } catch (RuntimeException e) {
                if (answer != null && answer.at().plus(staleIfError).isAfter(now)) {
                    LOG.debugf("%s cannot be asked, the answer of %s is used: %s", what, answer.at(), e.getMessage());
                    last = new Answer<>(answer.value(), answer.at(), now.plus(fresh));
                    return answer.value();
                }
                throw e;
            }
        } finally {
            asking.unlock();
        }
    }
}
