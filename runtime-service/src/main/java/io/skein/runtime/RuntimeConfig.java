package io.skein.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What an operator can set. */
@ConfigMapping(prefix = "skein.runtime")
public interface RuntimeConfig {

    /** How long the registry's answer about an event type is good for. {@code SKEIN_RUNTIME_ROUTE_CACHE}. */
    @WithDefault("10s")
    Duration routeCache();

    /** When to ask again after the registry did not answer; about one type twice as late each time, up to 30 s. {@code SKEIN_RUNTIME_RETRY_INTERVAL}. */
    @WithDefault("2s")
    Duration retryInterval();

    /** How long events and dead letters are kept; events leave by whole days (UTC). {@code SKEIN_RUNTIME_RETENTION}. */
    @WithDefault("30d")
    Duration retention();
}
