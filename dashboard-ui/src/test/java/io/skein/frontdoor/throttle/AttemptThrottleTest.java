package io.skein.frontdoor.throttle;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import io.skein.test.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptThrottleTest {

    private final HandClock clock = new HandClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final RedisThatIsAway redis = new RedisThatIsAway();
    private final AttemptThrottle throttle = new AttemptThrottle(redis, new LocalAttempts(clock), clock);
    private final List<Limit> ada = List.of(Limit.accountFrom("ada", "127.0.0.1"));

    @Test
    void withoutRedisTheDelayGrowsAllTheSame() {
        for (int i = 0; i < 5; i++) {
            throttle.attempt(ada);
        }
        assertEquals(1, secondsToWait());
        clock.move(Duration.ofSeconds(1));
        throttle.attempt(ada);
        assertEquals(2, secondsToWait());
        clock.move(Duration.ofSeconds(2));
        throttle.attempt(ada);
        assertEquals(4, secondsToWait());
        assertDoesNotThrow(() -> throttle.attempt(List.of(Limit.accountFrom("bob", "127.0.0.1"))));
    }

    @Test
    void aSuccessForgetsTheFailures() {
        for (int i = 0; i < 4; i++) {
            throttle.attempt(ada);
        }
        throttle.succeeded(ada);
        for (int i = 0; i < 5; i++) {
            assertDoesNotThrow(() -> throttle.attempt(ada));
        }
        assertEquals(1, secondsToWait());
    }

    @Test
    void anOwnAccountDoesNotClearTheAddress() {
        List<Limit> address = List.of(Limit.address("127.0.0.1"));
        for (int i = 0; i < 49; i++) {
            throttle.attempt(address);
            if (i % 10 == 9) {
                throttle.attempt(address);
                throttle.succeeded(address);
            }
        }
        throttle.attempt(address);
        assertThrows(ProblemException.class, () -> throttle.attempt(address));
    }

    @Test
    void failuresAreForgottenInTime() {
        for (int i = 0; i < 5; i++) {
            throttle.attempt(ada);
        }
        clock.move(Duration.ofMinutes(16));
        for (int i = 0; i < 5; i++) {
            assertDoesNotThrow(() -> throttle.attempt(ada));
        }
    }

    @Test
    void theDelayHasAnEnd() {
        Limit limit = Limit.account("ada");
        assertEquals(0, limit.delayMillis(limit.free() - 1));
        assertEquals(1000, limit.delayMillis(limit.free()));
        assertEquals(30_000, limit.delayMillis(1_000_000));
    }

    @Test
    void redisIsNotAskedForEachAttemptWhileItIsAway() {
        for (int i = 0; i < 4; i++) {
            throttle.attempt(ada);
        }
        assertEquals(1, redis.asked);
        clock.move(Duration.ofSeconds(6));
        throttle.attempt(ada);
        assertEquals(2, redis.asked);
    }

    private long secondsToWait() {
        ProblemException refused = assertThrows(ProblemException.class, () -> throttle.attempt(ada));
        assertEquals(ErrorCode.TOO_MANY_ATTEMPTS, refused.code());
        assertTrue(refused.getMessage().contains("try again"));
        return (long) refused.members().get("retryAfterSeconds");
    }

    private static final class RedisThatIsAway extends RedisAttempts {
        private int asked;

        @Override
        public long attempt(Limit limit) {
            asked++;
            throw new IllegalStateException("connection refused");
        }

        @Override
        public void succeeded(Limit limit) {
            throw new IllegalStateException("connection refused");
        }
    }
}
