package io.skein.frontdoor.cors;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * Tells browsers which other origins' pages may call and read (Fetch standard, section 3.2), for proxied answers too. Credentials
 * are never allowed: such a page sends its token in the Authorization header, and the refresh cookie stays with our own pages. An
 * origin that is not on the list gets no word of this, and its browser refuses for us.
 */
@ApplicationScoped
class CorsFilter {

    /** After the security headers; before body limit, sign-in and limits, none of which a preflight can satisfy. */
    private static final int PRIORITY = 4000;

    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, Accept, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, traceparent,"
                    + " Mcp-Session-Id, MCP-Protocol-Version";
    private static final String ANSWER_HEADERS =
            "ETag, Location, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, WWW-Authenticate,"
                    + " Mcp-Session-Id";

    @Inject
    AllowedOrigins origins;

    void register(@Observes Filters filters) {
        filters.register(this::handle, PRIORITY);
    }

    private void handle(RoutingContext context) {
        if (origins.isEmpty()) {
            context.next();
            return;
        }
        HttpServerRequest request = context.request();
        MultiMap headers = context.response().headers();
        headers.add("Vary", "Origin");
        String origin = request.getHeader("Origin");
        boolean allowed = origins.contains(origin);
        if (allowed) {
            headers.set("Access-Control-Allow-Origin", origin);
            headers.set("Access-Control-Expose-Headers", ANSWER_HEADERS);
        }
        if (origin != null
                && request.method() == HttpMethod.OPTIONS
                && request.headers().contains("Access-Control-Request-Method")) {
            if (allowed) {
                headers.set("Access-Control-Allow-Methods", METHODS);
                headers.set("Access-Control-Allow-Headers", REQUEST_HEADERS);
                headers.set("Access-Control-Max-Age", "600");
            }
            context.response().setStatusCode(204).end();
        } else {
            context.next();
        }
    }
}
