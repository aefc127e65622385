package io.skein.frontdoor.proxy;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class ProxyQuarkusTest {

    @TestHTTPResource("/")
    URI base;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private String token;

    @BeforeEach
    void signIn() {
        token = Door.admin();
    }

    @Test
    void everyPathGoesToItsService() {
        Map<String, String> owners = Map.ofEntries(
                Map.entry("/sessions/1/messages", "orchestrator"),
                Map.entry("/requests", "orchestrator"),
                Map.entry("/plans", "orchestrator"),
                Map.entry("/plans/1/steps/2/log", "orchestrator"),
                Map.entry("/tasks/1/subtasks", "orchestrator"),
                Map.entry("/capacity", "orchestrator"),
                Map.entry("/llm/usage", "orchestrator"),
                Map.entry("/agents/live", "registry"),
                Map.entry("/agents/events/device.offline", "registry"),
                Map.entry("/templates", "registry"),
                Map.entry("/nodes/nas01", "registry"),
                Map.entry("/events", "runtime"),
                Map.entry("/schedules", "runtime"),
                Map.entry("/runtime/instances", "runtime"),
                Map.entry("/locks", "lock"),
                Map.entry("/locks/resources/host%3Anas01", "lock"),
                Map.entry("/audit/entries", "audit"));
        owners.forEach((path, service) -> given().urlEncodingEnabled(false)
                .auth()
                .oauth2(token)
                .get("/api/v1" + path + "?size=5&q=a%20b")
                .then()
                .statusCode(200)
                .body("service", equalTo(service))
                .body("path", equalTo("/api/v1" + path))
                .body("query", equalTo("size=5&q=a%20b")));
    }

    @Test
    void methodsAndBodiesArriveAsTheyWereSent() {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            given().auth()
                    .oauth2(token)
                    .contentType("application/json")
                    .header("Idempotency-Key", "k1")
                    .header("If-Match", "\"v0\"")
                    .body("{\"text\":\"grüße\"}")
                    .request(method, "/api/v1/requests")
                    .then()
                    .body("method", equalTo(method))
                    .body("body", equalTo("{\"text\":\"grüße\"}"))
                    .body("headers.idempotency-key", equalTo("k1"))
                    .body("headers.if-match", equalTo("\"v0\""));
        }
        given().auth()
                .oauth2(token)
                .head("/api/v1/plans")
                .then()
                .statusCode(200)
                .header("ETag", "\"v1\"");
    }

    @Test
    void headersForOneHopStayThereAndClaimsAboutTheCallerAreOurs() {
        given().auth()
                .oauth2(token)
                .header("Connection", "keep-alive, X-Hop")
                .header("X-Hop", "1")
                .header("Proxy-Authorization", "Basic eA==")
                .header("TE", "trailers")
                .header("Cookie", "skein_refresh=secret")
                .header("X-Forwarded-For", "203.0.113.9")
                .header("X-Forwarded-User", "root")
                .header("Forwarded", "for=203.0.113.9")
                .get("/api/v1/plans")
                .then()
                .statusCode(200)
                .body("headers.x-hop", nullValue())
                .body("headers.proxy-authorization", nullValue())
                .body("headers.te", nullValue())
                .body("headers.cookie", nullValue())
                .body("headers.forwarded", nullValue())
                .body("headers.x-forwarded-user", nullValue())
                .body("headers.x-forwarded-for", equalTo("127.0.0.1"))
                .body("headers.x-forwarded-proto", equalTo("http"))
                .body("headers.x-forwarded-host", equalTo(base.getAuthority()))
                .body("headers.authorization", equalTo("Bearer " + token))
                .body("headers.traceparent", matchesPattern("00-[0-9a-f]{32}-[0-9a-f]{16}-01"))
                .header("Keep-Alive", nullValue())
                .header("Set-Cookie", nullValue())
                .header("Location", "/api/v1/plans/1")
                .header("ETag", "\"v1\"")
                .header("Content-Security-Policy", containsString("default-src 'self'"));
    }

    @Test
    void aTraceThatBeganOutsideGoesOnAndAFakeOneDoesNot() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        given().auth()
                .oauth2(token)
                .header("traceparent", trace)
                .get("/api/v1/plans")
                .then()
                .body("headers.traceparent", equalTo(trace));
        given().auth()
                .oauth2(token)
                .header("traceparent", "00-" + "0".repeat(32) + "-b7ad6b7169203331-01")
                .get("/api/v1/plans")
                .then()
                .body("headers.traceparent", not(containsString("0".repeat(32))));
    }

    @Test
    void nobodyPassesWithoutAToken() {
        given().get("/api/v1/plans")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer")
                .body("code", equalTo("unauthenticated"));
        given().header("Authorization", "Basic cm9vdDpyb290")
                .get("/api/v1/plans")
                .then()
                .statusCode(401);
        given().get("/api/v1/plans?access_token=" + token).then().statusCode(401);
        given().auth().oauth2(Door.serviceToken()).get("/api/v1/locks").then().statusCode(403);
    }

    @Test
    void whatIsNobodysIsNotFoundAndWhatIsAmbiguousIsRefused() {
        for (String path : List.of("/api/v1/nothing", "/api/v1", "/api/v2/plans", "/api", "/api/v1/planss")) {
            given().auth()
                    .oauth2(token)
                    .get(path)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("code", equalTo("not_found"));
        }
        for (String path : List.of(
                "/api/v1/plans/../locks",
                "/api/v1/plans/%2e%2e/locks",
                "/api/v1//plans",
                "/x/../api/v1/plans",
                "/api/v1/plans;x=1",
                "/api/v1/plans/%5c..%5clocks",
                "/api/v1/plans/%00")) {
            String answer = raw("GET " + path + " HTTP/1.1\r\nHost: " + base.getAuthority()
                    + "\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n");
            assertTrue(
                    answer.startsWith("HTTP/1.1 400"),
                    path + " -> " + answer.lines().findFirst());
        }
    }

    @Test
    void aBodyOfOneMebibytePassesAndOneMoreByteDoesNot() throws Exception {
        int limit = 1024 * 1024;
        given().auth()
                .oauth2(token)
                .contentType("application/octet-stream")
                .body(new byte[limit])
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .body("bodyLength", equalTo(limit));
        given().auth()
                .oauth2(token)
                .contentType("application/octet-stream")
                .body(new byte[limit + 1])
                .post("/api/v1/requests")
                .then()
                .statusCode(413)
                .contentType("application/problem+json")
                .body("code", equalTo("payload_too_large"));
        // The same without a Content-Length.
        assertEquals(201, chunked(limit).statusCode());
        HttpResponse<String> tooLarge = chunked(limit + 1);
        assertEquals(413, tooLarge.statusCode());
        assertTrue(tooLarge.body().contains("payload_too_large"));
    }

    private HttpResponse<String> chunked(int size) throws IOException, InterruptedException {
        return http.send(
                request("/api/v1/requests")
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[size])))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void eventsOfAStreamArriveOneByOneHoweverLongTheSilence() throws Exception {
        HttpResponse<java.io.InputStream> response = http.send(
                request("/api/v1/plans/1/stream")
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, response.statusCode());
        assertEquals(
                "text/event-stream",
                response.headers().firstValue("content-type").orElse(""));
        List<Long> arrivals = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (line.startsWith("data:")) {
                    arrivals.add(System.nanoTime() / 1_000_000);
                }
            }
        }
        assertEquals(3, arrivals.size());
        assertTrue(arrivals.get(1) - arrivals.get(0) > 1200, arrivals + ": they came together");
        assertTrue(arrivals.get(2) - arrivals.get(1) > 1200, arrivals + ": they came together");
    }

    @Test
    void whenTheReaderOfAStreamLeavesTheServiceLearnsIt() throws Exception {
        System.clearProperty(StandIns.READER_GONE);
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.getOutputStream()
                    .write(("GET /api/v1/plans/endless/stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                                    + "Authorization: Bearer " + token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertTrue(socket.getInputStream().read() > 0);
        }
        await().atMost(20, SECONDS).until(() -> Boolean.getBoolean(StandIns.READER_GONE));
    }

    @Test
    void whoseAccountIsTakenAwayHearsNoMore() throws Exception {
        System.clearProperty(StandIns.READER_GONE);
        String id = Door.create("listener", "viewer");
        String own = Door.token("listener");
        HttpResponse<java.io.InputStream> stream = http.send(
                HttpRequest.newBuilder(base.resolve("/api/v1/plans/endless/stream"))
                        .header("Authorization", "Bearer " + own)
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertTrue(stream.body().read() > 0);
        Door.as(token)
                .body(Map.of("disabled", true))
                .patch("/api/v1/users/" + id)
                .then()
                .statusCode(200);
        await().atMost(20, SECONDS).until(() -> Boolean.getBoolean(StandIns.READER_GONE));
        assertThrows(IOException.class, () -> stream.body().readAllBytes(), "it was cut, not finished");
    }

    @Test
    void aClientThatAsksFirstIsToldToGoOn() {
        String answer =
                raw("POST /api/v1/requests HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\nAuthorization: Bearer "
                        + token + "\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n{}");
        assertTrue(answer.startsWith("HTTP/1.1 100"), answer);
        assertEquals(1, occurrences(answer, "\"bodyLength\":2"), answer);
    }

    @Test
    void aServiceThatIsAwaySlowOrCutIsToldApart() throws Exception {
        given().auth()
                .oauth2(token)
                .get("/api/v1/playbooks")
                .then()
                .statusCode(502)
                .contentType("application/problem+json")
                .body("code", equalTo("upstream_failed"))
                .body("detail", containsString("infra-agent-service"));
        given().auth()
                .oauth2(token)
                .get("/api/v1/plans/slow")
                .then()
                .statusCode(504)
                .contentType("application/problem+json")
                .body("code", equalTo("upstream_timeout"));
        // Half an answer must not look like a whole one.
        assertThrows(
                IOException.class,
                () -> http.send(request("/api/v1/plans/cut").build(), HttpResponse.BodyHandlers.ofByteArray()));
        long begun = System.nanoTime();
        assertThrows(
                IOException.class,
                () -> http.send(request("/api/v1/plans/stalled").build(), HttpResponse.BodyHandlers.ofByteArray()));
        assertTrue(
                System.nanoTime() - begun < 4_000_000_000L, "a stalled answer is given up after the response timeout");
        byte[] whole = http.send(request("/api/v1/audit/download").build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
        assertEquals(80 * 64 * 1024, whole.length);
    }

    @Test
    void aConnectionOutlivesTheTimeLimitsOfTheAnswersItBrought() throws Exception {
        Set<Integer> connections = new HashSet<>();
        long end = System.nanoTime() + 3_000_000_000L;
        while (System.nanoTime() < end) {
            connections.add(
                    given().auth().oauth2(token).get("/api/v1/audit/reused").path("connection"));
            Thread.sleep(20);
        }
        // A limit that is not taken back when its answer has come closes the connection under whoever has it then.
        assertEquals(1, connections.size(), "connections, one after the other: " + connections);
    }

    @Test
    void aLockMayBeWaitedFor() {
        given().auth().oauth2(token).get("/api/v1/locks/slow").then().statusCode(200);
    }

    @Test
    void requestsThatTwoServersWouldReadDifferentlyAreNotPassedOn() {
        String head = " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\nAuthorization: Bearer " + token + "\r\n";
        String smuggled = "0\r\n\r\nGET /api/v1/locks HTTP/1.1\r\nHost: x\r\n\r\n";
        String both = raw("POST /api/v1/requests" + head + "Content-Length: " + smuggled.length()
                + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + smuggled);
        assertEquals(0, occurrences(both, "\"service\":\"lock\""), both);
        String twoLengths = raw("POST /api/v1/requests" + head + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde");
        assertTrue(twoLengths.startsWith("HTTP/1.1 400"), twoLengths);
        String space = raw("POST /api/v1/requests" + head + "Transfer-Encoding : chunked\r\n\r\n" + smuggled);
        assertTrue(space.startsWith("HTTP/1.1 400"), space);
        String twoHosts = raw("GET /api/v1/plans" + head + "Host: evil\r\nConnection: close\r\n\r\n");
        assertTrue(twoHosts.startsWith("HTTP/1.1 400"), twoHosts);
        String twoTokens = raw("GET /api/v1/plans" + head + "Authorization: Bearer x\r\nConnection: close\r\n\r\n");
        assertTrue(twoTokens.startsWith("HTTP/1.1 401"), twoTokens);
        String trace = raw("TRACE /api/v1/plans" + head + "Connection: close\r\n\r\n");
        assertTrue(trace.startsWith("HTTP/1.1 405"), trace);
        String absolute = raw("GET http://evil.example/api/v1/plans" + head + "Connection: close\r\n\r\n");
        assertTrue(absolute.startsWith("HTTP/1.1 200") && absolute.contains("\"path\":\"/api/v1/plans\""), absolute);
        String big = raw("GET /api/v1/plans" + head + "X: " + "y".repeat(40_000) + "\r\n\r\n");
        assertTrue(big.startsWith("HTTP/1.1 431"), big);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token);
    }

    private String raw(String request) {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(3000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[8192];
            try {
                int read;
                while ((read = socket.getInputStream().read(buffer)) > 0) {
                    answer.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                }
            } catch (java.net.SocketTimeoutException | java.net.SocketException e) {
                // what came until then is the answer
            }
            return answer.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int occurrences(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }
}
