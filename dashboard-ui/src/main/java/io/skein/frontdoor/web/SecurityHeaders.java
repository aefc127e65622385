package io.skein.frontdoor.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** On every answer, errors too: nothing runs that is not ours, nobody frames us. */
@ApplicationScoped
class SecurityHeaders {

    /** Before everything else, so that refusals carry them too. */
    private static final int PRIORITY = 5000;

    /**
     * Style attributes are set by React from code and cannot be hashed; style elements and scripts come from files only.
     */
    static final String CONTENT_SECURITY_POLICY = "default-src 'self'; script-src 'self'; style-src 'self';"
            + " style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
            + " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** The API page's viewer adds one style element; this is its hash, and changes with the viewer's version. */
    private static final String DOCS_POLICY = CONTENT_SECURITY_POLICY.replace(
            "style-src 'self'", "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='");

    private static final String PERMISSIONS =
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-write=(self)";

    void register(@Observes Filters filters) {
        filters.register(SecurityHeaders::handle, PRIORITY);
    }

    private static void handle(RoutingContext context) {
        MultiMap headers = context.response().headers();
        headers.set(
                "Content-Security-Policy",
                "/docs".equals(context.request().path()) ? DOCS_POLICY : CONTENT_SECURITY_POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "same-origin");
        headers.set("Permissions-Policy", PERMISSIONS);
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        if (isTls(context.request())) {
            headers.set("Strict-Transport-Security", "max-age=31536000");
        }
        context.next();
    }

    private static boolean isTls(HttpServerRequest request) {
        return request.isSSL() || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    }
}
