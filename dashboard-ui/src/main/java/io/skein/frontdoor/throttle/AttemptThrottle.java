package io.skein.frontdoor.throttle;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jboss.logging.Logger;

/** Refuses attempts that come too fast. An attempt counts before it is checked; a success takes it back. */
@ApplicationScoped
public class AttemptThrottle {

    private static final Logger LOG = Logger.getLogger(AttemptThrottle.class);
    private static final long REDIS_PAUSE_MILLIS = 5_000;

    private final RedisAttempts redis;
    private final LocalAttempts local;
    private final Clock clock;
    private volatile long redisAwayUntil;

    @Inject
    AttemptThrottle(RedisAttempts redis, LocalAttempts local, Clock clock) {
        this.redis = redis;
        this.local = local;
        this.clock = clock;
    }

    /**
     * @throws ProblemException too_many_attempts, with the seconds to wait
     */
    public void attempt(List<Limit> limits) {
        long wait = 0;
        for (Limit limit : limits) {
            wait = Math.max(wait, onStore(store -> store.attempt(limit)));
        }
        if (wait > 0) {
            long seconds = (wait + 999) / 1000;
            throw new ProblemException(
                            ErrorCode.TOO_MANY_ATTEMPTS,
                            "Too many attempts; try again in " + seconds + (seconds == 1 ? " second." : " seconds."))
                    .with("retryAfterSeconds", seconds);
        }
    }

    public void succeeded(List<Limit> limits) {
        for (Limit limit : limits) {
            onStore(store -> {
                store.succeeded(limit);
                return 0;
            });
        }
    }

    private long onStore(ToLongFunction<AttemptStore> action) {
        if (clock.millis() >= redisAwayUntil) {
            try {
                return action.applyAsLong(redis);
            } catch (RuntimeException e) {
                // Sign-in must work without Redis, and must not wait for it each time.
                redisAwayUntil = clock.millis() + REDIS_PAUSE_MILLIS;
                LOG.warnf("Redis is away, attempts are counted by this replica alone: %s", e.getMessage());
            }
        }
        return action.applyAsLong(local);
    }
}
