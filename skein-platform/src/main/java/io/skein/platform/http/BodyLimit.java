package io.skein.platform.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.Problem;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Bounds request bodies: one that announces itself as too large is answered with a problem document before it is read, one
 * without a length is cut off by {@code quarkus.http.limits.max-body-size}.
 */
class BodyLimit {

    @ConfigProperty(name = "quarkus.http.limits.max-body-size")
    io.quarkus.runtime.configuration.MemorySize limit;

    void register(@Observes Filters filters) {
        filters.register(this::check, 1000);
    }

    private void check(RoutingContext context) {
        if (context.request().version() != HttpVersion.HTTP_2
                && context.request().headers().contains("Transfer-Encoding")) {
            // A body of announced and of chunked length at once is how requests are smuggled past a proxy that counts
            // otherwise. By the time we see it the announced length is gone, so what follows on such a connection is
            // never read (RFC 9112, section 6.1).
            context.response().putHeader("Connection", "close");
            context.addEndHandler(end -> context.request().connection().close());
        }
        String length = context.request().getHeader("Content-Length");
        if (length != null && tooLarge(length)) {
            if (context.request().version() != HttpVersion.HTTP_2) {
                context.response().putHeader("Connection", "close");
            }
            context.response()
                    .setStatusCode(413)
                    .putHeader("Content-Type", Problem.MEDIA_TYPE)
                    .end(new Problem(
                                    ErrorCode.PAYLOAD_TOO_LARGE,
                                    "At most " + limit.asLongValue() + " bytes are read here, this is " + length + ".",
                                    Trace.idOf(context.request().getHeader("traceparent")),
                                    Map.of())
                            .toJson());
        } else {
            context.next();
        }
    }

    private boolean tooLarge(String length) {
        try {
            return Long.parseLong(length) > limit.asLongValue();
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
