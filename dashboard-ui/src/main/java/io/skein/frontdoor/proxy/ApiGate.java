package io.skein.frontdoor.proxy;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.apitokens.TokenExchange;
import io.skein.frontdoor.apitokens.TokenText;
import io.skein.frontdoor.cors.AllowedOrigins;
import io.skein.frontdoor.limits.RateLimiter;
import io.skein.frontdoor.limits.RateLimiter.Asker;
import io.skein.frontdoor.tokens.TokenVerifier;
import io.skein.platform.auth.Role;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Stands before everything below {@code /api}, and before the MCP server: finds whose the path is, lets only valid tokens of people through, and no more
 * requests than the limits allow.
 */
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

    private static final Set<HttpMethod> TOOL_METHODS =
            Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE, HttpMethod.OPTIONS);

    /** What an API token may do at the front door's own endpoints: nothing there that would outlive it. */
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Without a limit: the fleet needs them to work at all, they cost nothing or have a throttle of their own. */
    private static final Set<String> UNLIMITED = Set.of("/api/v1/auth/jwks", "/api/v1/auth/service-token");

    @Inject
    TokenVerifier verifier;

    @Inject
    OpenStreams streams;

    @Inject
    TokenExchange apiTokens;

    @Inject
    RateLimiter limits;

    @Inject
    Forwarder forwarder;

    @Inject
    WebSocketRelay sockets;

    @Inject
    AllowedOrigins origins;

    void register(@Observes Filters filters) {
        filters.register(this::handle, PRIORITY);
    }

    private void handle(RoutingContext context) {
        switch (ApiPath.of(context.request().method().name(), context.request().path(), context.normalizedPath())) {
            case ApiPath.Elsewhere elsewhere -> context.next();
            case ApiPath.Own own -> admitOwn(context);
            case ApiPath.Unknown unknown ->
                Problems.answer(context, ErrorCode.NOT_FOUND, "There is nothing at this address.");
            case ApiPath.Ambiguous ambiguous ->
                Problems.answer(context, ErrorCode.VALIDATION_FAILED, "The path is written in an ambiguous way.");
            case ApiPath.Upstream upstream -> admit(context, upstream.service());
            case ApiPath.Tools tools -> admitTools(context);
            case ApiPath.Delivery delivery -> admitDelivery(context, delivery.service());
        }
    }

    /**
     * Lets a stranger through to a webhook, limited by address as everybody without a token is. What the stranger shows in
     * Authorization is for the service; a token of ours has no business there and goes no further.
     */
    private void admitDelivery(RoutingContext context, Service service) {
        if (context.request().headers().getAll("host").size() > 1) {
            Problems.answer(context, ErrorCode.VALIDATION_FAILED, "There is more than one Host header.");
            return;
        }
        if (token(context)
                .filter(token ->
                        TokenText.isMeant(token) || verifier.verify(token).isPresent())
                .isPresent()) {
            context.request().headers().remove("Authorization");
        }
        // No answer there is a stream, whatever a stranger says to accept.
        context.request().headers().set("Accept", "application/json");
        limited(context, Optional.empty(), () -> forwarder.forwardRead(context, service));
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
        identified(context, verified -> limited(context, verified, () -> pass(context, service, verified)));
    }

    /** Models' clients: the same tokens and limits as everywhere, and no page of another origin (MCP 2025-06-18, transports). */
    private void admitTools(RoutingContext context) {
        if (!TOOL_METHODS.contains(context.request().method())) {
            Problems.answer(context, ErrorCode.METHOD_NOT_ALLOWED, null);
            return;
        }
        if (!origins.mayConnect(context.request())) {
            Problems.answer(
                    context,
                    ErrorCode.FORBIDDEN,
                    "Pages of that origin may not connect here; SKEIN_FRONTDOOR_CORS_ORIGINS lists those that may.");
            return;
        }
        identified(
                context,
                verified -> limited(context, verified, () -> {
                    if (isPerson(context, verified)) {
                        if (context.request().method() == HttpMethod.GET) {
                            streams.watch(context, verified.get());
                        }
                        context.next();
                    }
                }));
    }

    /** False when it was answered: nobody's token, or a service's, which has left the house when it comes from out here. */
    private static boolean isPerson(RoutingContext context, Optional<TokenVerifier.Verified> verified) {
        if (verified.isEmpty()) {
            Problems.answer(context, ErrorCode.UNAUTHENTICATED, "Send a valid access token as Authorization: Bearer …");
            return false;
        }
        if (verified.get().groups().contains(Role.Names.SERVICE)) {
            Problems.answer(context, ErrorCode.FORBIDDEN, "Service tokens are not accepted from outside the fleet.");
            return false;
        }
        return true;
    }

    private void pass(RoutingContext context, Service service, Optional<TokenVerifier.Verified> verified) {
        if (!isPerson(context, verified)) {
            return;
        }
        if (WebSocketRelay.isUpgrade(context.request())) {
            String token = token(context).orElseThrow();
            sockets.relay(
                    context,
                    service,
                    verified.get().claims().getClaimValueAsString("sub"),
                    token,
                    () -> verifier.verify(token).isPresent());
        } else {
            if (Forwarder.isStream(context.request())) {
                streams.watch(context, verified.get());
            }
            forwarder.forward(context, service);
        }
    }

    /** The endpoints check access tokens themselves; they know no API tokens. */
    private void admitOwn(RoutingContext context) {
        if (UNLIMITED.contains(context.request().path())) {
            context.next();
            return;
        }
        boolean mayChange = token(context).filter(TokenText::isMeant).isEmpty()
                || READS.contains(context.request().method());
        identified(
                context,
                verified -> limited(context, verified, () -> {
                    if (mayChange) {
                        context.next();
                    } else {
                        // A new password, account or token would still be there when this one is revoked.
                        Problems.answer(
                                context,
                                ErrorCode.FORBIDDEN,
                                "Sign in for this; with an API token you can only read here.");
                    }
                }));
    }

    /** Goes on with whom the token speaks for; an API token that speaks for nobody is answered here. */
    private void identified(RoutingContext context, Consumer<Optional<TokenVerifier.Verified>> then) {
        Optional<String> token = token(context);
        if (token.filter(TokenText::isMeant).isEmpty()) {
            then.accept(token.flatMap(verifier::verify));
            return;
        }
        Future<TokenExchange.Outcome> exchanged = apiTokens.exchange(
                token.get(), context.request().remoteAddress().hostAddress());
        if (exchanged.isComplete()) {
            exchanged(context, exchanged.result(), then);
        } else {
            Context here = Vertx.currentContext();
            exchanged.onSuccess(outcome -> here.runOnContext(ignored -> exchanged(context, outcome, then)));
        }
    }

    /** Puts the access token of its owner in the place of the API token; nobody behind the gate sees that. */
    private void exchanged(
            RoutingContext context, TokenExchange.Outcome outcome, Consumer<Optional<TokenVerifier.Verified>> then) {
        switch (outcome) {
            case TokenExchange.Granted granted -> {
                context.request().headers().set("Authorization", "Bearer " + granted.accessToken());
                then.accept(Optional.of(granted.verified()));
            }
            case TokenExchange.Refused refused ->
                limited(context, Optional.empty(), () -> {
                    if (refused.retryAfterSeconds() > 0) {
                        context.response().putHeader("Retry-After", Long.toString(refused.retryAfterSeconds()));
                    }
                    Problems.answer(context, refused.code(), refused.why());
                });
        }
    }

    /** Goes on, on the request's own thread, if the limits allow it. */
    private void limited(RoutingContext context, Optional<TokenVerifier.Verified> verified, Runnable next) {
        Context own = Vertx.currentContext();
        Asker asker = verified.<Asker>map(ApiGate::person)
                .orElseGet(() ->
                        new Asker.Address(context.request().remoteAddress().hostAddress()));
        limits.admit(asker, context.request().method().name(), context.request().path())
                .onComplete(admission -> own.runOnContext(now -> {
                    if (admission.failed()) {
                        context.fail(admission.cause());
                    } else if (!context.response().closed() && LimitAnswers.mayGoOn(context, admission.result())) {
                        next.run();
                    }
                }));
    }

    private static Asker.Person person(TokenVerifier.Verified verified) {
        return new Asker.Person(
                String.valueOf(verified.claims().getClaimValueAsString("sub")),
                String.valueOf(verified.claims().getClaimValueAsString("upn")),
                Optional.ofNullable(verified.claims().getClaimValueAsString("team"))
                        .orElse("default"));
    }

    private static Optional<String> token(RoutingContext context) {
        HttpServerRequest request = context.request();
        List<String> headers = request.headers().getAll("authorization");
        return headers.isEmpty() && WebSocketRelay.isUpgrade(request)
                ? WebSocketProtocols.of(request).token()
                : bearer(headers);
    }

    private static Optional<String> bearer(List<String> headers) {
        if (headers.size() != 1 || !headers.getFirst().regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        return Optional.of(headers.getFirst().substring(7).strip());
    }
}
