package io.skein.frontdoor.proxy;

import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.cors.AllowedOrigins;
import io.skein.platform.problem.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Passes a WebSocket to a service. The service is connected first, so that its refusal is an answer the client can read; then the
 * client's handshake is completed and the two are joined.
 */
@ApplicationScoped
class WebSocketRelay {

    private static final Logger LOG = Logger.getLogger(WebSocketRelay.class);

    @Inject
    Vertx vertx;

    @Inject
    UpstreamConfig upstream;

    @Inject
    WebSocketConfig config;

    @Inject
    AllowedOrigins origins;

    private final Map<String, Integer> open = new HashMap<>();
    private WebSocketClient client;

    @PostConstruct
    void prepare() {
        int limit = Math.toIntExact(config.maxMessage().asLongValue());
        client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setConnectTimeout(Math.toIntExact(upstream.connectTimeout().toMillis()))
                .setMaxConnections(upstream.maxStreams())
                .setMaxFrameSize(limit)
                .setMaxMessageSize(limit));
    }

    @PreDestroy
    void close() {
        client.close();
    }

    static boolean isUpgrade(HttpServerRequest request) {
        return request.method() == HttpMethod.GET
                && request.version() == HttpVersion.HTTP_1_1
                && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    }

    /**
     * @param subject whose connection it is
     * @param token what the service gets as the bearer token
     * @param stillAllowed whether the caller's token is still good
     */
    void relay(RoutingContext context, Service service, String subject, String token, BooleanSupplier stillAllowed) {
        HttpServerRequest request = context.request();
        if (!origins.mayConnect(request)) {
            Problems.answer(
                    context,
                    ErrorCode.FORBIDDEN,
                    "Pages of that origin may not connect here; SKEIN_FRONTDOOR_CORS_ORIGINS lists those that may.");
            return;
        }
        if (!enter(subject)) {
            Problems.answer(
                    context,
                    ErrorCode.RATE_LIMITED,
                    "You have " + config.perUser() + " connections open; close one first.",
                    Map.of("limit", "websockets_per_user", "retryAfterSeconds", 10L));
            return;
        }
        request.pause();
        WebSocketProtocols protocols = WebSocketProtocols.of(request);
        client.connect(options(context, service, protocols, token))
                .onFailure(e -> {
                    leave(subject);
                    refused(context, service, e);
                })
                .onSuccess(socket -> {
                    socket.pause();
                    accept(context, socket, protocols, stillAllowed, () -> leave(subject));
                });
    }

    private WebSocketConnectOptions options(
            RoutingContext context, Service service, WebSocketProtocols protocols, String token) {
        HttpServerRequest request = context.request();
        URI url = service.url(upstream);
        boolean tls = "https".equals(url.getScheme());
        MultiMap headers = Headers.forService(request, RequestTrace.of(context));
        headers.names().stream()
                .filter(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-"))
                .toList()
                .forEach(headers::remove);
        headers.remove("Origin");
        headers.set("Authorization", "Bearer " + token);
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                // The client would make one up, of the service's own address.
                .setAllowOriginHeader(false)
                .setSsl(tls)
                .setHost(url.getHost())
                .setPort(url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80)
                .setURI(request.path() + (request.query() == null ? "" : "?" + request.query()))
                .setTimeout(upstream.responseTimeout().toMillis());
        options.setHeaders(headers);
        // Ours is between the client and us; a service that was offered protocols and chooses none is refused.
        protocols.names().stream()
                .filter(name -> !name.equals(WebSocketProtocols.OURS))
                .forEach(options::addSubProtocol);
        return options;
    }

    private void accept(
            RoutingContext context,
            WebSocket service,
            WebSocketProtocols protocols,
            BooleanSupplier stillAllowed,
            Runnable over) {
        HttpServerRequest request = context.request();
        Optional<String> chosen = protocols.chosen(service.subProtocol());
        chosen.ifPresentOrElse(name -> request.headers().set("Sec-WebSocket-Protocol", name), () -> request.headers()
                .remove("Sec-WebSocket-Protocol"));
        request.toWebSocket()
                .onFailure(e -> {
                    over.run();
                    service.close((short) 1001, "the client is gone");
                    LOG.debugf("handshake with the client failed: %s", e.getMessage());
                })
                .onSuccess(socket -> {
                    socket.pause();
                    new WebSocketPair(vertx, socket, service, config, stillAllowed, over).join();
                });
    }

    /** The service's own refusal is passed on; where it gave none, it could not be reached. */
    private void refused(RoutingContext context, Service service, Throwable cause) {
        if (cause instanceof UpgradeRejectedException rejected && rejected.getStatus() >= 400) {
            String type = rejected.getHeaders().get("Content-Type");
            if (type != null && type.startsWith(Problem.MEDIA_TYPE) && rejected.getBody() != null) {
                context.response()
                        .setStatusCode(rejected.getStatus())
                        .putHeader("Content-Type", Problem.MEDIA_TYPE)
                        .putHeader("Cache-Control", "no-store")
                        .end(rejected.getBody());
                return;
            }
            ErrorCode code = rejected.getStatus() == 404 ? ErrorCode.NOT_FOUND : ErrorCode.UPSTREAM_FAILED;
            Problems.answer(
                    context, code, "The " + service.wire() + " refused the connection (" + rejected.getStatus() + ").");
        } else {
            LOG.warnf("no WebSocket with %s at %s: %s", service.wire(), service.url(upstream), cause.getMessage());
            Problems.answer(context, ErrorCode.UPSTREAM_FAILED, "The " + service.wire() + " cannot be reached.");
        }
    }

    private synchronized boolean enter(String subject) {
        int already = open.getOrDefault(subject, 0);
        if (already >= config.perUser()) {
            return false;
        }
        open.put(subject, already + 1);
        return true;
    }

    private synchronized void leave(String subject) {
        open.computeIfPresent(subject, (who, count) -> count == 1 ? null : count - 1);
    }
}
