package io.skein.frontdoor.limits;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.skein.contracts.event.EventTypes;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limits as a client meets them, through the real gate, with a Redis that can be cut off. */
@QuarkusTest
@TestProfile(SmallLimits.class)
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
@WithTestResource(CuttableRedis.class)
class RateLimitQuarkusTest {

    private static int people;

    @Inject
    RateLimiter limiter;

    @AfterEach
    void mend() {
        CuttableRedis.mend();
        await().atMost(10, SECONDS).until(() -> !limiter.countsAlone());
    }

    @Test
    void whatMaySpendMoneyIsCountedPerPersonAndSaysWhatIsLeft() throws Exception {
        try (Connection broker = broker();
                Channel channel = broker.createChannel()) {
            String queue = channel.queueDeclare().getQueue();
            channel.queueBind(queue, "skein.events", "*." + EventTypes.LIMIT_REACHED);
            String name = person();
            RequestSpecification ada = as(name);
            for (int left = SmallLimits.SPENDING - 1; left >= 0; left--) {
                // One way of writing the address is as good as another.
                ask(ada, left % 2 == 0 ? "/api/v1/requests" : "/api/v1/requests/")
                        .statusCode(201)
                        .header("RateLimit-Limit", "5")
                        .header("RateLimit-Remaining", Integer.toString(left))
                        .header("RateLimit-Reset", Integer::parseInt, lessThanOrEqualTo(3600))
                        .header("Retry-After", nullValue());
            }
            for (String path : List.of("/api/v1/requests", "/api/v1/plans/7/modify", "/api/v1/sessions/7/messages")) {
                ask(ada, path)
                        .statusCode(429)
                        .contentType("application/problem+json")
                        .header("RateLimit-Limit", "5")
                        .header("RateLimit-Remaining", "0")
                        .header("Retry-After", Integer::parseInt, allOf(greaterThan(3000), lessThanOrEqualTo(3600)))
                        .body("code", equalTo("rate_limited"))
                        .body("limit", equalTo("spending_per_user"))
                        .body("traceId", matchesPattern("[0-9a-f]{32}"))
                        .body("detail", containsString("5 requests in 1 hour"));
            }
            // Reading, and what costs nothing, goes on; so does everybody else.
            as(name).get("/api/v1/plans").then().statusCode(200);
            ask(as(name), "/api/v1/plans/7/approve").statusCode(201);
            ask(as(person()), "/api/v1/requests").statusCode(201);

            List<String> events = new ArrayList<>();
            await().atMost(10, SECONDS).until(() -> drain(channel, queue, events, name) == 1);
            assertTrue(events.getFirst().contains("\"spending_per_user\""), events.getFirst());
            ask(as(name), "/api/v1/requests").statusCode(429);
            ask(as(name), "/api/v1/requests").statusCode(429);
            String other = person();
            RequestSpecification second = as(other);
            for (int i = 0; i <= SmallLimits.SPENDING; i++) {
                ask(second, "/api/v1/requests");
            }
            // Whatever the first one's further refusals sent would be before this.
            await().atMost(10, SECONDS)
                    .until(() -> drain(channel, queue, events, name, other) > 1 && isAbout(other, events.getLast()));
            assertEquals(2, events.size(), "once per person and window: " + events);
        }
    }

    @Test
    void everyCallCountsForTheGeneralLimitAtOwnEndpointsToo() {
        String token = Door.signIn(person(), Door.PASSWORD).extract().path("accessToken");
        for (int i = 1; i <= SmallLimits.GENERAL; i++) {
            given().auth()
                    .oauth2(token)
                    .get(i % 2 == 0 ? "/api/v1/me" : "/api/v1/locks")
                    .then()
                    .statusCode(200)
                    .header("RateLimit-Remaining", Integer.toString(SmallLimits.GENERAL - i));
        }
        for (String path : List.of("/api/v1/me", "/api/v1/locks")) {
            given().auth()
                    .oauth2(token)
                    .get(path)
                    .then()
                    .statusCode(429)
                    .body("limit", equalTo("per_user"))
                    .header("Retry-After", Integer::parseInt, greaterThan(0));
        }
    }

