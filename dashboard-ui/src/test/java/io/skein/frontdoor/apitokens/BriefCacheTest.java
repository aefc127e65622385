package io.skein.frontdoor.apitokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.test.HandClock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BriefCacheTest {

    private final HandClock clock = new HandClock();
    private final BriefCache<String, String> cache = new BriefCache<>(clock, 2);

    @Test
    void anAnswerIsForgottenItsLifeAfterItWasAskedForNotAfterItCame() {
        long askedAt = clock.millis();
        clock.move(Duration.ofMillis(900)); // a slow database: whatever happened meanwhile is not in the answer
        cache.put("a", "good", askedAt, Duration.ofMillis(1500));
        assertEquals(Optional.of("good"), cache.get("a"));
        clock.move(Duration.ofMillis(599));
        assertEquals(Optional.of("good"), cache.get("a"));
        clock.move(Duration.ofMillis(1));
        assertEquals(Optional.empty(), cache.get("a"));
    }

    @Test
    void itHoldsNoMoreThanItMay() {
        for (String key : new String[] {"a", "b", "c"}) {
            cache.put(key, key, clock.millis(), Duration.ofMinutes(1));
        }
        assertEquals(Optional.empty(), cache.get("a"));
        assertEquals(Optional.of("c"), cache.get("c"));
        cache.clear();
        assertEquals(Optional.empty(), cache.get("c"));
    }
}
