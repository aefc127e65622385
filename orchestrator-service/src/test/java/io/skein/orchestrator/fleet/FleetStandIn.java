package io.skein.orchestrator.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Infra agent, registry and lock service in one small server that speaks their JSON. */
public final class FleetStandIn implements AutoCloseable {

    private static final String PLAYBOOKS = """
        [{"id":"p1","path":"uptime-kuma/deploy.yml","name":"Deploy Uptime Kuma","description":"Deploy Uptime Kuma monitoring",
          "hosts":"monitoring","tags":[],"service":"uptime-kuma","risk":"low","estimatedSeconds":70,"check":true,
          "resources":{"cpuCores":null,"memoryBytes":null,"vramBytes":null},"contentSha256":"aa11","broken":null,"undo":"uptime-kuma/remove.yml",
          "variables":[{"name":"kuma_port","default":3001,"required":false,"type":"number","secret":false},
                       {"name":"kuma_version","default":"2.0.2","required":false,"type":"string","secret":false}]},
         {"id":"p2","path":"uptime-kuma/monitors.yml","name":"Add portals as monitors","description":"Add portals to the config",
          "hosts":"monitoring","tags":[],"service":"uptime-kuma","risk":"medium","estimatedSeconds":30,"check":true,
          "resources":null,"contentSha256":"bb22","broken":null,"variables":[]},
         {"id":"p3","path":"web/nginx.yml","name":"Restart nginx","description":"Restart the nginx web server","hosts":"web",
          "tags":[],"service":"nginx","risk":"low","estimatedSeconds":5,"resources":null,"contentSha256":"cc33","broken":null,
          "variables":[]},
         {"id":"p4","path":"users/add.yml","name":"Add a user","description":"Add a user account","hosts":"all","tags":[],
          "service":"users","risk":"high","estimatedSeconds":null,"resources":null,"contentSha256":"dd44","broken":null,
          "variables":[{"name":"user_name","default":null,"required":true,"type":"string","secret":false},
                       {"name":"user_password","default":null,"required":false,"type":"string","secret":true}]},
         {"id":null,"path":"broken/oops.yml","name":"broken/oops.yml","description":null,"hosts":null,"tags":[],"service":null,
          "risk":"medium","estimatedSeconds":null,"resources":null,"contentSha256":null,
          "broken":"mapping values are not allowed here, line 7","variables":[]},
         {"id":"p6","path":"logs/rotate.yml","name":"Rotate logs","description":"Rotate the logs","hosts":"all","tags":[],
          "service":"logs","risk":"low","estimatedSeconds":5,"resources":null,"contentSha256":"ee55","broken":null,
          "variables":[]},
         {"id":"p7","path":"uptime-kuma/remove.yml","name":"Remove Uptime Kuma","description":"Remove it","hosts":"monitoring",
          "tags":[],"service":"uptime-kuma","risk":"high","estimatedSeconds":20,"check":true,"resources":null,
          "contentSha256":"ff66","broken":null,
          "variables":[{"name":"kuma_port","default":3001,"required":false,"type":"number","secret":false}]}]\
        """;
    private static final String INVENTORIES = """
        {"items":[{"name":"homelab","path":"inventories/homelab/hosts.yml","aliases":["the homelab"],"contentSha256":"1111",
          "hosts":[{"name":"nas01","groups":["monitoring"],"variables":{}},{"name":"web01","groups":["web"],"variables":{}}],
          "groups":[{"name":"monitoring","hosts":["nas01"]},{"name":"web","hosts":["web01"]}]}]}\
        """;

    private final HttpServer server;
    private final Map<String, String> held = new ConcurrentHashMap<>();
    private final Map<String, List<String>> locks = new ConcurrentHashMap<>();
    private final Map<String, String> byRequest = new ConcurrentHashMap<>();
    private final AtomicLong tokens = new AtomicLong();

    public volatile boolean agentOnline = true;
    public volatile boolean lockServiceUp = true;
    public volatile boolean infraAgentUp = true;
    public volatile boolean locksExpire = false;

