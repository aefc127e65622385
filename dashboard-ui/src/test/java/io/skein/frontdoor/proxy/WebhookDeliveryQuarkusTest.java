package io.skein.frontdoor.proxy;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.frontdoor.limits.LimitConfig;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** EVT-03: strangers reach the outside of a webhook, and nothing else. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class WebhookDeliveryQuarkusTest {

    @TestHTTPResource("/")
    URI base;

    @Inject
    LimitConfig limits;

    private final String path = "/api/v1/webhooks/" + UUID.randomUUID() + "/deliveries";

    @Test
    void aDeliveryPassesWithoutATokenAndKeepsWhatItProvesItselfWith() {
        given().contentType("application/json")
                .header("Skein-Timestamp", "1795000000")
                .header("Skein-Signature", "v1=00")
                .header("X-Hub-Signature-256", "sha256=00")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", "d-1")
                .header("Accept", "text/event-stream")
                .body("{\"n\": 1}")
                .post(path)
                .then()
                .statusCode(201)
                .header("RateLimit-Limit", Integer.toString(limits.perAddress()))
                .body("service", equalTo("runtime"))
                .body("path", equalTo(path))
                .body("body", equalTo("{\"n\": 1}"))
                .body("headers.skein-timestamp", equalTo("1795000000"))
                .body("headers.skein-signature", equalTo("v1=00"))
                .body("headers.x-hub-signature-256", equalTo("sha256=00"))
                .body("headers.x-github-event", equalTo("push"))
                .body("headers.x-github-delivery", equalTo("d-1"))
                .body("headers.accept", equalTo("application/json"))
                .body("headers.traceparent", notNullValue());
    }

    @Test
    void everyDeliveryCountsForItsAddress() {
        long before = left();
        left();
        left();
        assertTrue(left() < before);
    }

    private long left() {
        return Long.parseLong(
                given().contentType("application/json").body("{}").post(path).header("RateLimit-Remaining"));
    }

    @Test
    void aSecretInAuthorizationIsPassedOnAndATokenOfOursIsNot() {
        for (String secret : List.of("Bearer whsec_abc", "Basic YTpi", "Bearer not.a.token")) {
            given().contentType("application/json")
                    .header("Authorization", secret)
                    .body("{}")
                    .post(path)
                    .then()
                    .statusCode(201)
                    .body("headers.authorization", equalTo(secret));
        }
        for (String ours : List.of("skein_p_wrong", Door.admin(), Door.serviceToken())) {
            given().contentType("application/json")
                    .header("Authorization", "Bearer " + ours)
                    .body("{}")
                    .post(path)
                    .then()
                    .statusCode(201)
                    .body("headers.authorization", nullValue());
        }
    }

    @Test
    void everythingElseThereNeedsAToken() {
        given().get(path).then().statusCode(401);
        given().contentType("application/json").body("{}").put(path).then().statusCode(401);
        given().delete(path).then().statusCode(401);
        for (String other : List.of(
                "/api/v1/webhooks",
                path + "/1",
                path + "/",
                path.replace("deliveries", "secret"),
                "/api/v1/webhooks/x/deliveries",
                "/api/v1/schedules")) {
            given().contentType("application/json")
                    .body("{}")
                    .post(other)
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("unauthenticated"));
        }
    }

    @Test
    void tooMuchIsRefusedAndTheBodyOfAStrangerIsReadBeforeTheServiceHearsOfIt() throws Exception {
        given().contentType("application/json")
                .body("x".repeat(2 * 1024 * 1024))
                .post(path)
                .then()
                .statusCode(413);
        // Slow ones: none of them holds a connection to the service, and each is given up after a while.
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            Socket socket = new Socket(base.getHost(), base.getPort());
            socket.getOutputStream()
                    .write(("POST " + path
                                    + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            slow.add(socket);
        }
        String token = Door.admin();
        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body("{}")
                .post("/api/v1/events/publish")
                .then()
                .statusCode(201);
        for (Socket socket : slow) {
            socket.setSoTimeout(10_000);
            try (socket;
                    InputStream answer = socket.getInputStream()) {
                assertEquals(-1, answer.read(), "a slow stranger is given up");
            }
        }
        assertTrue(slow.stream().allMatch(Socket::isClosed));
    }
}
