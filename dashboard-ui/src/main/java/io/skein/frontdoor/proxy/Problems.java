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
        if (code == ErrorCode.UNAVAILABLE) {
            response.putHeader("Retry-After", "2");
        }
        response.end(new Problem(code, detail, traceId(context), Map.of()).toJson());
    }

    private static String traceId(RoutingContext context) {
        String traceparent = context.request().getHeader("traceparent");
        return traceparent != null && traceparent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
                ? traceparent.substring(3, 35)
                : null;
    }
}
