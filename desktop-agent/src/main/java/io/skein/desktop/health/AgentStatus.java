package io.skein.desktop.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/** What the agent's threads tell each other and the health endpoint about how they are doing. */
public final class AgentStatus {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Duration interval;
    private final Clock clock;
    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Instant startedAt;
    private volatile Instant lastSampleAt;
    private volatile Instant lastSentAt;
    private volatile boolean connected;
    private volatile String lastFailure = "";

    public AgentStatus(Duration interval, Clock clock) {
        this.interval = interval;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    public void sampled() {
        lastSampleAt = clock.instant();
    }

    public void connected() {
        connected = true;
    }

    public void sent() {
        sent.increment();
        lastSentAt = clock.instant();
        lastFailure = "";
    }

    /** @param reason one line for a person, without credentials */
    public void failed(String reason) {
        connected = false;
        failed.increment();
        lastFailure = reason;
    }

    public void disconnected() {
        connected = false;
    }

    /** False when sampling hangs: nothing but a restart helps then. */
    boolean live() {
        Instant last = lastSampleAt == null ? startedAt : lastSampleAt;
        return clock.instant().isBefore(last.plus(interval.multipliedBy(3)).plus(GRACE));
    }

    /** True when the broker is connected and has confirmed a heartbeat. */
    boolean ready() {
        return connected && lastSentAt != null;
    }

    boolean started() {
        return lastSampleAt != null;
    }

    boolean isConnected() {
        return connected;
    }

    long sentCount() {
        return sent.sum();
    }

    long failedCount() {
        return failed.sum();
    }

    Instant lastSentAt() {
        return lastSentAt;
    }

    String lastFailure() {
        return lastFailure;
    }
}
