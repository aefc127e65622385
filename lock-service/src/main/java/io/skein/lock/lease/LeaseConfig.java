package io.skein.lock.lease;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How leases and the queue are looked after. */
@ConfigMapping(prefix = "skein.lock.lease")
interface LeaseConfig {

    /** How often leases whose time is over and for which nobody waits are ended. Environment: {@code SKEIN_LOCK_SWEEP_INTERVAL}. */
    @WithDefault("30s")
    Duration sweepInterval();

    /**
     * How often a process looks for leases whose time is over while somebody waits, and for what it was not told. Well under a second,
     * or an expired holder would keep others waiting.
     */
    @WithDefault("200ms")
    Duration watchInterval();

    /** How long a place in the queue counts after the last call that looked at it. Environment: {@code SKEIN_LOCK_KEEP_PLACE}. */
    @WithDefault("30s")
    Duration keepPlace();

    /** The same for a place nobody can come back to: how long its process may be silent. */
    @WithDefault("3s")
    Duration keepConnected();

    /** How many streams of places one process keeps open. Environment: {@code SKEIN_LOCK_MAX_STREAMS}. */
    @WithDefault("1000")
    int maxStreams();

    /** How often a stream with nothing to say shows that it lives. */
    @WithDefault("10s")
    Duration heartbeat();

    /** How long ended leases can still be read. Environment: {@code SKEIN_LOCK_HISTORY}. */
    @WithDefault("30d")
    Duration history();
}
