package io.skein.frontdoor.apitokens;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long API tokens live. */
@ConfigMapping(prefix = "skein.frontdoor.api-tokens")
interface ApiTokenConfig {

    /** When nothing else is asked for. Environment: {@code SKEIN_FRONTDOOR_API_TOKEN_LIFETIME}. */
    @WithDefault("90d")
    Duration lifetime();

    /** No token is given for longer. Environment: {@code SKEIN_FRONTDOOR_API_TOKEN_MAX_LIFETIME}. */
    @WithDefault("365d")
    Duration maxLifetime();
}
