package io.skein.frontdoor.proxy;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.tokens.TokenVerifier;
import io.skein.platform.auth.Role;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Stands before everything below {@code /api}: finds whose the path is, and lets only valid tokens of people through. */
@ApplicationScoped
class ApiGate {

    /** After the security headers and the body limit, before the front door's own endpoints. */
    private static final int PRIORITY = 500;

    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);

    @Inject
    TokenVerifier verifier;

    @Inject
    Forwarder forwarder;

    void register(@Observes Filters filters) {
        filters.register(this::handle, PRIORITY);
    }

    private void handle(RoutingContext context) {
        switch (ApiPath.of(context.request().path(), context.normalizedPath())) {
            case ApiPath.Elsewhere elsewhere -> context.next();
            case ApiPath.Own own -> context.next();
            case ApiPath.Unknown unknown ->
                Problems.answer(context, ErrorCode.NOT_FOUND, "There is nothing at this address.");
            case ApiPath.Ambiguous ambiguous ->
                Problems.answer(context, ErrorCode.VALIDATION_FAILED, "The path is written in an ambiguous way.");
            case ApiPath.Upstream upstream -> admit(context, upstream.service());
        }
    }

    private void admit(RoutingContext context, Service service) {
        if (!METHODS.contains(context.request().method())) {
            Problems.answer(context, ErrorCode.METHOD_NOT_ALLOWED, null);
            return;
        }
        if (context.request().headers().getAll("host").size() > 1) {
            Problems.answer(context, ErrorCode.VALIDATION_FAILED, "There is more than one Host header.");
            return;
        }
        Optional<TokenVerifier.Verified> verified =
                bearer(context.request().headers().getAll("authorization")).flatMap(verifier::verify);
        if (verified.isEmpty()) {
            Problems.answer(context, ErrorCode.UNAUTHENTICATED, "Send a valid access token as Authorization: Bearer …");
        } else if (verified.get().groups().contains(Role.Names.SERVICE)) {
            // Services call each other directly; a service token out here has left the house.
            Problems.answer(context, ErrorCode.FORBIDDEN, "Service tokens are not accepted from outside the fleet.");
        } else {
            forwarder.forward(context, service);
        }
    }

    private static Optional<String> bearer(List<String> headers) {
        if (headers.size() != 1 || !headers.getFirst().regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        return Optional.of(headers.getFirst().substring(7).strip());
    }
}
