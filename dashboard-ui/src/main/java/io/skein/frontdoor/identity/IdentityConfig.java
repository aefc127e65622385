package io.skein.frontdoor.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Accounts and signing in. */
@ConfigMapping(prefix = "skein.frontdoor.identity")
interface IdentityConfig {

    /** Allows to make the first account, once. Environment: {@code SKEIN_FRONTDOOR_SETUP_TOKEN}. */
    Optional<String> setupToken();

    /** Cost of a password hash: 12 is about 0.3 s. Environment: {@code SKEIN_FRONTDOOR_BCRYPT_COST}. */
    @WithDefault("12")
    @Min(4) @Max(16) int bcryptCost();

    /** A sign-in nobody uses for this long ends. Environment: {@code SKEIN_FRONTDOOR_REFRESH_IDLE}. */
    @WithDefault("7d")
    Duration refreshIdle();

    /** A sign-in ends after this long, used or not. Environment: {@code SKEIN_FRONTDOOR_REFRESH_ABSOLUTE}. */
    @WithDefault("30d")
    Duration refreshAbsolute();

    /**
     * Whether the refresh cookie is sent over TLS only: {@code auto} when the request came over TLS, {@code always}, {@code
     * never}. Environment: {@code SKEIN_FRONTDOOR_SECURE_COOKIES}.
     */
    @WithDefault("auto")
    SecureCookies secureCookies();

    /**
     * Whether people may make their own accounts. Environment: {@code SKEIN_FRONTDOOR_REGISTRATION}, {@code open} or {@code
     * closed}.
     */
    @WithDefault("closed")
    Registration registration();

    /**
     * What whoever makes an own account may do; never admin. Environment: {@code SKEIN_FRONTDOOR_REGISTRATION_ROLES}.
     */
    @WithDefault("viewer")
    Set<String> registrationRoles();

    /** The team whoever makes an own account gets into. Environment: {@code SKEIN_FRONTDOOR_REGISTRATION_TEAM}. */
    @WithDefault("default")
    String registrationTeam();

    /** Whether people may sign in with a password. Environment: {@code SKEIN_FRONTDOOR_PASSWORDS}, {@code on} or {@code off}. */
    @WithDefault("on")
    Switch passwords();

    enum Switch {
        ON,
        OFF
    }

    enum Registration {
        OPEN,
        CLOSED
    }

    enum SecureCookies {
        AUTO,
        ALWAYS,
        NEVER
    }
}
