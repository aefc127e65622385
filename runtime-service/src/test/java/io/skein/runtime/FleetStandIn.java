package io.skein.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.skein.contracts.Ids;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.course.EventMatch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the runtime asks of the registry, the orchestrator, the lock and the audit service, speaking their JSON. A test says over HTTP
 * what they know, and asks what they were asked: it lives in another class loader.
 */
public class FleetStandIn implements HttpHandler {

    static final String URL_PROPERTY = "skein.test.registry.url";

    private final Map<String, ObjectNode> agents = new LinkedHashMap<>();
    private final Map<String, ObjectNode> versions = new LinkedHashMap<>();
    private final Map<String, ObjectNode> plans = new LinkedHashMap<>();
    private final Map<String, ObjectNode> locks = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(exchange);
        }
    }

    /** Triggers of the agents a test published, each version, as the registry lists them. */
    synchronized void wokenBy(String type, ArrayNode items) {
        for (ObjectNode agent : versions.values()) {
            if (!agent.path("status").asText().equals("published")) {
                continue;
            }
            for (JsonNode trigger : agent.path("definition").path("triggers")) {
                if (EventMatch.fits(trigger.path("event").asText(), type)) {
                    ObjectNode item = items.addObject();
                    item.set("id", agent.path("id"));
                    item.set("version", agent.path("version"));
                    item.putArray("triggers").add(trigger);
                }
            }
        }
    }

    /** Makes the registry know an agent. */
    public static void agent(String status, String definition) {
        call("PUT", "/fleet/agents/" + status, definition);
    }

    /** What becomes of a plan. The first answer to a request with the word mumble is lost. */
    public static void plan(String id, String status) {
        call("PUT", "/fleet/plans/" + id + "/" + status, "");
    }

    /** All plans with who asked for them. */
    public static JsonNode plans() {
        return call("GET", "/fleet/plans", "");
    }

    public static JsonNode locks() {
        return call("GET", "/fleet/locks", "");
    }

    /** Somebody else takes or gives back a lock. */
    public static void lock(String resource, boolean held) {
        call("PUT", "/fleet/lock/" + (held ? "take/" : "free/") + resource, "");
    }

    /** Whoever holds it has lost it. */
    public static void dropLock(String resource) {
        call("PUT", "/fleet/lock/drop/" + resource, "");
    }

    /** Lines: method, path and query, and the headers that say for whom and in which trace. */
    public static List<String> asked() {
        List<String> lines = new ArrayList<>();
        call("GET", "/fleet/asked", "").forEach(line -> lines.add(line.asText()));
        return lines;
    }

    private static JsonNode call(String method, String path, String body) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return WireFormat.read(
                    http.send(
                                    HttpRequest.newBuilder(URI.create(System.getProperty(URL_PROPERTY) + path))
                                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body(),
                    JsonNode.class);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!path.startsWith("/fleet/")) {
            synchronized (asked) {
                asked.add(method + " " + exchange.getRequestURI() + " " + header(exchange, "Skein-Team") + " "
                        + header(exchange, "Skein-Actor") + " " + header(exchange, "traceparent"));
            }
        }
        String[] words = path.substring(1).split("/");
        if (path.startsWith("/fleet/")) {
            control(exchange, words, body);
        } else if (path.startsWith("/api/v1/agents")) {
            registry(exchange, words);
        } else if (path.startsWith("/api/v1/nodes")) {
            answer(
                    exchange,
                    200,
                    "{\"items\":[{\"name\":\"nas01\",\"status\":\"online\"},{\"name\":\"attic\",\"status\":\"offline\"}]}");
        } else if (path.startsWith("/api/v1/requests") || path.startsWith("/api/v1/plans")) {
            orchestrator(exchange, method, words, body);
        } else if (path.startsWith("/api/v1/locks")) {
            lock(exchange, method, words, body);
        } else if (path.startsWith("/api/v1/audit/entries")) {
            answer(exchange, 200, "{\"items\":[{\"type\":\"plan.failed\"}]}");
        } else {
            problem(exchange, 404, "not_found");
        }
    }

    private synchronized void control(HttpExchange exchange, String[] words, String body) throws IOException {
        switch (words[1]) {
            case "agents" -> {
                ObjectNode agent = object();
                JsonNode definition = WireFormat.read(body, JsonNode.class);
                agent.set("id", definition.path("metadata").path("id"));
                agent.set("version", definition.path("metadata").path("version"));
                agent.put("status", words[2]);
                agent.set("definition", definition);
                agents.put(agent.path("id").asText(), agent);
                versions.put(
                        agent.path("id").asText() + " " + agent.path("version").asText(), agent);
            }
            case "plans" -> {
                if (words.length == 4) {
                    plans.get(words[2]).put("status", words[3]);
                }
            }
            case "lock" -> {
                if (words[2].equals("drop")) {
                    locks.values()
                            .removeIf(lock ->
                                    lock.path("resourceIds").path(0).asText().equals(words[3]));
                } else if (words[2].equals("take")) {
                    locks.put("other", lock("other", "somebody", "r", List.of(words[3])));
                } else {
                    locks.remove("other");
                }
            }
            default -> {}
        }
        synchronized (asked) {
            answer(
                    exchange,
                    200,
                    switch (words[1]) {
                        case "plans" -> WireFormat.writeString(plans.values());
                        case "locks" -> WireFormat.writeString(locks.values());
                        case "asked" -> WireFormat.writeString(asked);
                        default -> "{}";
                    });
        }
    }

    private synchronized void registry(HttpExchange exchange, String[] words) throws IOException {
        if (words.length == 3) {
            answer(exchange, 200, "{\"items\":" + WireFormat.writeString(agents.values()) + "}");
        } else if (agents.containsKey(words[3])) {
            answer(exchange, 200, agents.get(words[3]).toString());
        } else {
            problem(exchange, 404, "not_found");
        }
    }

    private synchronized void orchestrator(HttpExchange exchange, String method, String[] words, String body)
            throws IOException {
        if (words[2].equals("requests")) {
            String key = header(exchange, "Idempotency-Key");
            boolean mumbles = body.contains("mumble")
                    && plans.values().stream()
                            .noneMatch(known -> known.path("key").asText().equals(key));
            ObjectNode plan = plans.values().stream()
                    .filter(known -> known.path("key").asText().equals(key))
                    .findFirst()
                    .orElseGet(() -> {
                        ObjectNode made = object();
                        made.put("id", Ids.next().toString());
                        made.put("key", key);
                        made.put("team", header(exchange, "Skein-Team"));
                        made.put("requestedBy", header(exchange, "Skein-Actor"));
                        made.set("text", WireFormat.read(body, JsonNode.class).path("text"));
                        made.put("status", "awaiting_approval");
                        made.putArray("steps").addObject();
                        plans.put(made.path("id").asText(), made);
                        return made;
                    });
            if (mumbles) {
                problem(exchange, 504, "upstream_timeout");
            } else {
                answer(exchange, 201, plan.toString());
            }
            return;
        }
        ObjectNode plan = plans.get(words[3]);
        if (plan == null) {
            problem(exchange, 404, "not_found");
        } else if (method.equals("POST")
                && List.of("completed", "rejected").contains(plan.path("status").asText())) {
            problem(exchange, 409, "illegal_transition");
        } else {
            if (method.equals("POST")) {
                plan.put("status", "cancelled");
            }
            answer(exchange, 200, plan.toString());
        }
    }

    private void lock(HttpExchange exchange, String method, String[] words, String body) throws IOException {
        if (method.equals("POST") && words.length == 3) {
            acquire(exchange, WireFormat.read(body, JsonNode.class));
        } else {
            lockById(exchange, method, words);
        }
    }

    private void acquire(HttpExchange exchange, JsonNode request) throws IOException {
        List<String> resources = new ArrayList<>();
        request.path("resourceIds").forEach(resource -> resources.add(resource.asText()));
        for (int tries = 0; tries < 10; tries++) {
            synchronized (this) {
                ObjectNode known = locks.values().stream()
                        .filter(lock -> lock.path("requestId").equals(request.path("requestId")))
                        .findFirst()
                        .orElse(null);
                boolean free = locks.values().stream().noneMatch(lock -> {
                    for (JsonNode held : lock.path("resourceIds")) {
                        if (resources.contains(held.asText())) {
                            return true;
                        }
                    }
                    return false;
                });
                if (known == null && free) {
                    String id = Ids.next().toString();
                    known = lock(
                            id,
                            request.path("ownerId").asText(),
                            request.path("requestId").asText(),
                            resources);
                    locks.put(id, known);
                }
                if (known != null) {
                    answer(exchange, 201, known.toString());
                    return;
                }
            }
            sleep();
        }
        problem(exchange, 409, "lock_held");
    }

    private synchronized void lockById(HttpExchange exchange, String method, String[] words) throws IOException {
        if (words.length == 3) {
            ArrayNode items = WireFormat.mapper().createArrayNode();
            String query = java.net.URLDecoder.decode(
                    String.valueOf(exchange.getRequestURI().getRawQuery()), StandardCharsets.UTF_8);
            locks.values().stream()
                    .filter(lock ->
                            query.contains("owner=" + lock.path("ownerId").asText()))
                    .forEach(items::add);
            answer(exchange, 200, "{\"items\":" + items + "}");
        } else if (words[3].equals("resources")) {
            answer(exchange, 200, "{\"queue\":[]}");
        } else if (method.equals("DELETE")) {
            locks.remove(words[3]);
            exchange.sendResponseHeaders(204, -1);
        } else if (locks.containsKey(words[3])) {
            ObjectNode lock = locks.get(words[3]);
            lock.put("renewed", lock.path("renewed").asInt() + 1);
            answer(exchange, 200, lock.toString());
        } else {
            problem(exchange, 409, "lock_expired");
        }
    }

    private static ObjectNode lock(String id, String owner, String request, List<String> resources) {
        ObjectNode lock = object();
        lock.put("id", id);
        lock.put("ownerId", owner);
        lock.put("requestId", request);
        lock.set("resourceIds", WireFormat.mapper().valueToTree(resources));
        ObjectNode tokens = lock.putObject("fencingTokens");
        resources.forEach(resource -> tokens.put(resource, 7));
        return lock;
    }

    private static void sleep() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode object() {
        return WireFormat.mapper().createObjectNode();
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    private static void problem(HttpExchange exchange, int status, String code) throws IOException {
        answer(exchange, status, "{\"code\":\"" + code + "\",\"detail\":\"as the test wants it\"}");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
