package io.skein.frontdoor.oidc;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The OpenID Connect provider people may sign in with. Without an issuer there is none. */
@ConfigMapping(prefix = "skein.frontdoor.oidc")
interface OidcConfig {

    /**
     * The provider's issuer, exactly as its discovery document writes it. Environment: {@code SKEIN_OIDC_ISSUER}.
     */
    Optional<String> issuer();

    /** What the provider calls this fleet. Environment: {@code SKEIN_OIDC_CLIENT_ID}. */
    Optional<String> clientId();

    /** Empty for a public client; PKCE is used in any case. Environment: {@code SKEIN_OIDC_CLIENT_SECRET}. */
    Optional<String> clientSecret();

    /** Asked for besides {@code openid}. Environment: {@code SKEIN_OIDC_SCOPES}. */
    @WithDefault("profile")
    List<String> scopes();

    /** What the button on the sign-in page calls the provider. Environment: {@code SKEIN_OIDC_NAME}. */
    @WithDefault("single sign-on")
    String name();

    /** The claim a new account is named after. Environment: {@code SKEIN_OIDC_NAME_CLAIM}. */
    @WithDefault("preferred_username")
    String nameClaim();

    /**
     * The claim with the groups or roles of a person; {@code a/b} is b inside a. Environment: {@code
     * SKEIN_OIDC_ROLES_CLAIM}.
     */
    @WithDefault("groups")
    String rolesClaim();

    /**
     * Which values of that claim give which roles: {@code skein-admins=admin,ops=operator;approver}. Environment: {@code
     * SKEIN_OIDC_ROLES}.
     */
    Optional<String> roles();

    /**
     * The role of whom no value gives one; empty: they may not sign in. Environment: {@code SKEIN_OIDC_DEFAULT_ROLE}.
     */
    Optional<String> defaultRole();

    /** The claim with the team of a person; empty: everybody is in the default team. Environment: {@code SKEIN_OIDC_TEAM_CLAIM}. */
    Optional<String> teamClaim();

    /**
     * Which values of that claim are which team, the first that fits: {@code eng-a=alpha,eng-b=beta}. Environment: {@code
     * SKEIN_OIDC_TEAMS}.
     */
    Optional<String> teams();

    /** The team of whom no value gives one. Environment: {@code SKEIN_OIDC_DEFAULT_TEAM}. */
    @WithDefault("default")
    String defaultTeam();

    /**
     * Whether to ask the provider's userinfo endpoint for claims that the ID token lacks. Environment: {@code
     * SKEIN_OIDC_USER_INFO}.
     */
    @WithDefault("false")
    boolean userInfo();

    /** How long the provider may take for one answer. Environment: {@code SKEIN_OIDC_TIMEOUT}. */
    @WithDefault("5s")
    Duration timeout();
}
