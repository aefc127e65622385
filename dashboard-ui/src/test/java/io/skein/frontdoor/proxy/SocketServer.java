package io.skein.frontdoor.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@link SocketStandIn} starts, in a class loader of its own. */
public final class SocketServer {

    private final Vertx vertx = Vertx.vertx();

    /** The port it listens on. */
    public int start() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setMaxWebSocketFrameSize(16 << 20)
                .setMaxWebSocketMessageSize(16 << 20)
                .setWebSocketSubProtocols(List.of("events.v2"));
        return vertx.createHttpServer(options)
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
                .webSocketHandler(SocketServer::serve)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static void serve(ServerWebSocket socket) {
        if (socket.path().endsWith("/flood")) {
            flood(socket, 0);
            return;
        }
        // By hand: the library looks for its JSON parser in the application's class loader.
        MultiMap seen = socket.headers();
        String headers = seen.names().stream()
                .map(name -> "\"" + name.toLowerCase(Locale.ROOT) + "\":\""
                        + seen.get(name).replace("\"", "'") + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        socket.closeHandler(closed ->
                System.setProperty(SocketStandIn.CLOSED_WITH, socket.closeStatusCode() + " " + socket.closeReason()));
        socket.textMessageHandler(text -> {
            switch (text) {
                case "headers" -> socket.writeTextMessage(headers);
                case "close" -> socket.close((short) 4007, "done with you");
                case "vanish" -> System.setProperty(SocketStandIn.CLOSED_WITH, "vanished");
                case "large" -> socket.writeTextMessage("x".repeat(EdgeProfile.MAX_MESSAGE + 1));
                default -> socket.writeTextMessage("echo:" + text);
            }
        });
        socket.binaryMessageHandler(socket::writeBinaryMessage);
    }

    /** As much as fits, then whenever there is room again. */
    private static void flood(ServerWebSocket socket, int from) {
        Buffer part = Buffer.buffer(new byte[16 * 1024]);
        for (int i = from; i < SocketStandIn.FLOOD_MIB * 64; i++) {
            if (socket.isClosed()) {
                return;
            }
            socket.writeBinaryMessage(part);
            System.setProperty(SocketStandIn.WRITTEN, Integer.toString((i + 1) * part.length()));
            if (socket.writeQueueFull()) {
                int next = i + 1;
                socket.drainHandler(room -> flood(socket, next));
                return;
            }
        }
        socket.close();
    }
}
