package io.skein.runtime.skill.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skein.runtime.Outbound;
import io.skein.runtime.skill.SkillCall;
import io.skein.runtime.skill.SkillOutcome;
import io.skein.runtime.skill.SkillSchema;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * RUN-02, SEC-01 with real servers: 127.0.0.1 is opened by the operator, 127.0.0.2 is not, and of 127.0.0.1 the definition names one
 * port and one folder.
 */
class HttpCallSkillTest {

    private static final UUID TASK = UUID.randomUUID();
    private static Vertx vertx;

    private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger touched = new AtomicInteger();
    private HttpServer open;
    private HttpServer neighbour;
    private HttpServer inside;
    private HttpCallSkill skill;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close();
    }

    @BeforeEach
    void startServers() throws IOException {
        open = server("127.0.0.1", 0);
        neighbour = server("127.0.0.1", 0);
        inside = server("127.0.0.2", 0);
        for (HttpServer secret : List.of(neighbour, inside)) {
            secret.createContext("/", exchange -> {
                touched.incrementAndGet();
                answer(exchange, 200, "text/plain", "a secret");
            });
            secret.start();
        }
        open.createContext("/", exchange -> {
            touched.incrementAndGet();
            answer(exchange, 200, "text/plain", "not yours");
        });
        open.createContext("/api/", this::echo);
        open.createContext("/api/old", exchange -> redirect(exchange, "/api/new"));
        open.createContext("/api/up", exchange -> redirect(exchange, "/secret"));
        open.createContext("/api/neighbour", exchange -> redirect(exchange, url(neighbour, "/api/")));
        open.createContext("/api/inside", exchange -> redirect(exchange, url(inside, "/api/")));
        open.createContext("/api/file", exchange -> redirect(exchange, "file:///etc/passwd"));
        open.createContext("/api/busy", exchange -> answer(exchange, 503, "text/plain", "later"));
        open.createContext("/api/lies", exchange -> answer(exchange, 200, "application/json", "{\"a\": 1} and more"));
        open.createContext(
                "/api/long", exchange -> answer(exchange, 200, "text/plain", "a\u0001\u001b[2J".repeat(40_000)));
        open.createContext("/api/never", exchange -> {
            // Answers nothing.
        });
        open.start();
        skill = new HttpCallSkill(Outbound.opened(vertx, "127.0.0.1/32"), Clock.systemUTC(), new ObjectMapper());
    }

    @AfterEach
    void stopServers() {
        open.stop(0);
        neighbour.stop(0);
        inside.stop(0);
    }

    @Test
    void anAnswerIsStatusHeadersAndJson() {
        ObjectNode output = done(run("{\"url\": \"" + url(open, "/api/x?y=z") + "\"}"));
        assertEquals(200, output.path("status").asInt());
        assertEquals("GET /api/x?y=z", output.path("json").path("asked").asText());
        assertEquals(
                "application/json", output.path("headers").path("content-type").asText());
        assertEquals(1, output.path("headers").size());
        assertTrue(output.path("json").path("key").isNull());
    }

    @Test
    void aWriteCarriesTheStepsKeyEachTime() {
        String input = "{\"method\": \"POST\", \"url\": \"" + url(open, "/api/x")
                + "\", \"json\": {\"host\": \"nas\"}, \"headers\": {\"X-Why\": \"test\"}}";
        for (int attempt = 0; attempt < 2; attempt++) {
            ObjectNode output = done(run(input));
            assertEquals(TASK + ".3", output.path("json").path("key").asText());
            assertEquals("{\"host\":\"nas\"}", output.path("json").path("body").asText());
            assertEquals("test", output.path("json").path("why").asText());
        }
    }

    @Test
    void everyMethodGetsThrough() {
        for (String method : List.of("PUT", "PATCH", "DELETE")) {
            ObjectNode output = done(
                    run("{\"method\": \"" + method + "\", \"text\": \"t\", \"url\": \"" + url(open, "/api/x") + "\"}"));
            assertEquals(method + " /api/x", output.path("json").path("asked").asText());
        }
    }

    @Test
    void aRedirectIsFollowedOnlyToWhereBothListsLead() {
        assertEquals(
                "GET /api/new",
                done(run(get("/api/old"))).path("json").path("asked").asText());
        for (String path : List.of("/api/up", "/api/neighbour", "/api/inside", "/api/file")) {
            assertEquals("forbidden", failed(run(get(path))).code(), path);
        }
        assertEquals(0, touched.get());
    }

    /** Planted: whoever checks the first address and lets the client follow reaches what nobody allowed. */
    @Test
    void aClientThatFollowsByItselfReachesTheSecret() throws Exception {
        HttpClient naive = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        for (String path : List.of("/api/up", "/api/neighbour", "/api/inside")) {
            naive.send(
                    HttpRequest.newBuilder(URI.create(url(open, path))).build(), HttpResponse.BodyHandlers.ofString());
        }
        assertEquals(3, touched.get());
    }

    @Test
    void whatIsNotNamedIsNotCalled() {
        for (String url : List.of(
                url(open, "/secret"),
                url(open, "/api"),
                url(open, "/api/../secret"),
                url(open, "/api/%2e%2e/secret"),
                url(neighbour, "/api/"),
                url(inside, "/api/"),
                url(open, "/api/").replace("127.0.0.1", "127.0.0.1@127.0.0.2"),
                url(open, "/api/").replace("127.0.0.1", "localhost"),
                url(open, "/api/").replace("127.0.0.1", "2130706433"))) {
            SkillOutcome.Failed failed = failed(run("{\"url\": \"" + url + "\"}"));
            assertEquals("forbidden", failed.code(), url);
            assertFalse(failed.mayPass());
        }
        assertEquals(0, touched.get());
    }

    @Test
    void aPermissionDoesNotOpenWhatTheOperatorKeepsShut() {
        SkillCall call =
                call("{\"url\": \"" + url(inside, "/api/") + "\"}", List.of(url(inside, "/api/"), url(open, "/api/")));
        assertEquals("forbidden", failed(skill.run(call)).code());
        assertEquals(0, touched.get());
    }

    @Test
    void headersThatSpeakForUsAreNotTheAgents() {
        for (String header : List.of(
                "Authorization",
                "cookie",
                "Host",
                "Idempotency-Key",
                "X-Forwarded-For",
                "Proxy-Authorization",
                "a b")) {
            assertEquals(
                    "validation_failed",
                    failed(run("{\"url\": \"" + url(open, "/api/x") + "\", \"headers\": {\"" + header + "\": \"x\"}}"))
                            .code(),
                    header);
        }
        assertEquals(
                "validation_failed",
                failed(run("{\"url\": \"" + url(open, "/api/x") + "\", \"headers\": {\"x-a\": \"1\\r\\nHost: evil\"}}"))
                        .code());
        assertTrue(seen.isEmpty());
    }

    @Test
    void whatAnAddressAnswersIsBoundedAndPlain() {
        ObjectNode output = done(run(get("/api/long")));
        assertTrue(output.path("truncated").asBoolean());
        assertTrue(output.path("text").asText().length() <= 32 * 1024);
        assertFalse(output.path("text").asText().contains("\u001b"));
        ObjectNode lies = done(run(get("/api/lies")));
        assertFalse(lies.has("json"));
        assertEquals("{\"a\": 1} and more", lies.path("text").asText());
    }

    @Test
    void aStatusThatIsNoSuccessIsAFailureUnlessItWasAskedFor() {
        SkillOutcome.Failed busy = failed(run(get("/api/busy")));
        assertEquals("upstream_failed", busy.code());
        assertTrue(busy.mayPass());
        assertEquals(
                503,
                done(run("{\"accept\": [503], \"url\": \"" + url(open, "/api/busy") + "\"}"))
                        .path("status")
                        .asInt());
    }

    @Test
    void theTasksTimeEndsACall() {
        SkillCall call = new SkillCall(
                TASK,
                1,
                "default",
                "tester",
                new SkillCall.Permissions(null, null, List.of(url(open, "/api/")), false),
                SkillSchema.of(get("/api/never")),
                BigDecimal.ZERO,
                Instant.now().plusMillis(500),
                "0");
        long begun = System.nanoTime();
        assertTrue(failed(skill.run(call)).mayPass());
        assertTrue(System.nanoTime() - begun < 8_000_000_000L);
    }

    @Test
    void aBodyIsOneAndGoesWithAWrite() {
        assertEquals(
                "validation_failed",
                failed(run("{\"text\": \"x\", \"url\": \"" + url(open, "/api/x") + "\"}"))
                        .code());
        assertEquals(
                "validation_failed",
                failed(run("{\"method\": \"PUT\", \"json\": 1, \"text\": \"x\", \"url\": \"" + url(open, "/api/x")
                                + "\"}"))
                        .code());
    }

    @Test
    void theSchemaTakesWhatTheSkillTakes() {
        assertEquals(List.of(), SkillSchema.violations(skill.inputSchema(), SkillSchema.of(get("/api/x"))));
        for (String wrong : List.of("{}", "{\"url\": 1}", "{\"url\": \"http://x/\", \"method\": \"TRACE\"}")) {
            assertFalse(
                    SkillSchema.violations(skill.inputSchema(), SkillSchema.of(wrong))
                            .isEmpty(),
                    wrong);
        }
    }

    private String get(String path) {
        return "{\"url\": \"" + url(open, path) + "\"}";
    }

    private SkillOutcome run(String input) {
        return skill.run(call(input, List.of(url(open, "/api/"))));
    }

    private static SkillCall call(String input, List<String> http) {
        return new SkillCall(
                TASK,
                3,
                "default",
                "tester",
                new SkillCall.Permissions(null, null, http, false),
                SkillSchema.of(input),
                BigDecimal.ZERO,
                Instant.now().plusSeconds(60),
                "0");
    }

    private static ObjectNode done(SkillOutcome outcome) {
        return (ObjectNode) assertInstanceOf(SkillOutcome.Done.class, outcome, outcome::toString)
                .output();
    }

    private static SkillOutcome.Failed failed(SkillOutcome outcome) {
        return assertInstanceOf(SkillOutcome.Failed.class, outcome, outcome::toString);
    }

    private void echo(HttpExchange exchange) throws IOException {
        seen.add(exchange.getRequestURI().toString());
        ObjectNode said = new ObjectMapper().createObjectNode();
        said.put("asked", exchange.getRequestMethod() + " " + exchange.getRequestURI());
        said.put("key", exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        said.put("why", exchange.getRequestHeaders().getFirst("X-Why"));
        said.put("body", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set("Set-Cookie", "a=b");
        answer(exchange, 200, "application/json", said.toString());
    }

    private static String url(HttpServer server, String path) {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + path;
    }

    private static HttpServer server(String address, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        return server;
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        answer(exchange, 302, "text/plain", "elsewhere");
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
