package io.skein.frontdoor.proxy;

import io.skein.platform.http.Trace;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/** The trace one request belongs to: the caller's, else one that begins here. The same for the service and for a refusal. */
record RequestTrace(String traceparent) {

    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    static RequestTrace of(RoutingContext context) {
        RequestTrace known = context.get(RequestTrace.class.getName());
        if (known != null) {
            return known;
        }
        String sent = context.request().getHeader("traceparent");
        RequestTrace trace = new RequestTrace(
                sent != null && TRACEPARENT.matcher(sent).matches() ? sent : Trace.traceparent(Trace.newId()));
        context.put(RequestTrace.class.getName(), trace);
        return trace;
    }

    /** 32 hex digits. */
    String id() {
        return traceparent.substring(3, 35);
    }
}
