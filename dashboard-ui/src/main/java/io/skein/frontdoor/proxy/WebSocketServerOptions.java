package io.skein.frontdoor.proxy;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** How the server itself reads WebSockets. */
@ApplicationScoped
class WebSocketServerOptions implements HttpServerOptionsCustomizer {

    @Inject
    WebSocketConfig config;

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        customize(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customize(options);
    }

    private void customize(HttpServerOptions options) {
        int limit = Math.toIntExact(config.maxMessage().asLongValue());
        options.setMaxWebSocketFrameSize(limit)
                .setMaxWebSocketMessageSize(limit)
                // Whichever protocol the relay has put into the request, which is the one the service chose.
                .setWebSocketSubProtocols(List.of("*"))
                // A small compressed frame may unfold to any size before its size is known.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }
}
