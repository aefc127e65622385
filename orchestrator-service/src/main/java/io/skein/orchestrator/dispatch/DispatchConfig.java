package io.skein.orchestrator.dispatch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How plans are carried out. */
@ConfigMapping(prefix = "skein.orchestrator.dispatch")
public interface DispatchConfig {

    /** How often waiting plans are looked at when nothing wakes the loop. */
    @WithDefault("1s")
    Duration pollInterval();

    /** How long a step may run at most, whatever its estimate says. Environment: {@code SKEIN_STEP_TIMEOUT}. */
    @WithDefault("1h")
    Duration maxStepTime();

    /** A step may run this long even when its estimate is short. */
    @WithDefault("10m")
    Duration minStepTime();

    /** A step is stopped after this many times its estimate. */
    @WithDefault("10")
    int estimateFactor();

    /** Life of the lock on the hosts; it is renewed at a third of it. */
    @WithDefault("60s")
    Duration lockTtl();

    /** How soon a plan that waits for a lock or an agent tries again. */
    @WithDefault("2s")
    Duration retryInterval();

    /** How long a process keeps other processes from a plan it is working on. */
    @WithDefault("15s")
    Duration claimTime();

    /** False: this process takes requests and answers but starts nothing. */
    @WithDefault("true")
    boolean enabled();
}
