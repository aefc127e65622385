package io.skein.frontdoor.proxy;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.Problem;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** Problem documents from outside JAX-RS. */
public final class Problems {

    private Problems() {}

    public static void answer(RoutingContext context, ErrorCode code, String detail) {
        answer(context, code, detail, Map.of());
    }

    /**
     * @param members extensions of the document; {@code retryAfterSeconds} becomes the header too
     */
    public static void answer(RoutingContext context, ErrorCode code, String detail, Map<String, Object> members) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.headWritten()) {
            return;
        }
        response.headers().remove("Content-Length").remove("Transfer-Encoding");
        response.setStatusCode(code.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store");
        if (code == ErrorCode.UNAUTHENTICATED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (members.get("retryAfterSeconds") instanceof Number seconds) {
            response.putHeader("Retry-After", Long.toString(seconds.longValue()));
        } else if (code == ErrorCode.UNAVAILABLE) {
            response.putHeader("Retry-After", "2");
        }
        response.end(new Problem(code, detail, RequestTrace.of(context).id(), members).toJson());
    }
}
