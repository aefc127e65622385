package io.skein.desktop.heartbeat;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * 1 s, 2 s, 4 s … 30 s between attempts, each shortened by up to half at random: after a broker restart a thousand machines
 * must not knock in the same second.
 */
final class Backoff {

    private static final long FIRST_MILLIS = 1_000;
    private static final long LAST_MILLIS = 30_000;

    private final RandomGenerator random;
    private long millis = FIRST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    Duration next() {
        long pause = millis - (long) (random.nextDouble() * millis / 2);
        millis = Math.min(LAST_MILLIS, millis * 2);
        return Duration.ofMillis(pause);
    }

    void reset() {
        millis = FIRST_MILLIS;
    }
}
