package io.skein.platform;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Who this service is and where it gets its own tokens. */
@ConfigMapping(prefix = "skein.service")
public interface ServiceConfig {

    /** Name of the service, for example {@code lock-service}; the source of its events and the subject of its token. */
    String name();

    /** Its PostgreSQL schema; the role must own it. */
    String schema();

    /** Base URL of the front door, without a trailing slash. Environment: {@code SKEIN_FRONTDOOR_URL}. */
    @WithDefault("http://127.0.0.1:8080")
    String frontdoorUrl();

    /** Secret this service shows the front door to get its token. Environment: {@code SKEIN_SERVICE_SECRET}. */
    Optional<String> secret();

    /** Whether this is the front door: people reach it, and it makes the tokens that the others check. */
    @WithDefault("false")
    boolean frontDoor();
}
