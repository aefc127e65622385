package io.skein.orchestrator.infra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.test.HandClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CachedTest {

    private final HandClock clock = new HandClock();
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
        clock.move(Duration.ofSeconds(seconds));
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
