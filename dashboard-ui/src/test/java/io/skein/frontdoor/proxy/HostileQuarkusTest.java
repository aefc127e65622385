package io.skein.frontdoor.proxy;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Headers, bodies and answers that are made to be misread. */
@QuarkusTest
@TestProfile(EdgeProfile.class)
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
@WithTestResource(SocketStandIn.class)
@WithTestResource(HostileStandIn.class)
class HostileQuarkusTest {

    private static final String ANY_TRACE = "[0-9a-f]{32}";

    @TestHTTPResource("/")
    URI base;

    private String token;

    @BeforeEach
    void signIn() {
        token = Door.admin();
    }

    @Test
    void whatAServiceAnswersCannotBecomeAHeaderOrAnAnswerOfOurs() {
        for (String path : List.of(
                "bare-cr",
                "nul",
                "location",
                "location-cr",
                "folded",
                "two-lengths",
                "length-and-chunks",
                "no-http",
                "status",
                "many",
                "cookie",
                "second-answer")) {
            String answer = raw("GET /api/v1/nodes/" + path + head() + "Connection: close\r\n\r\n");
            // Nothing at all: the head was good, the body was not, and only a cut connection can say that.
            assertTrue(
                    answer.isEmpty() || answer.startsWith("HTTP/1.1 200") || answer.startsWith("HTTP/1.1 502"),
                    path + ": " + answer);
            String head = answer.substring(0, Math.max(0, answer.indexOf("\r\n\r\n")));
            for (String line : head.split("\r\n|\r|\n")) {
                String lower = line.toLowerCase(Locale.ROOT);
                assertFalse(lower.startsWith("x-evil"), path + ": " + answer);
                assertFalse(lower.startsWith("set-cookie"), path + ": " + answer);
                assertFalse(lower.startsWith("access-control-"), path + ": " + answer);
                assertFalse(lower.startsWith("server"), path + ": " + answer);
            }
            assertFalse(answer.contains("stolen"), path + ": " + answer);
            assertFalse(answer.indexOf('\0') >= 0, path + ": " + answer);
        }
        for (String path : List.of("bare-cr", "nul", "location-cr", "no-http", "many")) {
            given().auth()
                    .oauth2(token)
                    .get("/api/v1/nodes/" + path)
                    .then()
                    .statusCode(502)
                    .contentType("application/problem+json")
                    .body("code", equalTo("upstream_failed"))
                    .body("traceId", matchesPattern(ANY_TRACE));
        }
        given().auth()
                .oauth2(token)
                .get("/api/v1/nodes/location")
                .then()
                .header("Location", equalTo("/x%0d%0aX-Evil:%201"));
        given().auth()
                .oauth2(token)
                .get("/api/v1/nodes/location-elsewhere")
                .then()
                .header("Location", containsString("evil.example"));
    }

    @Test
    void aSecondAnswerIsNotTheNextPersonsAnswer() {
        for (int i = 0; i < 10; i++) {
            given().auth()
                    .oauth2(token)
                    .get("/api/v1/nodes/second-answer")
                    .then()
                    .header("X-Evil", nullValue());
            given().auth()
                    .oauth2(token)
                    .get("/api/v1/nodes/mine-" + i)
                    .then()
                    .statusCode(200)
                    .header("X-Path", "/api/v1/nodes/mine-" + i)
                    .header("X-Evil", nullValue());
        }
    }

    @Test
    void whatAClientSendsCannotBecomeAnotherHeader() {
        for (String header : List.of(
                "X-Name: a\rX-Evil: 1",
                "X-Name: a\0b",
                "X-Na me: a",
                "X-Name\t: a",
                ": a",
                "X-Name: a\r\n\tX-Evil: 1")) {
            String answer = raw("GET /api/v1/locks" + head() + header + "\r\nConnection: close\r\n\r\n");
            String first = answer.lines().findFirst().orElse("");
            assertTrue(
                    first.startsWith("HTTP/1.1 400") || first.startsWith("HTTP/1.1 200"),
                    header.replace('\r', '~') + " -> " + answer);
            assertFalse(answer.toLowerCase(Locale.ROOT).contains("\"x-evil\""), header + " -> " + answer);
        }
        String encoded =
                raw("GET /api/v1/locks/%0d%0aX-Evil:%201?q=%0d%0aX-Evil:1" + head() + "Connection: close\r\n\r\n");
        assertTrue(encoded.startsWith("HTTP/1.1 200"), encoded);
        assertFalse(encoded.toLowerCase(Locale.ROOT).contains("\r\nx-evil"), encoded);
    }