    @Test
    void withoutRedisSpendingIsClosedAndReadingIsNot() {
        RequestSpecification ada = as(person());
        ask(ada, "/api/v1/requests").statusCode(201);
        for (Runnable trouble : List.<Runnable>of(CuttableRedis::cut, CuttableRedis::silence)) {
            trouble.run();
            await().atMost(10, SECONDS)
                    .until(() -> ask(ada, "/api/v1/requests").extract().statusCode() == 503);
            ask(ada, "/api/v1/requests")
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .header("Retry-After", "5")
                    .body("code", equalTo("unavailable"))
                    .body("detail", containsString("Redis"));
            // The local limit: it counts, and it ends.
            Response read = ada.get("/api/v1/plans");
            read.then().statusCode(200).header("RateLimit-Limit", Integer.toString(SmallLimits.GENERAL));
            CuttableRedis.mend();
            await().atMost(10, SECONDS)
                    .until(() -> ask(ada, "/api/v1/plans/7/modify").extract().statusCode() != 503);
        }
    }

    @Test
    void withoutRedisTheFrontDoorCountsAlone() {
        RequestSpecification ada = as(person());
        CuttableRedis.cut();
        await().atMost(10, SECONDS)
                .until(() -> ask(ada, "/api/v1/requests").extract().statusCode() == 503);
        int passed = 0;
        while (ada.get("/api/v1/plans").statusCode() == 200) {
            passed++;
            assertTrue(passed <= SmallLimits.GENERAL, "no local limit");
        }
        ada.get("/api/v1/plans").then().statusCode(429).body("limit", equalTo("per_user"));
    }

    @Test
    void whoHasNoTokenIsCountedByAddress() {
        String token = Door.signIn(person(), Door.PASSWORD).extract().path("accessToken");
        int refused = 0;
        for (int i = 0; i <= SmallLimits.ADDRESS && refused == 0; i++) {
            int status = given().get("/api/v1/plans").statusCode();
            assertTrue(status == 401 || status == 429, "answered " + status);
            refused += status == 429 ? 1 : 0;
        }
        given().get("/api/v1/plans").then().statusCode(429).body("limit", equalTo("per_address"));
        given().auth().oauth2("forged").get("/api/v1/plans").then().statusCode(429);
        given().contentType("application/json")
                .body("{\"username\":\"x\",\"password\":\"y\"}")
                .post("/api/v1/auth/sign-in")
                .then()
                .statusCode(429)
                .body("code", equalTo("rate_limited"));
        given().get("/api/v1/auth/jwks").then().statusCode(200);
        // A valid token is not the address's business.
        given().auth().oauth2(token).get("/api/v1/plans").then().statusCode(200);
        forgetAddresses();
    }

    @Test
    void aRefusedBodyDoesNotBlockTheConnection() {
        String name = person();
        RequestSpecification ada = as(name);
        for (int i = 0; i < SmallLimits.SPENDING; i++) {
            ask(ada, "/api/v1/requests").statusCode(201);
        }
        byte[] large = "{\"text\":\"%s\"}".formatted("x".repeat(500_000)).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 3; i++) {
            ada.body(large).post("/api/v1/requests").then().statusCode(429);
        }
        ada.get("/api/v1/plans").then().statusCode(200);
    }

    private static synchronized String person() {
        forgetAddresses();
        String name = "limited-" + ++people;
        Door.create(name, "operator");
        return name;
    }

    private static RequestSpecification as(String name) {
        String token = Door.signIn(name, Door.PASSWORD).extract().path("accessToken");
        return given().auth().oauth2(token).contentType("application/json");
    }

    private static ValidatableResponse ask(RequestSpecification as, String path) {
        return as.body("{\"text\":\"deploy\"}").post(path).then();
    }

    /** Signing in counts for the address, and all tests have the same. */
    private static void forgetAddresses() {
        CuttableRedis.command("DEL", "{skein:frontdoor:limit}:per_address:127.0.0.1");
    }

    /** Those about these people only: what the test before reached may be told after it. */
    private static int drain(Channel channel, String queue, List<String> into, String... names)
            throws java.io.IOException {
        GetResponse message;
        while ((message = channel.basicGet(queue, true)) != null) {
            String event = new String(message.getBody(), StandardCharsets.UTF_8);
            if (Stream.of(names).anyMatch(name -> isAbout(name, event))) {
                into.add(event);
            }
        }
        return into.size();
    }

    private static boolean isAbout(String name, String event) {
        return event.contains("\"user:" + name + "\"");
    }

    private static Connection broker() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        return factory.newConnection();
    }
}
