package io.skein.frontdoor.tokens;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Signing and lifetime of access tokens. */
@ConfigMapping(prefix = "skein.frontdoor.tokens")
interface TokenConfig {

    /**
     * Encrypts the private signing key in the database; at least 32 characters, the same in every replica. Losing it means
     * that everybody signs in again with a new key. Environment: {@code SKEIN_FRONTDOOR_KEY_SECRET}.
     */
    Optional<String> keySecret();

    /** How long an access token is valid. Environment: {@code SKEIN_FRONTDOOR_TOKEN_LIFETIME}. */
    @WithDefault("10m")
    Duration lifetime();

    /**
     * How long a key signs before the next one takes over by itself; 0: never. Environment: {@code
     * SKEIN_FRONTDOOR_KEY_ROTATION}.
     */
    @WithDefault("90d")
    Duration keyRotation();

    /**
     * How long the next key is published before it signs, at least 2m: every service must have read it by then. Environment:
     * {@code SKEIN_FRONTDOOR_KEY_OVERLAP}.
     */
    @WithDefault("15m")
    Duration keyOverlap();

    /**
     * What each service proves itself with: {@code lock-service=…,audit-service=…}. Environment: {@code
     * SKEIN_FRONTDOOR_SERVICE_SECRETS}.
     */
    Optional<String> serviceSecrets();
}
