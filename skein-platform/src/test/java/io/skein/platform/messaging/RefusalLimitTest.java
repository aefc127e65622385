package io.skein.platform.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RefusalLimitTest {

    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    private final RefusalLimit limit = new RefusalLimit();

    @Test
    void aLoopIsToldOfTenTimesAMinuteAndThenCounted() {
        for (int i = 0; i < RefusalLimit.TOLD_PER_WINDOW; i++) {
            assertEquals(OptionalLong.of(0), limit.tell("node~default~liar", START.plusSeconds(i)));
        }
        for (int i = 0; i < 1000; i++) {
            assertEquals(OptionalLong.empty(), limit.tell("node~default~liar", START.plusSeconds(59)));
        }
        assertEquals(OptionalLong.of(0), limit.tell("node~default~other", START.plusSeconds(59)), "each for itself");
        assertEquals(OptionalLong.of(1000), limit.tell("node~default~liar", START.plus(RefusalLimit.WINDOW)));
        assertEquals(OptionalLong.of(0), limit.tell("node~default~liar", START.plus(RefusalLimit.WINDOW)));
    }
}
