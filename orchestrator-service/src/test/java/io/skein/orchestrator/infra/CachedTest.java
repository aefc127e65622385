package io.skein.orchestrator.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class CachedTest {

    private static final class Hand extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final Hand clock = new Hand();
    private int asked;
    private boolean down;

    private final Cached<Integer> cached = new Cached<>(
            "it",
            () -> {
                asked++;
                if (down) {
                    throw new IllegalStateException("down");
                }
                return asked;
            },
            Duration.ofSeconds(2),
            Duration.ofSeconds(60),
            clock);

    private int after(int seconds) {
        clock.now = clock.now.plusSeconds(seconds);
        return cached.get();
    }

    @Test
    void asksAgainOnlyWhenTheAnswerIsOld() {
        assertEquals(1, after(0));
        assertEquals(1, after(1));
        assertEquals(2, after(1));
    }

    @Test
    void anOldAnswerServesAWhileWhenTheServiceFails() {
        after(0);
        down = true;
        assertEquals(1, after(3));
        assertEquals(1, after(1));
        assertEquals(2, asked, "a service that just failed is not asked for every caller");
        assertEquals(1, after(50));
        assertThrows(IllegalStateException.class, () -> after(10));
        down = false;
        assertEquals(asked + 1, after(0));
    }
}
