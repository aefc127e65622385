package io.skein.frontdoor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * One small server per service. Each answers what it was asked, so that a test sees what came through. The infra agent's
 * address has nobody listening.
 */
public class StandIns implements QuarkusTestResourceLifecycleManager {

    static final String KEY_SECRET = "a-key-secret-for-tests-of-32-characters";
    static final String SETUP_TOKEN = "setup-token-for-tests";
    public static final String BROKER_SECRET = "a-broker-secret-for-tests-of-40-letters-";
    static final String LOCK_SECRET = "secret-of-the-lock-service";

    /** Set once the reader of an endless stream is noticed to be gone; test and servers live in different class loaders. */
    public static final String READER_GONE = "skein.test.reader-gone";

    private final Map<String, HttpServer> servers = new LinkedHashMap<>();

    @Override
    public Map<String, String> start() {
        Map<String, String> config = new HashMap<>();
        try {
            for (String service : List.of("orchestrator", "registry", "runtime", "lock", "audit")) {
                HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
                server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
                server.createContext("/", exchange -> handle(service, exchange));
                server.start();
                servers.put(service, server);
                config.put(
                        "SKEIN_" + service.toUpperCase(java.util.Locale.ROOT) + "_URL",
                        "http://127.0.0.1:" + server.getAddress().getPort());
            }
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                config.put("SKEIN_INFRA_AGENT_URL", "http://127.0.0.1:" + socket.getLocalPort());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        config.put("SKEIN_FRONTDOOR_KEY_SECRET", KEY_SECRET);
        config.put("SKEIN_FRONTDOOR_SETUP_TOKEN", SETUP_TOKEN);
        config.put(
                "SKEIN_FRONTDOOR_SERVICE_SECRETS",
                "lock-service=" + LOCK_SECRET + ",audit-service=secret-of-the-audit-service");
        config.put("SKEIN_FRONTDOOR_BROKER_SECRET", BROKER_SECRET);
        config.put("SKEIN_FRONTDOOR_RESPONSE_TIMEOUT", "1s");
        return config;
    }

    @Override
    public void stop() {
        servers.values().forEach(server -> server.stop(0));
    }

    private static void handle(String service, HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            if (path.equals("/q/health/ready")) {
                boolean up = !service.equals("audit");
                answer(
                        exchange,
                        up ? 200 : 503,
                        Map.of(
                                "status",
                                up ? "UP" : "DOWN",
                                "checks",
                                List.of(Map.of("name", "RabbitMQ", "status", up ? "UP" : "DOWN"))));
            } else if (path.equals("/q/openapi")) {
                answer(exchange, 200, Map.of("openapi", "3.1.0", "info", Map.of("title", service)));
            } else if (path.endsWith("/endless/stream")) {
                endless(exchange);
            } else if (path.endsWith("/stream")) {
                stream(exchange);
            } else if (path.endsWith("/slow")) {
                pause(3000);
                answer(exchange, 200, Map.of("service", service));
            } else if (path.endsWith("/cut")) {
                exchange.sendResponseHeaders(200, 1_000_000);
                exchange.getResponseBody().write(new byte[5000]);
                exchange.getResponseBody().flush();
            } else if (path.endsWith("/stalled")) {
                exchange.sendResponseHeaders(200, 1_000_000);
                exchange.getResponseBody().write(new byte[5000]);
                exchange.getResponseBody().flush();
                pause(6000);
            } else if (path.endsWith("/download")) {
                exchange.sendResponseHeaders(200, 0);
                byte[] part = new byte[64 * 1024];
                for (int i = 0; i < 80; i++) {
                    exchange.getResponseBody().write(part);
                }
            } else {
                echo(service, exchange, path);
            }
        }
    }

    private static void echo(String service, HttpExchange exchange, String path) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Map<String, String> headers = new TreeMap<>(exchange.getRequestHeaders().entrySet().stream()
                .collect(Collectors.toMap(
                        e -> e.getKey().toLowerCase(java.util.Locale.ROOT), e -> String.join(", ", e.getValue()))));
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("service", service);
        seen.put("method", exchange.getRequestMethod());
        seen.put("path", path);
        seen.put("connection", exchange.getRemoteAddress().getPort());
        seen.put("query", String.valueOf(exchange.getRequestURI().getRawQuery()));
        seen.put("headers", headers);
        seen.put("bodyLength", body.length);
        seen.put("body", new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8));
        int status = exchange.getRequestMethod().equals("POST") ? 201 : 200;
        String host = exchange.getLocalAddress().getHostString() + ":"
                + exchange.getLocalAddress().getPort();
        exchange.getResponseHeaders().set("Location", "http://" + host + path + "/1");
        exchange.getResponseHeaders().set("ETag", "\"v1\"");
        exchange.getResponseHeaders().set("Set-Cookie", "service=1");
        exchange.getResponseHeaders().set("Content-Security-Policy", "default-src *");
        exchange.getResponseHeaders().set("X-Only-For-The-Next-Hop", "1");
        exchange.getResponseHeaders().set("Keep-Alive", "timeout=5");
        answer(exchange, status, seen);
    }

    /** Three events, a second and a half apart: longer than the time an ordinary answer may take. */
    private static void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        for (int i = 1; i <= 3; i++) {
            out.write(("id: " + i + "\nevent: step\ndata: {\"seq\":" + i + "}\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (i < 3) {
                pause(1500);
            }
        }
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try {
            for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write((": still here " + i + "\n\n").getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                pause(100);
            }
        } catch (IOException e) {
            System.setProperty(READER_GONE, "true");
        }
    }

    private static void answer(HttpExchange exchange, int status, Object json) throws IOException {
        byte[] bytes = WireFormat.writeString(json).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
