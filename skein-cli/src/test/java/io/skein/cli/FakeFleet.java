package io.skein.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** A stand-in for the front door on a real socket, which answers what the test put there and notes what it was asked. */
public final class FakeFleet implements AutoCloseable {
    /** What a route does. */
    @FunctionalInterface
    public interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();

    public FakeFleet() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        on("/auth/sign-in", exchange -> json(exchange, 200, "{\"accessToken\":\"t1\",\"expiresIn\":600}"));
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    public Queue<String> calls() {
        return calls;
    }

    public void on(String path, Answer answer) {
        server.createContext("/api/v1" + path, exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                calls.add((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).strip());
                answer.give(exchange);
            }
        });
    }

    public static void json(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Starts an event stream that stays open until the exchange is closed. */
    public static OutputStream stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    public static void event(OutputStream out, long id, String name, String data) throws IOException {
        out.write(("id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** A state folder as {@code ./skein up} leaves it, pointing here. */
    public Path state(Path folder) throws IOException {
        Path local = Files.createDirectories(folder.resolve("local"));
        Files.writeString(
                local.resolve("credentials.json"),
                new ObjectMapper().writeValueAsString(Map.of("url", url(), "username", "admin", "password", "secret")));
        return folder;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
