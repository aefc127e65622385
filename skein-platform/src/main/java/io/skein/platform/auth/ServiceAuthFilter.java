package io.skein.platform.auth;

import io.quarkus.arc.Arc;
import io.skein.platform.http.Trace;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;

/** Puts this service's token and, unless the call already names one, the current trace on a call to another service. */
@ApplicationScoped
public class ServiceAuthFilter implements ClientRequestFilter {

    private static final String TRACEPARENT = "traceparent";

    @Inject
    ServiceTokens tokens;

    @Inject
    Trace trace;

    @Override
    public void filter(ClientRequestContext request) {
        request.getHeaders().putSingle(HttpHeaders.AUTHORIZATION, "Bearer " + tokens.current());
        if (!request.getHeaders().containsKey(TRACEPARENT)) {
            boolean inRequest = Arc.container().requestContext().isActive();
            request.getHeaders().putSingle(TRACEPARENT, Trace.traceparent(inRequest ? trace.id() : Trace.newId()));
        }
    }
}
