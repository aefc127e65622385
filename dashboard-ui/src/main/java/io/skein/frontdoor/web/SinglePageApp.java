package io.skein.frontdoor.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/**
 * Addresses of the web app's pages ({@code /plans/…}) all lead to its one document, and its files are cached as long as they
 * can be: those with a hash in their name for ever, the document never unasked.
 */
@ApplicationScoped
class SinglePageApp {

    /** After the API gate. */
    private static final int PRIORITY = 400;

    private static final List<String> NOT_PAGES =
            List.of("/api", "/mcp", "/q", "/docs", "/health", "/metrics", "/webjars");

    void register(@Observes Filters filters) {
        filters.register(SinglePageApp::handle, PRIORITY);
    }

    private static void handle(RoutingContext context) {
        String path = context.normalizedPath();
        if (path.equals("/metrics")) {
            context.reroute("/q/metrics");
        } else if (isPage(context, path)) {
            context.reroute("/index.html");
        } else {
            if (path.startsWith("/assets/") || path.startsWith("/webjars/")) {
                cached(context, "public, max-age=31536000, immutable");
            } else if (path.equals("/")
                    || path.equals("/index.html")
                    || path.lastIndexOf('.') > path.lastIndexOf('/')) {
                cached(context, "no-cache");
            }
            context.next();
        }
    }

    /** A page is what a browser asks for as a document and what has no file extension. */
    static boolean isPage(HttpMethod method, String accept, String path) {
        return (method == HttpMethod.GET || method == HttpMethod.HEAD)
                && accept != null
                && accept.contains("text/html")
                && !path.equals("/")
                && path.indexOf('.', path.lastIndexOf('/')) < 0
                && NOT_PAGES.stream().noneMatch(root -> path.equals(root) || path.startsWith(root + "/"));
    }

    private static boolean isPage(RoutingContext context, String path) {
        return isPage(context.request().method(), context.request().getHeader("Accept"), path);
    }

    /** At the end, because the static handler writes its own idea of it. */
    private static void cached(RoutingContext context, String value) {
        if (context.normalizedPath().startsWith("/api/")
                || context.normalizedPath().startsWith("/q/")) {
            return;
        }
        context.addHeadersEndHandler(end -> {
            boolean found = context.response().getStatusCode() < 400;
            context.response().putHeader("Cache-Control", found ? value : "no-store");
        });
    }
}