    @Test
    void headersThatAreTooLargeAre431() {
        String one = raw("GET /api/v1/locks" + head() + "X: " + "y".repeat(20_000) + "\r\n\r\n");
        assertTrue(one.startsWith("HTTP/1.1 431"), one);
        String many = raw("GET /api/v1/locks" + head() + "X: y\r\n".repeat(5_000) + "\r\n");
        assertTrue(many.startsWith("HTTP/1.1 431"), many);
        String line = raw("GET /api/v1/locks/" + "y".repeat(20_000) + head() + "\r\n");
        assertTrue(line.lines().findFirst().orElse("").contains(" 414 "), line);
    }

    @Test
    void whatIsNestedTooDeepOrTooLargeIsToldApart() throws Exception {
        // Not by rest-assured: it prints what it sends, and with 5 000 levels of indentation.
        refused("[".repeat(5_000) + "]".repeat(5_000), 400, "malformed_body");
        refused("{\"username\":" + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_001), 400, "malformed_body");
        refused("{\"username\":" + "[".repeat(100_000), 400, "malformed_body");
        refused("{\"username\":\"" + "x".repeat(1_200_000) + "\"}", 413, "payload_too_large");
    }

    private void refused(String body, int status, String code) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(base.resolve("/api/v1/auth/sign-in"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        assertTrue(answer.body().contains("\"" + code + "\""), answer.body());
        assertTrue(answer.body().matches(".*\"traceId\":\"" + ANY_TRACE + "\".*"), answer.body());
    }

    @Test
    void everyRefusalNamesItsTrace() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String parent = "00-" + trace + "-00f067aa0ba902b7-01";
        given().header("traceparent", parent)
                .get("/api/v1/plans")
                .then()
                .statusCode(401)
                .body("traceId", equalTo(trace));
        given().header("traceparent", "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01")
                .get("/api/v1/plans")
                .then()
                .statusCode(401)
                .body("traceId", not(equalTo("0".repeat(32))))
                .body("traceId", matchesPattern(ANY_TRACE));
        given().get("/api/v1/nothing").then().statusCode(404).body("traceId", matchesPattern(ANY_TRACE));
        given().auth()
                .oauth2(token)
                .get("/api/v1/playbooks")
                .then()
                .statusCode(502)
                .body("traceId", matchesPattern(ANY_TRACE));
        given().auth()
                .oauth2(token)
                .header("traceparent", parent)
                .get("/api/v1/plans/slow")
                .then()
                .statusCode(504)
                .body("traceId", equalTo(trace));
    }

    @Test
    void metricsAreForTheNeighbourhoodAndTheSignedIn() {
        for (String path : List.of("/metrics", "/q/metrics")) {
            given().get(path).then().statusCode(200).body(containsString("jvm_memory"));
            given().header("X-Forwarded-For", "203.0.113.9")
                    .get(path)
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("unauthenticated"));
            given().header("X-Forwarded-For", "203.0.113.9")
                    .auth()
                    .oauth2(token)
                    .get(path)
                    .then()
                    .statusCode(200);
        }
    }

    private String head() {
        return " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\nAuthorization: Bearer " + token + "\r\n";
    }

    private String raw(String request) {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[8192];
            try {
                int read;
                while ((read = socket.getInputStream().read(buffer)) > 0) {
                    answer.append(new String(buffer, 0, read, ISO_8859_1));
                }
            } catch (SocketTimeoutException | java.net.SocketException e) {
                // what came until then is the answer
            }
            return answer.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
