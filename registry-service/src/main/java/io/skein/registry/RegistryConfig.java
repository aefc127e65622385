package io.skein.registry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What an operator can set. */
@ConfigMapping(prefix = "skein.registry")
public interface RegistryConfig {

    /** Silence after which a node is offline. {@code SKEIN_REGISTRY_OFFLINE_AFTER}. */
    @WithDefault("90s")
    Duration offlineAfter();

    /** How often to look for the silent; {@code off} never. {@code SKEIN_REGISTRY_SWEEP_INTERVAL}. */
    @WithDefault("5s")
    String sweepInterval();

    /**
     * Least time between two points of a node's history; a little under a multiple of the heartbeats' 30 s, or jitter skips
     * every other point. {@code SKEIN_REGISTRY_HISTORY_INTERVAL}.
     */
    @WithDefault("55s")
    Duration historyInterval();

    /** How long history is kept. {@code SKEIN_REGISTRY_HISTORY_RETENTION}. */
    @WithDefault("7d")
    Duration historyRetention();
}
