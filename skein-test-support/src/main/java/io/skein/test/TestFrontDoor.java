package io.skein.test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** Stands in for the front door's two endpoints that services call: the key set and the service token. */
final class TestFrontDoor {

    private final HttpServer server;

    private TestFrontDoor(HttpServer server) {
        this.server = server;
    }

    static TestFrontDoor start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/auth/jwks", exchange -> answer(exchange, TestTokens.jwks()));
        server.createContext("/api/v1/auth/service-token", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String service = body.replaceAll("(?s).*\"service\"\\s*:\\s*\"([^\"]+)\".*", "$1");
            answer(exchange, "{\"accessToken\":\"" + TestTokens.service(service) + "\",\"expiresIn\":600}");
        });
        server.start();
        return new TestFrontDoor(server);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void stop() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
