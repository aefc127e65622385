package io.skein.frontdoor.oidc;

import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.OidcTenantConfigBuilder;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Authentication.CookieSameSite;
import io.skein.frontdoor.tokens.DerivedSecrets;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/**
 * The provider as the OIDC extension sees it. Said for the paths of the sign-in only, and when one of them is asked for: for
 * the rest of the front door there is no provider, and nothing is fetched from it at start.
 */
@ApplicationScoped
class ProviderTenant implements TenantConfigResolver {

    static final String ROOT = "/api/v1/auth/oidc";
    static final String CALLBACK = ROOT + "/callback";

    /** How long somebody may take at the provider. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Inject
    OidcConfig config;

    @Inject
    DerivedSecrets secrets;

    private volatile OidcTenantConfig tenant;

    @Override
    public Uni<OidcTenantConfig> resolve(RoutingContext context, OidcRequestContext<OidcTenantConfig> request) {
        return context.normalizedPath().startsWith(ROOT + "/")
                ? Uni.createFrom().optional(tenant())
                : Uni.createFrom().nullItem();
    }

    String id() {
        return "skein";
    }

    /** As the extension calls them. */
    final String stateCookie(String state) {
        return "q_auth_" + id() + "_" + state;
    }

    final String sessionCookie() {
        return "q_session_" + id();
    }

    /** Always the same object: another one would be connected to anew. */
    Optional<OidcTenantConfig> tenant() {
        OidcTenantConfig known = tenant;
        if (known == null && config.issuer().isPresent()) {
            synchronized (this) {
                if (tenant == null) {
                    tenant = strict(config.issuer().get()).build();
                }
                known = tenant;
            }
        }
        return Optional.ofNullable(known);
    }

    /** Nothing here is left to a default that a later version might change. */
    OidcTenantConfigBuilder strict(String issuer) {
        OidcTenantConfigBuilder builder = OidcTenantConfig.authServerUrl(issuer)
                .tenantId(id())
                .applicationType(ApplicationType.WEB_APP)
                .clientId(config.clientId().orElseThrow())
                .connectionTimeout(config.timeout())
                .authentication()
                .redirectPath(CALLBACK)
                .restorePathAfterRedirect(false)
                .removeRedirectParameters(false)
                .scopes(config.scopes())
                .pkceRequired(true)
                .nonceRequired(true)
                .stateSecret(secrets.of("oidc state cookie"))
                .stateCookieAge(PATIENCE)
                .stateCookieSameSite(CookieSameSite.LAX)
                .cookiePath(ROOT)
                .idTokenRequired(true)
                .userInfoRequired(config.userInfo())
                // It is never used, and many providers' access tokens are not for us to read.
                .verifyAccessToken(false)
                .end()
                .token()
                // What the operator wrote, not what the discovery document says of itself.
                .issuer(issuer)
                .audience(config.clientId().orElseThrow())
                .subjectRequired(true)
                .issuedAtRequired(true)
                .lifespanGrace(30)
                .allowJwtIntrospection(false)
                .allowOpaqueTokenIntrospection(false)
                .forcedJwkRefreshInterval(Duration.ofSeconds(30))
                .end();
        config.clientSecret().ifPresent(builder::credentials);
        return builder;
    }
}
