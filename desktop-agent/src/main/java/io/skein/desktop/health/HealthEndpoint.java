package io.skein.desktop.health;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Executors;

/**
 * {@code /q/health}, {@code /q/health/live|ready|started} in the shape of MicroProfile Health and {@code /q/metrics} for
 * Prometheus: the same paths as every other service of the fleet.
 */
public final class HealthEndpoint {

    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final AgentStatus status;

    private HealthEndpoint(HttpServer server, AgentStatus status) {
        this.server = server;
        this.status = status;
    }

    /**
     * @param port 0 for any free one
     * @throws IOException with a sentence a person can act on when the address cannot be had
     */
    public static HealthEndpoint start(String host, int port, AgentStatus status) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
        } catch (BindException e) {
            throw new IOException(
                    "port " + port + " of " + host + " cannot be had (" + e.getMessage()
                            + "); set SKEIN_HTTP_PORT to a free one, or to -1 for no health endpoint",
                    e);
        }
        HealthEndpoint endpoint = new HealthEndpoint(server, status);
        server.createContext("/", exchange -> respond(exchange, 404, "application/problem+json", notFound()));
        endpoint.serve("/q/health", exchange -> endpoint.health(exchange, status.live() && status.ready()));
        endpoint.serve("/q/health/live", exchange -> endpoint.health(exchange, status.live()));
        endpoint.serve("/q/health/ready", exchange -> endpoint.health(exchange, status.ready()));
        endpoint.serve("/q/health/started", exchange -> endpoint.health(exchange, status.started()));
        endpoint.serve(
                "/q/metrics",
                exchange -> respond(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", endpoint.metrics()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return endpoint;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void stop() {
        server.stop(0);
    }

    private void serve(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            // A context matches every path below it, too.
            if (!exchange.getRequestURI().getPath().equals(path)) {
                respond(exchange, 404, "application/problem+json", notFound());
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                respond(exchange, 405, "application/problem+json", problem("method_not_allowed", 405, "Only GET"));
            } else {
                handler.handle(exchange);
            }
        });
    }

    private void health(HttpExchange exchange, boolean up) throws IOException {
        ObjectNode body = WireFormat.mapper().createObjectNode().put("status", up ? "UP" : "DOWN");
        var checks = body.putArray("checks");
        ObjectNode broker =
                checks.addObject().put("name", "broker").put("status", status.isConnected() ? "UP" : "DOWN");
        ObjectNode data = broker.putObject("data");
        Instant lastSent = status.lastSentAt();
        data.put("lastHeartbeatAt", lastSent == null ? "never" : lastSent.toString());
        if (!status.lastFailure().isEmpty()) {
            data.put("lastFailure", status.lastFailure());
        }
        checks.addObject().put("name", "sampling").put("status", status.live() ? "UP" : "DOWN");
        respond(exchange, up ? 200 : 503, "application/json", WireFormat.writeString(body));
    }

    private String metrics() {
        return """
                # HELP skein_desktop_agent_heartbeats_total Heartbeats by what became of them.
                # TYPE skein_desktop_agent_heartbeats_total counter
                skein_desktop_agent_heartbeats_total{outcome="sent"} %d
                skein_desktop_agent_heartbeats_total{outcome="failed"} %d
                # HELP skein_desktop_agent_broker_connected 1 while the broker is connected.
                # TYPE skein_desktop_agent_broker_connected gauge
                skein_desktop_agent_broker_connected %d
                """.formatted(status.sentCount(), status.failedCount(), status.isConnected() ? 1 : 0);
    }

    private static String notFound() {
        return problem("not_found", 404, "Not found");
    }

    private static String problem(String code, int status, String title) {
        return WireFormat.writeString(WireFormat.mapper()
                .createObjectNode()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("code", code));
    }

    private static void respond(HttpExchange exchange, int code, String type, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
