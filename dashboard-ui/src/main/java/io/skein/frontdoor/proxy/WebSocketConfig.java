package io.skein.frontdoor.proxy;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What a WebSocket through the front door may take. */
@ConfigMapping(prefix = "skein.frontdoor.websocket")
public interface WebSocketConfig {

    /** Largest message in either direction. Environment: {@code SKEIN_FRONTDOOR_WEBSOCKET_MAX_MESSAGE}. */
    @WithDefault("256K")
    MemorySize maxMessage();

    /**
     * A side nothing came from for so long, no answer to a ping either, is taken for gone. Environment:
     * {@code SKEIN_FRONTDOOR_WEBSOCKET_IDLE}.
     */
    @WithDefault("60s")
    Duration idle();

    /** Open at once, of one person at one front door. Environment: {@code SKEIN_FRONTDOOR_WEBSOCKET_PER_USER}. */
    @WithDefault("32")
    int perUser();
}
