package io.skein.frontdoor.identity;

import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.NewCookie;

/** The refresh token travels in a cookie that no script can read and that no other site can make the browser send. */
@ApplicationScoped
public class RefreshCookie {

    static final String NAME = "skein_refresh";
    private static final String PATH = "/api/v1/auth";

    @Inject
    IdentityConfig config;

    NewCookie of(RefreshToken token, HttpServerRequest request) {
        return cookie(token.value(), Math.toIntExact(config.refreshIdle().toSeconds()), request)
                .build();
    }

    NewCookie removed(HttpServerRequest request) {
        return cookie("", 0, request).build();
    }

    private NewCookie.Builder cookie(String value, int maxAge, HttpServerRequest request) {
        return new NewCookie.Builder(NAME)
                .value(value)
                .path(PATH)
                .maxAge(maxAge)
                .httpOnly(true)
                .secure(secure(request))
                .sameSite(NewCookie.SameSite.STRICT);
    }

    /** Whether a cookie set now must be sent over TLS only. */
    public boolean secure(HttpServerRequest request) {
        return switch (config.secureCookies()) {
            case ALWAYS -> true;
            case NEVER -> false;
            // A client that forges this header only keeps its own cookie from being sent in the clear.
            case AUTO -> request.isSSL() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
        };
    }
}
