package io.skein.e2e;

import static io.skein.e2e.MainJobIT.assertProblem;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Attacks on a running fleet. {@link AttacksTest} shows that each works where nobody takes care. */
class AbuseIT {

    /** One endpoint of each service that a signed-in person may read. */
    private static final Map<String, String> READABLE = Map.of(
            "dashboard-ui", "/api/v1/me",
            "orchestrator-service", "/api/v1/plans",
            "registry-service", "/api/v1/nodes",
            "runtime-service", "/api/v1/events",
            "lock-service", "/api/v1/locks",
            "audit-service", "/api/v1/audit/entries",
            "infra-agent-service", "/api/v1/playbooks");

    private final Fleet fleet = Fleet.running();

    @Test
    void forgedTokensOpenNothingAndTheirKeysAreNotFetched() throws IOException {
        AtomicInteger fetched = new AtomicInteger();
        HttpServer keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keys.createContext("/", exchange -> {
            fetched.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        keys.start();
        try {
            String token = fleet.bearer();
            JsonNode jwk = fleet.get("/api/v1/auth/jwks").body().path("keys").get(0);
            String kid = jwk.path("kid").asText();
            String address = "http://127.0.0.1:" + keys.getAddress().getPort() + "/jwks";
            Map<String, String> forged = new LinkedHashMap<>();
            forged.put("unsigned", Attacks.unsigned(token, kid));
            forged.put("public key as secret", Attacks.signedWithPublicKey(token, jwk));
            forged.put("own key in the header", Attacks.signedWithOwnKey(token, kid, null));
            forged.put("own key at an address", Attacks.signedWithOwnKey(token, "mine", address));
            forged.put("key id that is a path", Attacks.signedWithOwnKey(token, "../../../../dev/null", null));
            forged.put("changed claims", Attacks.withOtherClaims(token));
            READABLE.forEach((service, path) -> {
                String base = fleet.url(service);
                assertEquals(200, fleet.send(base, "GET", path, null, token).status(), service);
                assertEquals(200, fleet.send("GET", path, null, token).status(), service);
                forged.forEach((how, attack) -> {
                    assertEquals(
                            401, fleet.send(base, "GET", path, null, attack).status(), how + " at " + service);
                    assertEquals(401, fleet.send("GET", path, null, attack).status(), how + " to " + service);
                });
            });
            assertEquals(0, fetched.get(), "somebody asked the attacker for a key");
        } finally {
            keys.stop(0);
        }
    }

    @Test
    void whatABodyClaimsOfItsSenderIsNotBelieved() {
        JsonNode plan = fleet.post(
                        "/api/v1/requests",
                        Map.of(
                                "text", "check the free disk space",
                                "allowDuplicate", true,
                                "team", "somebody-elses",
                                "requestedBy", "root",
                                "status", "approved",
                                "approvedBy", "root",
                                "id", UUID.randomUUID()))
                .body();
        assertEquals(fleet.userName(), plan.path("requestedBy").asText(), plan::toString);
        assertEquals("default", plan.path("team").asText());
        assertEquals("awaiting_approval", plan.path("status").asText());
        fleet.post("/api/v1/plans/" + plan.path("id").asText() + "/reject", Map.of("reason", "only asked"));

        JsonNode session = fleet.post("/api/v1/sessions", Map.of("title", "x", "owner", "root", "team", "other"))
                .body();
        assertEquals(fleet.userName(), session.path("owner").asText());
        assertEquals("default", session.path("team").asText());

        String resource = "abuse-" + UUID.randomUUID();
        Fleet.Answer lock = fleet.post(
                "/api/v1/locks",
                Map.of("resourceId", resource, "ttlSeconds", 30, "owner", "service:orchestrator", "fencingToken", 9e9));
        if (lock.status() == 201) {
            assertEquals(fleet.userName(), lock.body().path("ownerId").asText(), lock::toString);
        } else {
            assertProblem(400, "validation_failed", lock);
        }
        assertProblem(
                400,
                "validation_failed",
                fleet.post("/api/v1/locks", Map.of("resourceId", resource, "ttlSeconds", 30, "team", "other")));

        String type = "abuse.x" + UUID.randomUUID().toString().substring(24);
        String id = fleet.post(
                        "/api/v1/events/publish",
                        Map.of(
                                "type", type,
                                "team", "other",
                                "actor", "service:orchestrator-service",
                                "source", "/orchestrator-service",
                                "owner", "root"))
                .body()
                .path("id")
                .asText();
        assertFalse(id.isEmpty());
        Awaitility.await().atMost(ofSeconds(15)).untilAsserted(() -> {
            JsonNode items = fleet.get("/api/v1/events?type=" + type).body().path("items");
            assertEquals(1, items.size(), items::toString);
            assertEquals("default", items.get(0).path("team").asText());
            assertEquals(fleet.userName(), items.get(0).path("actor").asText());
            assertEquals("/runtime-service", items.get(0).path("source").asText());
        });
        assertProblem(400, "validation_failed", fleet.post("/api/v1/events/publish", Map.of("type", "plan.approved")));
    }

    @Test
    void pathsDoNotClimbOut() {
        for (String path : List.of(
                "/api/v1/playbooks/..%2f..%2f..%2fetc%2fpasswd",
                "/api/v1/playbooks/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                "/api/v1/playbooks/....//....//etc/passwd",
                "/api/v1/playbooks/x%00.yml",
                "/api/v1/agents/..%2f..%2fnodes",
                "/api/v1/plans/..;/..;/health",
                "/docs/openapi/..%2f..%2fapplication.properties",
                "/docs/..%2fapplication.properties",
                "/assets/..%2f..%2f..%2fetc%2fpasswd",
                "/..%2f..%2f..%2fetc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/META-INF/resources/..%2f..%2fapplication.properties")) {
            Fleet.Answer answer = fleet.get(path);
            assertTrue(answer.status() == 400 || answer.status() == 404, () -> path + " " + answer);
        }
        String plan = fleet.request("back up the directory /etc/abuse-" + UUID.randomUUID())
                .path("id")
                .asText();
        for (String playbook : List.of("../../../../etc/passwd", "/etc/passwd", "--version", "reports/../../x.yml")) {
            assertProblem(
                    400,
                    "validation_failed",
                    fleet.post(
                            "/api/v1/plans/" + plan + "/modify",
                            Map.of("steps", List.of(Map.of("number", 1, "playbook", playbook)))));
        }
        for (String inventory : List.of("../../../etc/passwd", "/etc/passwd", "--help", "localhost,", "@/etc/passwd")) {
            assertProblem(
                    422,
                    "inventory_not_found",
                    fleet.post(
                            "/api/v1/requests", Map.of("text", "check " + UUID.randomUUID(), "inventory", inventory)));
        }
    }

    /** Every operation of every service's document that takes a body, whatever is added later. */
    @Test
    void nestedOversizedAndForeignBodiesAreRefusedEverywhere() {
        byte[] nested = Attacks.nested(5_000);
        byte[] large = ("{\"x\":\"" + "x".repeat(1_200_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        byte[] xml =
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>".getBytes(StandardCharsets.UTF_8);
        List<String> attacked = new ArrayList<>();
        for (String service : READABLE.keySet()) {
            JsonNode paths = fleet.openApi(service).path("paths");
            paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> {
                JsonNode content = operation.getValue().path("requestBody").path("content");
                if (content.has("application/json") && path.getKey().startsWith("/api/v1/")) {
                    String method = operation.getKey().toUpperCase(java.util.Locale.ROOT);
                    String at = path.getKey()
                            .replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
                    String what = method + " " + at;
                    attacked.add(what);
                    for (byte[] body : List.of(nested, xml)) {
                        Fleet.Answer answer = fleet.send(method, at, body, fleet.bearer());
                        // A path that names nothing may be told first; what was sent must never be believed or break
                        // us.
                        assertTrue(List.of(400, 401, 403, 404, 409).contains(answer.status()), what + " " + answer);
                        assertTellsNothing(what, answer);
                    }
                    Fleet.Answer answer = fleet.send(method, at, large, fleet.bearer());
                    assertProblem(413, "payload_too_large", answer);
                    assertProblem(
                            413,
                            "payload_too_large",
                            fleet.send(fleet.url(service), method, at, large, fleet.bearer()));
                }
            }));
        }
        assertTrue(attacked.size() >= 10, attacked::toString);
        READABLE.values().forEach(path -> assertEquals(200, fleet.get(path).status(), path));
    }

    private static void assertTellsNothing(String what, Fleet.Answer answer) {
        String body = String.valueOf(answer.body());
        for (String internal : List.of("java.", "io.skein.", "jackson", "JsonToken", "\tat ", "StreamRead", "root:")) {
            assertFalse(body.contains(internal), () -> what + " tells " + internal + ": " + body);
        }
    }

    @Test
    void headersAreNotInjectedAndRequestsNotSmuggled() throws IOException {
        String token = fleet.bearer();
        for (String target : List.of(
                "/api/v1/nodes/x%0d%0aSet-Cookie:%20stolen=1%0d%0a%0d%0a",
                "/x%0d%0aSet-Cookie:%20stolen=1",
                "/docs%0d%0aSet-Cookie:%20stolen=1",
                "/api/v1/plans?status=x%0d%0aSet-Cookie:%20stolen=1")) {
            String head = raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                    + "\r\nConnection: close\r\n\r\n");
            assertFalse(head.toLowerCase(java.util.Locale.ROOT).contains("\nset-cookie: stolen"), head);
            assertTrue(head.contains("X-Content-Type-Options"), head);
        }
        // The front door is no open proxy: the address in the request line leads to itself.
        AtomicInteger reached = new AtomicInteger();
        HttpServer inside = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        inside.createContext("/", exchange -> {
            reached.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        inside.start();
        try {
            String host = "127.0.0.1:" + inside.getAddress().getPort();
            raw("GET http://" + host + "/api/v1/plans HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + token
                    + "\r\nX-Forwarded-Host: " + host + "\r\nConnection: close\r\n\r\n");
            raw("CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertEquals(0, reached.get());
        } finally {
            inside.stop(0);
        }
        String smuggled = raw("POST /api/v1/requests HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\nGET /api/v1/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\n\r\n");
        assertEquals(1, smuggled.split("HTTP/1\\.1 ", -1).length - 1, smuggled);
        assertTrue(smuggled.startsWith("HTTP/1.1 4"), smuggled);
    }

    @Test
    void nobodyWritesOurLogs() throws IOException {
        String evil = "x\n" + Attacks.FORGED_LINE;
        fleet.send("POST", "/api/v1/auth/sign-in", Map.of("username", evil, "password", evil), null);
        fleet.send("POST", "/api/v1/auth/setup", Map.of("token", evil, "username", evil, "password", evil), null);
        fleet.post("/api/v1/requests", Map.of("text", evil));
        fleet.post("/api/v1/sessions", Map.of("title", evil));
        fleet.post("/api/v1/locks", Map.of("resourceId", evil, "ttlSeconds", 30));
        fleet.get("/api/v1/nodes/"
                + evil.replace("\n", "%0a")
                        .replace(" ", "%20")
                        .replace("[", "%5b")
                        .replace("]", "%5d"));
        // A repository is somebody else's: its file names are in our log by design.
        Path file = fleet.playbooks().resolve("weed\n" + Attacks.FORGED_LINE.replace('/', '_') + ".yml");
        Files.writeString(file, "- hosts: [\n");
        try {
            Awaitility.await().atMost(ofSeconds(20)).until(() -> log("infra-agent-service")
                    .contains("weed\\u000a"));
            for (String service : READABLE.keySet()) {
                assertTrue(log(service).lines().noneMatch(line -> line.startsWith("2026-01-01T")), service);
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aTemplateGivenAsAValueStaysTheTextItIs() throws IOException {
        Path proof = fleet.home().resolve("template-was-run");
        Files.writeString(fleet.playbooks().resolve("feed-hens.yml"), """
                ---
                # skein:description=Feed the hens in the yard
                # skein:required=hen_food
                - name: Feed the hens in the yard
                  hosts: nas01
                  gather_facts: false
                  tasks:
                    - name: Feed
                      ansible.builtin.debug:
                        msg: "they get {{ hen_food }}"
                """);
        String id = awaitQuestion("Feed the hens in the yard");
        Fleet.Answer modified = fleet.post(
                "/api/v1/plans/" + id + "/modify",
                Map.of(
                        "steps",
                        List.of(Map.of("number", 1, "variables", Map.of("hen_food", Attacks.template(proof))))));
        assertEquals("awaiting_approval", modified.body().path("status").asText(), modified::toString);
        fleet.post("/api/v1/plans/" + id + "/approve", Map.of());
        fleet.awaitPlan(id, ofMinutes(1), p -> p.path("status").asText().equals("completed"));
        String log = fleet.get("/api/v1/plans/" + id + "/steps/1/log").body().toString();
        assertTrue(log.contains("lookup('pipe'"), log);
        assertFalse(Files.exists(proof), "the value was run");
        // Nor can a value change how and where the run works.
        assertProblem(
                400,
                "validation_failed",
                fleet.post(
                        "/api/v1/plans/" + awaitQuestion("Feed the hens in the yard") + "/modify",
                        Map.of(
                                "steps",
                                List.of(Map.of(
                                        "number",
                                        1,
                                        "variables",
                                        Map.of("ansible_connection", "ssh", "hen_food", "x"))))));
    }

    @Test
    void aPlaybookNamedLikeAnOptionIsAPlaybook() throws IOException {
        Path file = fleet.playbooks().resolve("--list-hosts.yml");
        Files.writeString(file, """
                ---
                # skein:description=Polish the silver spoons
                - name: Polish the silver spoons
                  hosts: nas01
                  gather_facts: false
                  tasks:
                    - name: Polish
                      ansible.builtin.debug:
                        msg: the spoons shine
                """);
        try {
            awaitPlaybook("--list-hosts.yml");
            String id = fleet.request("Polish the silver spoons").path("id").asText();
            fleet.post("/api/v1/plans/" + id + "/approve", Map.of());
            fleet.awaitPlan(id, ofMinutes(1), p -> p.path("status").asText().equals("completed"));
            assertTrue(fleet.get("/api/v1/plans/" + id + "/steps/1/log")
                    .body()
                    .toString()
                    .contains("the spoons shine"));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aPlaybookThatExplodesIsListedAsBroken() throws IOException {
        Path file = fleet.playbooks().resolve("light-fuse.yml");
        Files.writeString(file, Attacks.aliasBomb(30));
        try {
            JsonNode bomb = awaitPlaybook("light-fuse.yml");
            assertTrue(bomb.path("broken").asText().contains("aliases"), bomb::toString);
            assertEquals(
                    "needs_input",
                    fleet.request("Light the fuse").path("status").asText());
        } finally {
            Files.delete(file);
        }
    }

    private JsonNode awaitPlaybook(String path) {
        JsonNode[] found = new JsonNode[1];
        Awaitility.await().atMost(ofSeconds(20)).pollInterval(ofSeconds(1)).until(() -> {
            for (JsonNode playbook :
                    fleet.get("/api/v1/playbooks?size=200").body().path("items")) {
                if (playbook.path("path").asText().equals(path)) {
                    found[0] = playbook;
                }
            }
            return found[0] != null;
        });
        return found[0];
    }

    /** A plan for the text as soon as its playbook is known, which lacks a variable. */
    private String awaitQuestion(String text) {
        JsonNode[] plan = new JsonNode[1];
        Awaitility.await().atMost(ofSeconds(20)).pollInterval(ofSeconds(1)).untilAsserted(() -> {
            plan[0] = fleet.post("/api/v1/requests", Map.of("text", text, "allowDuplicate", true))
                    .body();
            assertTrue(plan[0].path("questions").toString().contains("missing_variable"), plan[0]::toString);
        });
        return plan[0].path("id").asText();
    }

    private String log(String service) throws IOException {
        StringBuilder log = new StringBuilder();
        try (Stream<Path> files = Files.list(fleet.state().resolve("logs"))) {
            for (Path file : (Iterable<Path>)
                    files.filter(f -> f.getFileName().toString().startsWith(service))::iterator) {
                log.append(Files.readString(file)).append('\n');
            }
        }
        assertNotEquals(0, log.length(), service + " has no log");
        return log.toString();
    }

    /** Sends bytes as they are and reads until the other side closes, or says nothing more for a while. */
    private String raw(String request) throws IOException {
        URI url = URI.create(fleet.url());
        StringBuilder answer = new StringBuilder();
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(4000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            byte[] buffer = new byte[8192];
            int read;
            while ((read = socket.getInputStream().read(buffer)) >= 0) {
                answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (java.net.SocketTimeoutException e) {
            answer.append("");
        }
        return answer.toString();
    }
}
