package io.skein.lock.lease;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** LOCK-02: a place in the queue outlives the call that took it, and whoever comes back for it is told at once. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class PlaceQuarkusTest {

    private static final String LOCKS = "/api/v1/locks";
    private static final String ADA = TestTokens.user("ada", "viewer", "operator");
    private static final String BOB = TestTokens.user("bob", "viewer", "operator");
    private static final String EVE = TestTokens.userOfTeam("eve", "green", "viewer", "operator");

    @Inject
    Jdbi jdbi;

    @Inject
    Locks locks;

    @TestHTTPResource
    URI address;

    private final String resource = "host:" + UUID.randomUUID();

    @Test
    void whoPollsAgainKeepsThePlace() throws Exception {
        String held = acquire(ADA, "").statusCode(201).extract().path("id");
        String asked = ",\"waitSeconds\":1,\"queueSeconds\":300,\"requestId\":\"r1\"";
        ValidatableResponse first = acquire(BOB, asked)
                .statusCode(202)
                .body("status", equalTo("waiting"))
                .body("position", equalTo(1));
        String place = first.extract().path("id");
        assertTrue(first.extract().header("Location").endsWith("/queue/" + place));
        // Somebody comes later, with the same priority.
        acquire(ADA, ",\"queueSeconds\":300,\"requestId\":\"later\"")
                .statusCode(202)
                .body("position", equalTo(2));

        acquire(BOB, asked).statusCode(202).body("id", equalTo(place)).body("position", equalTo(1));
        as(BOB).get(LOCKS + "/queue/" + place).then().statusCode(200).body("position", equalTo(1));
        as(ADA).get(LOCKS + "/queue/" + place).then().statusCode(200);
        as(EVE).get(LOCKS + "/queue/" + place).then().statusCode(404);

        // Nobody is connected when it is granted.
        as(ADA).delete(LOCKS + "/" + held).then().statusCode(204);
        acquire(BOB, asked).statusCode(201).body("id", equalTo(place));
        as(BOB).get(LOCKS + "/queue/" + place)
                .then()
                .statusCode(200)
                .body("status", equalTo("granted"))
                .body("position", nullValue())
                .body("lock.fencingTokens.'" + resource + "'", equalTo(2));
    }

    @Test
    void theSameRequestForOtherResourcesIsRefusedWhileItWaits() {
        acquire(ADA, "").statusCode(201);
        acquire(BOB, ",\"queueSeconds\":300,\"requestId\":\"r\"").statusCode(202);
        as(BOB).body("{\"resourceId\":\"" + resource + "x\",\"requestId\":\"r\"}")
                .post(LOCKS)
                .then()
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
    }

    @Test
    void aPlaceNobodyComesBackForStopsCounting() {
        acquire(ADA, "").statusCode(201);
        String place =
                acquire(BOB, ",\"queueSeconds\":300").statusCode(202).extract().path("id");
        jdbi.useHandle(h -> h.execute(
                "UPDATE waiter SET alive_until = clock_timestamp() - interval '61 seconds' WHERE id = ?",
                UUID.fromString(place)));
        assertEquals(0, locks.waitingFor(resource).size());
    }

    @Test
    void theTimeInTheQueueIsOverAtLast() {
        acquire(ADA, "").statusCode(201);
        acquire(BOB, ",\"waitSeconds\":1,\"queueSeconds\":1,\"requestId\":\"r\"")
                .statusCode(409)
                .body("code", equalTo("lock_held"))
                .body("holder.ownerId", equalTo("ada"));
        assertEquals(0, locks.waitingFor(resource).size());
    }

    /** Its owner said how long it would wait, and does not come back; a lock granted later would keep everybody else out. */
    @Test
    void aPlaceWhoseTimeIsOverIsServedNoMore() {
        assertFalse(servedTooLate());
        jdbi.useHandle(h -> h.execute("ALTER TABLE waiter DISABLE TRIGGER place_ends_with_its_time"));
        try {
            assertTrue(servedTooLate(), "the planted bug was not seen");
        } finally {
            jdbi.useHandle(h -> h.execute("ALTER TABLE waiter ENABLE TRIGGER place_ends_with_its_time"));
        }
    }

    private boolean servedTooLate() {
        String name = "host:" + UUID.randomUUID();
        String held = as(ADA).body("{\"resourceId\":\"" + name + "\"}")
                .post(LOCKS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        UUID place = UUID.fromString(
                as(BOB).body("{\"resourceId\":\"" + name + "\",\"queueSeconds\":1,\"requestId\":\"" + name + "\"}")
                        .post(LOCKS)
                        .then()
                        .statusCode(202)
                        .extract()
                        .path("id"));
        await().atMost(20, SECONDS)
                .until(() -> jdbi.withHandle(
                        h -> h.createQuery("SELECT wait_until < clock_timestamp() FROM waiter WHERE id = :id")
                                .bind("id", place)
                                .mapTo(Boolean.class)
                                .one()));
        as(ADA).delete(LOCKS + "/" + held).then().statusCode(204);
        return as(ADA).get(LOCKS + "/resources/" + name).then().extract().path("holder") != null;
    }

    @Test
    void whoLooksAtAPlaceWhoseTimeEndsIsTold() {
        acquire(ADA, "").statusCode(201);
        String place = acquire(BOB, ",\"queueSeconds\":2,\"requestId\":\"r\"")
                .statusCode(202)
                .extract()
                .path("id");
        long begun = System.nanoTime();
        as(BOB).get(LOCKS + "/queue/" + place + "?waitSeconds=30")
                .then()
                .statusCode(409)
                .body("code", equalTo("lock_held"))
                .body("holder.ownerId", equalTo("ada"));
        assertTrue(Duration.ofNanos(System.nanoTime() - begun).toSeconds() < 20, "it waited for nothing");
        as(BOB).get(LOCKS + "/queue/" + place).then().statusCode(404);
    }

    @Test
    void theStreamTellsThePositionAndTheGrant() throws Exception {
        String held = acquire(ADA, "").statusCode(201).extract().path("id");
        String before =
                acquire(ADA, ",\"queueSeconds\":300").statusCode(202).extract().path("id");
        String place =
                acquire(BOB, ",\"queueSeconds\":300").statusCode(202).extract().path("id");
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> stream = stream(BOB, place, lines);
        await().atMost(20, SECONDS).until(() -> lines.stream().anyMatch(line -> line.contains("\"position\":2")));

        as(ADA).delete(LOCKS + "/queue/" + before).then().statusCode(204);
        await().atMost(20, SECONDS).until(() -> lines.stream().anyMatch(line -> line.contains("\"position\":1")));
        as(ADA).delete(LOCKS + "/" + held).then().statusCode(204);
        stream.get(20, SECONDS);

        assertTrue(lines.contains("event:granted") || lines.contains("event: granted"), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.contains("\"id\":\"" + place + "\"")), lines.toString());
    }

    @Test
    void whoIsTakenOutIsToldByTheStream() throws Exception {
        acquire(ADA, "").statusCode(201);
        String place =
                acquire(BOB, ",\"queueSeconds\":300").statusCode(202).extract().path("id");
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> stream = stream(BOB, place, lines);
        await().atMost(20, SECONDS).until(() -> lines.stream().anyMatch(line -> line.contains("position")));

        as(BOB).delete(LOCKS + "/queue/" + place).then().statusCode(204);
        stream.get(20, SECONDS);

        assertTrue(lines.stream().anyMatch(line -> line.contains("gone")), lines.toString());
        as(BOB).get(LOCKS + "/queue/" + place).then().statusCode(404);
        as(BOB).get(LOCKS + "/queue/" + place + "/stream").then().statusCode(404);
        as(BOB).get(LOCKS + "/queue/" + place + "?waitSeconds=61").then().statusCode(400);
    }

    /** A caller that is gone waits for nothing, and is not granted what nobody would give back. */
    @Test
    void aBrokenConnectionLeavesTheQueue() throws Exception {
        String held = acquire(ADA, "").statusCode(201).extract().path("id");
        HttpClient http = HttpClient.newHttpClient();
        CompletableFuture<HttpResponse<String>> waiting = http.sendAsync(
                HttpRequest.newBuilder(address.resolve(LOCKS))
                        .header("Authorization", "Bearer " + BOB)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"resourceId\":\"" + resource + "\",\"waitSeconds\":60}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await().atMost(20, SECONDS).until(() -> locks.waitingFor(resource).size() == 1);

        waiting.cancel(true);
        http.shutdownNow();

        await().atMost(20, SECONDS).until(() -> locks.waitingFor(resource).isEmpty());
        as(ADA).delete(LOCKS + "/" + held).then().statusCode(204);
        as(ADA).get(LOCKS + "/resources/" + resource).then().body("holder", nullValue());
    }

    private CompletableFuture<Void> stream(String token, String place, List<String> lines) {
        return HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(address.resolve(LOCKS + "/queue/" + place + "/stream"))
                                .header("Authorization", "Bearer " + token)
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .thenAccept(response -> {
                    try (Stream<String> body = response.body()) {
                        body.forEach(lines::add);
                    }
                });
    }

    private ValidatableResponse acquire(String token, String more) {
        return as(token)
                .body("{\"resourceId\":\"" + resource + "\"" + more + "}")
                .post(LOCKS)
                .then();
    }

    private static RequestSpecification as(String token) {
        return given().auth().oauth2(token).contentType("application/json");
    }
}
