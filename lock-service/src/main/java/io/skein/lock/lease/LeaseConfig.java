package io.skein.lock.lease;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How leases are looked after. */
@ConfigMapping(prefix = "skein.lock.lease")
interface LeaseConfig {

    /** How often leases whose time is over and for which nobody waits are ended. Environment: {@code SKEIN_LOCK_SWEEP_INTERVAL}. */
    @WithDefault("30s")
    Duration sweepInterval();

    /**
     * How often a process with waiting callers looks for resources that became free elsewhere and for leases whose time is over.
     * Well under a second, or an expired holder would keep others waiting.
     */
    @WithDefault("200ms")
    Duration watchInterval();

    /** How long ended leases can still be read. Environment: {@code SKEIN_LOCK_HISTORY}. */
    @WithDefault("30d")
    Duration history();
}
