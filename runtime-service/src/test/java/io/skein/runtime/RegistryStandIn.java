package io.skein.runtime;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.SkeinInfrastructure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The one endpoint of the registry that the router asks, speaking its JSON; a test can send it away and call it back. About types
 * that begin with {@code slow} it answers after a tenth of a second, about those with {@code sick} in them never rightly. The rest of
 * the fleet is {@link FleetStandIn}.
 */
public class RegistryStandIn extends SkeinInfrastructure {

    private static final String URL_PROPERTY = "skein.test.registry.url";

    private final FleetStandIn fleet = new FleetStandIn();
    private HttpServer server;
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private volatile boolean away;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", fleet);
        server.createContext("/api/v1/agents/events/", this::wokenBy);
        server.createContext("/asked/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            answer(exchange, 200, String.valueOf(asked.getOrDefault(path.substring(path.lastIndexOf('/') + 1), 0)));
        });
        server.createContext("/control/", exchange -> {
            away = exchange.getRequestURI().getPath().endsWith("away");
            answer(exchange, 200, "{}");
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        System.setProperty(URL_PROPERTY, url);
        Map<String, String> config = new HashMap<>(super.start());
        List.of("REGISTRY", "ORCHESTRATOR", "LOCK", "AUDIT").forEach(name -> config.put("SKEIN_" + name + "_URL", url));
        return config;
    }

    @Override
    public void stop() {
        server.stop(0);
        super.stop();
    }

    public static void goAway() throws Exception {
        control("away");
    }

    public static void comeBack() throws Exception {
        control("back");
    }

    /** How often it was asked whom this type wakes. */
    public static int asked(String type) throws Exception {
        return Integer.parseInt(get("/asked/" + type));
    }

    private static void control(String what) throws Exception {
        get("/control/" + what);
    }

    private static String get(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(System.getProperty(URL_PROPERTY) + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private void wokenBy(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String type = path.substring(path.lastIndexOf('/') + 1);
        asked.merge(type, 1, Integer::sum);
        if (type.startsWith("slow.")) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        if (type.contains("sick")) {
            answer(exchange, 500, "{\"code\":\"internal\"}");
        } else if (away) {
            answer(exchange, 503, "{\"code\":\"unavailable\"}");
        } else if (!fromAService(exchange)
                || !"team=default&versions=all".equals(exchange.getRequestURI().getQuery())) {
            answer(exchange, 403, "{\"code\":\"forbidden\"}");
        } else {
            ObjectNode matches = WireFormat.read(
                    switch (type) {
                        case "device.offline" -> """
                        {"items":[{"id":"monitoring-manager","version":"1.0.0","priority":"critical",
                         "triggers":[{"event":"device.offline","priority":"critical","filters":{}}]}]}""";
                        case "green.leaf" -> """
                        {"items":[{"id":"gardener","version":"1.0.0","priority":"high",
                         "triggers":[{"event":"green.*","priority":"high","filters":{"subject":"tree*","data.age":"4"}}]},
                        {"id":"botanist","version":"2.0.0","priority":"low",
                         "triggers":[{"event":"green.#","priority":"low","filters":{}}]}]}""";
                        default -> "{\"items\":[]}";
                    },
                    ObjectNode.class);
            fleet.wokenBy(type, (ArrayNode) matches.path("items"));
            answer(exchange, 200, matches.toString());
        }
    }

    /** A token's middle part says who it is for; the signature is the front door's and the registry's business. */
    private static boolean fromAService(HttpExchange exchange) {
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String[] parts = header.split("\\.");
        return header.startsWith("Bearer ")
                && parts.length == 3
                && new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                        .contains("service:runtime-service");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        try (exchange) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
