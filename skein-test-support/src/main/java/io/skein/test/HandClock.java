package io.skein.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock in UTC that stands until a test moves it. */
public final class HandClock extends Clock {

    private volatile Instant now;

    /** Stands at the epoch. */
    public HandClock() {
        this(Instant.EPOCH);
    }

    public HandClock(Instant start) {
        now = start;
    }

    /** Ahead, or back when negative. */
    public synchronized void move(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.fixed(now, zone);
    }
}
