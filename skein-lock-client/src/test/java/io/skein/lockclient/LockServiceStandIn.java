package io.skein.lockclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** The lock service's JSON over HTTP, for one resource; a test says who else holds it and what goes wrong. */
final class LockServiceStandIn implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<String> asked = new CopyOnWriteArrayList<>();
    final Map<String, String> places = new ConcurrentHashMap<>();
    volatile boolean heldByAnother;
    volatile boolean renewalsRefused;
    volatile boolean tooManyRenewals;
    volatile Long remainingMillis;
    volatile boolean away;
    volatile String held;

    private final HttpServer server;
    private long token;

    LockServiceStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/locks", this::handle);
        server.start();
    }

    LockCalls calls() {
        return new LockCalls(
                null,
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                () -> "token",
                () -> "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    long count(String begin) {
        return asked.stream().filter(line -> line.startsWith(begin)).count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/api/v1/locks".length());
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(exchange.getRequestMethod() + " " + path);
        if (away) {
            answer(exchange, 503, "{\"code\":\"unavailable\"}");
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            delete(exchange, path);
        } else if (path.endsWith("/renew") && tooManyRenewals) {
            answer(exchange, 429, "{\"code\":\"rate_limited\"}");
        } else if (path.endsWith("/renew")) {
            boolean ok = !renewalsRefused && path.contains(String.valueOf(held));
            answer(
                    exchange,
                    ok ? 200 : 409,
                    ok ? lock() : "{\"code\":\"lock_expired\",\"lockStatus\":\"overridden\",\"detail\":\"taken\"}");
        } else {
            acquire(exchange, JSON.readTree(body));
        }
    }

    private void acquire(HttpExchange exchange, JsonNode request) throws IOException {
        boolean waited = places.containsKey(request.path("requestId").asText());
        String id = places.computeIfAbsent(
                request.path("requestId").asText(), r -> UUID.randomUUID().toString());
        long until = System.nanoTime() + request.path("waitSeconds").asLong() * 1_000_000_000;
        while (heldByAnother && System.nanoTime() < until) {
            pause();
        }
        if (!heldByAnother) {
            synchronized (this) {
                if (!id.equals(held)) {
                    token++;
                    held = id;
                }
            }
            answer(exchange, 201, lock());
        } else if (waited
                || request.path("queueSeconds").asLong()
                        > request.path("waitSeconds").asLong()) {
            answer(exchange, 202, "{\"id\":\"" + id + "\",\"status\":\"waiting\",\"position\":1}");
        } else {
            answer(exchange, 409, "{\"code\":\"lock_held\",\"holder\":{\"ownerId\":\"eve\"}}");
        }
    }

    private void delete(HttpExchange exchange, String path) throws IOException {
        if (path.startsWith("/queue/")) {
            boolean waiting = heldByAnother && places.values().remove(path.substring("/queue/".length()));
            answer(exchange, waiting ? 204 : 404, waiting ? "" : "{\"code\":\"not_found\"}");
        } else if (path.equals("/" + held)) {
            held = null;
            answer(exchange, 204, "");
        } else {
            answer(exchange, 409, "{\"code\":\"lock_expired\",\"lockStatus\":\"released\"}");
        }
    }

    private String lock() {
        return "{\"id\":\"" + held
                + "\",\"status\":\"held\",\"resourceIds\":[\"host:nas01\"],\"fencingTokens\":{\"host:nas01\":" + token
                + "},\"remainingMillis\":" + remainingMillis + ",\"new\":\"field\"}";
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (exchange) {
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
