package io.skein.frontdoor.oidc;

import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.OidcConfigurationMetadata;
import io.quarkus.oidc.UserInfo;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.oidc.runtime.TenantConfigBean;
import io.quarkus.oidc.runtime.TenantConfigContext;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.InvalidJwtException;

/**
 * The two halves of the code flow, driven by hand: the extension's own way, guarding endpoints with a session of the provider,
 * would be a second kind of sign-in beside Skein's.
 */
@ApplicationScoped
class CodeFlow {

    private static final Pattern STATE = Pattern.compile("(?:^|&)state=([^&]+)");

    @Inject
    OidcAuthenticationMechanism mechanism;

    @Inject
    IdentityProviderManager identities;

    @Inject
    TenantConfigBean tenants;

    @Inject
    ProviderTenant tenant;

    @Inject
    OidcConfig config;

    /**
     * What the provider said about somebody, verified.
     *
     * @param claims of the ID token, and of userinfo what the ID token lacks
     */
    record Proof(String issuer, String subject, Map<String, Object> claims, String idToken) {}

    /** Where to send the browser. State, nonce and PKCE verifier go into a cookie only we can read. */
    URI begin(RoutingContext context) {
        ChallengeData challenge = await(mechanism.getChallenge(context));
        if (challenge == null || challenge.status != 302) {
            throw new RefusedException(Refusal.UNTRUSTED, "the provider's address could not be made");
        }
        return URI.create(challenge.getHeaders().get(HttpHeaders.LOCATION));
    }

    /** Exchanges the code and verifies what comes back. */
    Proof complete(RoutingContext context) {
        String cookie = stateCookie(context);
        if (!context.queryParam("error").isEmpty()) {
            context.response()
                    .addCookie(Cookie.cookie(cookie, "")
                            .setPath(ProviderTenant.ROOT)
                            .setMaxAge(0));
            throw new RefusedException(
                    Refusal.DECLINED,
                    "the provider answered " + context.queryParam("error").getFirst() + " "
                            + String.join(" ", context.queryParam("error_description")));
        }
        try {
            SecurityIdentity identity = await(mechanism.authenticate(context, identities));
            if (identity == null || identity.isAnonymous()) {
                throw new RefusedException(Refusal.NOT_BEGUN_HERE, "the answer belongs to no sign-in of this browser");
            }
            return proof(identity);
        } finally {
            // The extension would keep a session of its own.
            context.response().removeCookie(tenant.sessionCookie(), false);
        }
    }

    /** Where the provider ends its own session, if it can. */
    Optional<URI> endSession(RoutingContext context) {
        TenantConfigContext known = tenants.getDynamicTenant(tenant.id());
        if (known == null) {
            // This replica has not spoken with the provider yet: beginning a sign-in reads its metadata.
            Matcher state = STATE.matcher(begin(context).getRawQuery());
            if (state.find()) {
                context.response().removeCookie(tenant.stateCookie(state.group(1)), false);
            }
            known = tenants.getDynamicTenant(tenant.id());
        }
        return Optional.ofNullable(known)
                .map(TenantConfigContext::getOidcMetadata)
                .map(OidcConfigurationMetadata::getEndSessionUri)
                .map(URI::create);
    }

    /** Only the browser that began has it, and only until it is used. */
    private String stateCookie(RoutingContext context) {
        List<String> states = context.queryParam("state");
        if (states.size() == 1) {
            String name = tenant.stateCookie(states.getFirst());
            if (context.request().getCookie(name) != null) {
                return name;
            }
        }
        throw new RefusedException(Refusal.NOT_BEGUN_HERE, "the answer belongs to no sign-in of this browser");
    }

    private Proof proof(SecurityIdentity identity) {
        String idToken = identity.getCredential(IdTokenCredential.class).getToken();
        Map<String, Object> claims = payload(idToken);
        String client = config.clientId().orElseThrow();
        if (claims.get("azp") != null && !client.equals(claims.get("azp"))) {
            // Made for somebody else, who may be the one who brings it.
            throw new RefusedException(Refusal.UNTRUSTED, "the ID token was made for another client (azp)");
        }
        if (identity.getAttribute("userinfo") instanceof UserInfo userInfo) {
            new JsonObject(userInfo.getUserInfoString()).getMap().forEach(claims::putIfAbsent);
        }
        return new Proof((String) claims.get("iss"), (String) claims.get("sub"), claims, idToken);
    }

    private static Map<String, Object> payload(String token) {
        byte[] json = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
        return new LinkedHashMap<>(new JsonObject(new String(json, StandardCharsets.UTF_8)).getMap());
    }

    private <T> T await(Uni<T> uni) {
        try {
            // Discovery, keys, code and userinfo are asked for one after the other.
            return uni.await().atMost(config.timeout().multipliedBy(4));
        } catch (RefusedException e) {
            throw e;
        } catch (RuntimeException e) {
            throw refusal(e);
        }
    }

    private static RefusedException refusal(RuntimeException e) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = e; cause != null && causes.size() < 10; cause = cause.getCause()) {
            causes.add(cause);
        }
        for (Throwable cause : causes) {
            if (cause instanceof InvalidJwtException invalid) {
                // Its message quotes the whole token.
                return new RefusedException(
                        Refusal.UNTRUSTED,
                        "ID token refused: "
                                + invalid.getErrorDetails().stream()
                                        .map(ErrorCodeValidator.Error::getErrorMessage)
                                        .collect(Collectors.joining("; ")));
            }
        }
        boolean away = causes.stream()
                .anyMatch(cause -> cause instanceof IOException
                        || cause instanceof TimeoutException
                        || cause instanceof OIDCException
                                && String.valueOf(cause.getMessage()).contains("not available"));
        Throwable root = causes.getLast();
        return new RefusedException(
                away ? Refusal.UNREACHABLE : Refusal.UNTRUSTED,
                root.getClass().getSimpleName() + ": " + root.getMessage());
    }
}
