package io.skein.frontdoor.proxy;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.apitokens.TokenExchange;
import io.skein.frontdoor.apitokens.TokenText;
import io.skein.frontdoor.tokens.TokenVerifier;
import io.skein.platform.auth.Role;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

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

    /** What an API token may do at the front door's own endpoints: nothing there that would outlive it. */
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    @Inject
    Vertx vertx;

    @Inject
    TokenVerifier verifier;

    @Inject
    TokenExchange apiTokens;

    @Inject
    Forwarder forwarder;

    void register(@Observes Filters filters) {
        filters.register(this::handle, PRIORITY);
    }

    private void handle(RoutingContext context) {
        switch (ApiPath.of(context.request().path(), context.normalizedPath())) {
            case ApiPath.Elsewhere elsewhere -> context.next();
            case ApiPath.Own own -> admitToOwn(context);
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
        Optional<String> bearer = bearer(context);
        if (bearer.filter(TokenText::isMeant).isPresent()) {
            exchange(context, bearer.get(), verified -> forwarder.forward(context, service));
            return;
        }
        Optional<TokenVerifier.Verified> verified = bearer.flatMap(verifier::verify);
        if (verified.isEmpty()) {
            Problems.answer(context, ErrorCode.UNAUTHENTICATED, "Send a valid access token as Authorization: Bearer …");
        } else if (verified.get().groups().contains(Role.Names.SERVICE)) {
            // Services call each other directly; a service token out here has left the house.
            Problems.answer(context, ErrorCode.FORBIDDEN, "Service tokens are not accepted from outside the fleet.");
        } else {
            forwarder.forward(context, service);
        }
    }

    /** The endpoints check access tokens themselves; they know no API tokens. */
    private void admitToOwn(RoutingContext context) {
        Optional<String> apiToken = bearer(context).filter(TokenText::isMeant);
        if (apiToken.isEmpty()) {
            context.next();
            return;
        }
        exchange(context, apiToken.get(), verified -> {
            if (READS.contains(context.request().method())) {
                context.next();
            } else {
                // A new password, account or token would still be there when this one is revoked.
                Problems.answer(
                        context, ErrorCode.FORBIDDEN, "Sign in for this; with an API token you can only read here.");
            }
        });
    }

    /** Puts the access token of its owner in the place of the API token; nobody behind the gate sees that. */
    private void exchange(RoutingContext context, String apiToken, Consumer<TokenVerifier.Verified> then) {
        Future<TokenExchange.Outcome> exchanged =
                apiTokens.exchange(apiToken, context.request().remoteAddress().hostAddress());
        if (exchanged.isComplete()) {
            exchanged(context, exchanged.result(), then);
        } else {
            Context here = vertx.getOrCreateContext();
            exchanged.onSuccess(outcome -> here.runOnContext(ignored -> exchanged(context, outcome, then)));
        }
    }

    private static void exchanged(
            RoutingContext context, TokenExchange.Outcome outcome, Consumer<TokenVerifier.Verified> then) {
        switch (outcome) {
            case TokenExchange.Granted granted -> {
                context.request().headers().set("Authorization", "Bearer " + granted.accessToken());
                then.accept(granted.verified());
            }
            case TokenExchange.Refused refused -> {
                if (refused.retryAfterSeconds() > 0) {
                    context.response().putHeader("Retry-After", Long.toString(refused.retryAfterSeconds()));
                }
                Problems.answer(context, refused.code(), refused.why());
            }
        }
    }

    private static Optional<String> bearer(RoutingContext context) {
        List<String> headers = context.request().headers().getAll("authorization");
        if (headers.size() != 1 || !headers.getFirst().regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        return Optional.of(headers.getFirst().substring(7).strip());
    }
}
