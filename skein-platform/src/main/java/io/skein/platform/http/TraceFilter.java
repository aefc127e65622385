package io.skein.platform.http;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Takes over the caller's trace before anything else looks at the request, and puts it on every log line. */
class TraceFilter {

    @Inject
    Trace trace;

    @ServerRequestFilter(preMatching = true, priority = 1)
    void begin(ContainerRequestContext request) {
        trace.adopt(request.getHeaderString("traceparent"));
        MDC.put("traceId", trace.id());
    }
}
