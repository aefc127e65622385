package io.skein.frontdoor.proxy;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A runtime service with WebSockets. What it saw is left in system properties: test and server live in different class loaders.
 */
public class SocketStandIn implements QuarkusTestResourceLifecycleManager {

    /** The code the last connection to {@code /runtime/echo} was closed with. */
    static final String CLOSED_WITH = "skein.test.socket-closed-with";

    /** How many bytes {@code /runtime/flood} could write so far. */
    static final String WRITTEN = "skein.test.socket-written";

    static final int FLOOD_MIB = 256;

    private final Vertx vertx = Vertx.vertx();

    @Override
    public int order() {
        return 10;
    }

    @Override
    public Map<String, String> start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setMaxWebSocketFrameSize(16 << 20)
                .setMaxWebSocketMessageSize(16 << 20)
                .setWebSocketSubProtocols(List.of("events.v2"));
        int port = vertx.createHttpServer(options)
                .requestHandler(request -> request.response()
                        .setStatusCode(403)
                        .putHeader("Content-Type", "application/problem+json")
                        .end("{\"code\":\"forbidden\",\"status\":403}"))
                .webSocketHandshakeHandler(handshake -> {
                    if (handshake.path().endsWith("/refused")) {
                        handshake.reject(409);
                    } else {
                        handshake.accept();
                    }
                })
                .webSocketHandler(SocketStandIn::serve)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        return Map.of("SKEIN_RUNTIME_URL", "http://127.0.0.1:" + port);
    }

    @Override
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static void serve(ServerWebSocket socket) {
        if (socket.path().endsWith("/flood")) {
            flood(socket, 0);
            return;
        }
        JsonObject headers = new JsonObject();
        MultiMap seen = socket.headers();
        seen.names().forEach(name -> headers.put(name.toLowerCase(java.util.Locale.ROOT), seen.get(name)));
        socket.closeHandler(
                closed -> System.setProperty(CLOSED_WITH, socket.closeStatusCode() + " " + socket.closeReason()));
        socket.textMessageHandler(text -> {
            switch (text) {
                case "headers" -> socket.writeTextMessage(headers.encode());
                case "close" -> socket.close((short) 4007, "done with you");
                case "vanish" -> System.setProperty(CLOSED_WITH, "vanished");
                case "large" -> socket.writeTextMessage("x".repeat(EdgeProfile.MAX_MESSAGE + 1));
                default -> socket.writeTextMessage("echo:" + text);
            }
        });
        socket.binaryMessageHandler(socket::writeBinaryMessage);
    }

    /** As much as fits, then whenever there is room again. */
    private static void flood(ServerWebSocket socket, int from) {
        Buffer part = Buffer.buffer(new byte[16 * 1024]);
        for (int i = from; i < FLOOD_MIB * 64; i++) {
            if (socket.isClosed()) {
                return;
            }
            socket.writeBinaryMessage(part);
            System.setProperty(WRITTEN, Integer.toString((i + 1) * part.length()));
            if (socket.writeQueueFull()) {
                int next = i + 1;
                socket.drainHandler(room -> flood(socket, next));
                return;
            }
        }
        socket.close();
    }
}