    /** How far the lock service's clock is from this machine's. */
    public volatile Duration lockClock = Duration.ZERO;

    /** Digests that are others by now: the one the playbooks were first seen with, and what it is now. */
    public final Map<String, String> changedContents = new ConcurrentHashMap<>();

    /** What a stranger wrote into a playbook's comments and into an inventory's facts. */
    public volatile String comment = "";

    public volatile String fact = "";

    /** Who has what expires, at once; null: nobody. */
    public volatile String takesWhatExpires;

    private FleetStandIn(HttpServer server) {
        this.server = server;
    }

    public static FleetStandIn start() throws IOException {
        int port = Integer.getInteger(FleetPort.PORT);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        FleetStandIn fleet = new FleetStandIn(server);
        server.createContext("/api/v1/playbooks/match", fleet::match);
        server.createContext(
                "/api/v1/playbooks",
                e -> fleet.infra(
                        e, "{\"items\":" + (isForOtherTeam(e) ? "[]" : fleet.playbooks()) + ",\"next\":null}"));
        server.createContext(
                "/api/v1/inventories", e -> fleet.infra(e, isForOtherTeam(e) ? "{\"items\":[]}" : fleet.inventories()));
        server.createContext("/api/v1/agents/live", fleet::live);
        server.createContext("/api/v1/nodes", e -> answer(e, 200, "{\"items\":[]}"));
        server.createContext("/api/v1/locks", fleet::locks);
        server.start();
        return fleet;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** Somebody else takes a host. */
    public void hold(String host, String owner) {
        held.put("host:" + host, owner);
    }

    public void free(String host) {
        held.remove("host:" + host);
    }

    public boolean isHeld(String host) {
        return held.containsKey("host:" + host);
    }

    public boolean isHeldBy(String host, String owner) {
        return owner.equals(held.get("host:" + host));
    }

    /** The infra agent is the default team's and has nothing for another; who does not say for whom gets everything. */
    private static boolean isForOtherTeam(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        return query != null && query.matches("(.*&)?team=(?!default(&|$)).*");
    }

    private String playbooks() {
        String now =
                PLAYBOOKS.replace("Deploy Uptime Kuma monitoring", "Deploy Uptime Kuma monitoring" + escaped(comment));
        for (Map.Entry<String, String> changed : changedContents.entrySet()) {
            now = now.replace("\"contentSha256\":\"" + changed.getKey(), "\"contentSha256\":\"" + changed.getValue());
        }
        return now;
    }

    private void infra(HttpExchange exchange, String json) throws IOException {
        answer(exchange, infraAgentUp ? 200 : 503, json);
    }

    private String inventories() {
        return INVENTORIES.replace("\"variables\":{}", "\"variables\":{\"motd\":\"" + escaped(fact) + "\"}");
    }

    private static String escaped(String text) {
        String quoted = WireFormat.writeString(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    private void live(HttpExchange exchange) throws IOException {
        answer(
                exchange,
                200,
                "{\"items\":[{\"agentId\":\"infra-agent-1\",\"agentType\":\"infra\",\"node\":\"nas01\",\"team\":\"default\","
                        + "\"version\":\"1\",\"capabilities\":[\"ansible.playbook\"],\"slots\":2,\"busy\":0,\"online\":"
                        + agentOnline + "}]}");
    }

    private void match(HttpExchange exchange) throws IOException {
        JsonNode query = WireFormat.mapper().readTree(exchange.getRequestBody().readAllBytes());
        ObjectNode answer = WireFormat.mapper().createObjectNode();
        answer.put("threshold", 0.85);
        ArrayNode results = answer.putArray("results");
        for (JsonNode task : query.path("tasks")) {
            results.add(result(
                    playbooks(),
                    isForOtherTeam(exchange) ? "" : task.path("text").asText()));
        }
        infra(exchange, answer.toString());
    }

    /** Sure of what its words say; two weak candidates for "kuma" alone, nothing for the rest. */
    private static ObjectNode result(String playbooks, String text) throws IOException {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        JsonNode all = WireFormat.mapper().readTree(playbooks);
        int index = lower.contains("portals")
                ? 1
                : lower.contains("deploy uptime kuma") || lower.contains("install uptime kuma")
                        ? 0
                        : lower.contains("nginx")
                                ? 2
                                : lower.contains("user")
                                        ? 3
                                        : lower.contains("oops") ? 4 : lower.contains("rotate") ? 5 : -1;
        ObjectNode result = WireFormat.mapper().createObjectNode();
        result.put("text", text);
        ArrayNode candidates = result.putArray("candidates");
        if (index >= 0) {
            result.put("confidence", 0.94);
            result.set("matched", all.get(index));
            candidates.addObject().put("confidence", 0.94).set("playbook", all.get(index));
        } else if (lower.contains("kuma")) {
            result.put("confidence", 0.7);
            result.putNull("matched");
            candidates.addObject().put("confidence", 0.7).set("playbook", all.get(0));
            candidates.addObject().put("confidence", 0.6).set("playbook", all.get(1));
        } else {
            result.put("confidence", 0.1);
            result.putNull("matched");
        }
        return result;
    }

    private void locks(HttpExchange exchange) throws IOException {
        if (!lockServiceUp) {
            answer(exchange, 503, "{}");
            return;
        }
        String path = exchange.getRequestURI().getPath();
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                if (path.endsWith("/renew")) {
                    renew(exchange, path.split("/")[4]);
                } else {
                    acquire(
                            exchange,
                            WireFormat.mapper()
                                    .readTree(exchange.getRequestBody().readAllBytes()));
                }
            }
            case "DELETE" -> {
                release(path.split("/")[4]);
                answer(exchange, 204, "");
            }
            default -> answer(exchange, 200, "{\"items\":[]}");
        }
    }

    private synchronized void acquire(HttpExchange exchange, JsonNode body) throws IOException {
        String owner = body.path("ownerId").asText();
        List<String> resources = new ArrayList<>();
        body.path("resourceIds").forEach(node -> resources.add(node.asText()));
        for (String resource : resources) {
            String holder = held.get(resource);
            if (holder != null && !holder.equals(owner)) {
                answer(
                        exchange,
                        409,
                        "{\"code\":\"lock_held\",\"status\":409,\"holder\":{\"ownerId\":\"" + holder
                                + "\",\"ownerType\":\"plan\"}}");
                return;
            }
        }
        String id = byRequest.computeIfAbsent(
                body.path("requestId").asText(), key -> UUID.randomUUID().toString());
        Map<String, Long> fencing = new HashMap<>();
        resources.forEach(resource -> {
            held.put(resource, owner);
            fencing.put(resource, tokens.incrementAndGet());
        });
        locks.put(id, resources);
        ObjectNode lock = WireFormat.mapper().createObjectNode();
        lock.put("id", id);
        lock.put(
                "expiresAt",
                Instant.now()
                        .plus(lockClock)
                        .plusSeconds(body.path("ttlSeconds").asLong())
                        .toString());
        lock.put("remainingMillis", body.path("ttlSeconds").asLong() * 1000);
        lock.set("fencingTokens", WireFormat.mapper().valueToTree(fencing));
        answer(exchange, 201, lock.toString());
    }

    private synchronized void renew(HttpExchange exchange, String id) throws IOException {
        if (locksExpire || !locks.containsKey(id)) {
            List<String> resources = locks.getOrDefault(id, List.of());
            release(id);
            String next = takesWhatExpires;
            if (next != null) {
                resources.forEach(resource -> held.put(resource, next));
            }
            answer(exchange, 409, "{\"code\":\"lock_expired\",\"status\":409}");
            return;
        }
        answer(
                exchange,
                200,
                "{\"id\":\"" + id + "\",\"expiresAt\":\""
                        + Instant.now().plus(lockClock).plusSeconds(3)
                        + "\",\"remainingMillis\":3000,\"fencingTokens\":{}}");
    }

    private synchronized void release(String id) {
        List<String> resources = locks.remove(id);
        if (resources != null) {
            resources.forEach(held::remove);
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
