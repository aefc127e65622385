package io.skein.platform;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.Ids;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class PlatformQuarkusTest {

    private static final String PROBLEM = "application/problem+json";

    @Inject
    Jdbi jdbi;

    @Test
    void aValidTokenTellsWhoCalls() {
        given().auth()
                .oauth2(TestTokens.userOfTeam("ada", "blue", "viewer"))
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .get("/probe/me")
                .then()
                .statusCode(200)
                .body("name", equalTo("ada"))
                .body("team", equalTo("blue"))
                .body("trace", equalTo("0af7651916cd43dd8448eb211c80319c"));
        given().auth()
                .oauth2(TestTokens.service("lock-service"))
                .get("/probe/me")
                .then()
                .body("actor", equalTo("service:lock-service"));
    }

    @Test
    void everyOtherTokenIsRefused() {
        JwtClaims expired = TestTokens.claims("ada", "ada", "default", List.of("viewer"));
        expired.setExpirationTimeMinutesInTheFuture(-10);
        JwtClaims foreign = TestTokens.claims("ada", "ada", "default", List.of("viewer"));
        foreign.setAudience("somebody-else");
        JwtClaims issuer = TestTokens.claims("ada", "ada", "default", List.of("viewer"));
        issuer.setIssuer("evil");
        String none = b64("{\"alg\":\"none\",\"kid\":\"test\"}") + "."
                + b64(TestTokens.claims("ada", "ada", "default", List.of("viewer"))
                        .toJson())
                + ".";
        for (String token : List.of(
                TestTokens.sign(expired), TestTokens.sign(foreign), TestTokens.sign(issuer), none, "x", "a.b.c")) {
            given().header("Authorization", "Bearer " + token)
                    .get("/probe/me")
                    .then()
                    .statusCode(401)
                    .contentType(PROBLEM)
                    .body("code", equalTo("unauthenticated"));
        }
        given().get("/probe/me").then().statusCode(401).contentType(PROBLEM);
    }

    @Test
    void whatIsNotAllowedIsDenied() {
        given().auth()
                .oauth2(TestTokens.user("ada", "operator"))
                .get("/probe/me")
                .then()
                .statusCode(403)
                .contentType(PROBLEM)
                .body("code", equalTo("forbidden"));
        given().auth()
                .oauth2(TestTokens.user("ada", "admin", "viewer", "operator"))
                .get("/probe/forgotten")
                .then()
                .statusCode(403);
    }

    @Test
    void errorsAreProblemsAndTellNoSecrets() {
        given().get("/probe/broken")
                .then()
                .statusCode(500)
                .contentType(PROBLEM)
                .body("code", equalTo("internal"))
                .body(not(containsString("hunter2")));
        given().get("/probe/held").then().statusCode(409).body("holder", equalTo("plan:1"));
        given().get("/nowhere").then().statusCode(404);
        String token = TestTokens.user("ada", "operator");
        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body("{\"name\":\" \",\"size\":10}")
                .post("/probe/things")
                .then()
                .statusCode(400)
                .contentType(PROBLEM)
                .body("violations.field", hasItem("name"))
                .body("violations.field", hasItem("size"));
        for (String body : List.of("{\"name\":", "{\"name\":{}}", "[]", "[".repeat(200))) {
            given().auth()
                    .oauth2(token)
                    .contentType("application/json")
                    .body(body)
                    .post("/probe/things")
                    .then()
                    .statusCode(400)
                    .contentType(PROBLEM)
                    .body("code", equalTo("malformed_body"))
                    // What is wrong and where, not what our classes are called.
                    .body("detail", not(containsString("java")))
                    .body("detail", not(containsString("Json")))
                    .body("detail", not(containsString("`")));
        }
        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body("{\"name\":\"a\",\"size\":\"many\"}")
                .post("/probe/things")
                .then()
                .statusCode(400)
                .body("detail", equalTo("size must be a number."));
        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body("{\"name\":\"" + "x".repeat(1_100_000) + "\"}")
                .post("/probe/things")
                .then()
                .statusCode(413)
                .contentType(PROBLEM)
                .body("code", equalTo("payload_too_large"));
    }

    @Test
    void aCommittedEventArrivesOnceAndARolledBackOneNever() {
        String token = TestTokens.user("ada", "operator");
        given().auth().oauth2(token).post("/probe/events/rolledback.one").then().statusCode(409);
        given().auth().oauth2(token).post("/probe/events/kept.one").then().statusCode(204);
        await().atMost(20, SECONDS).until(() -> noted("kept.one") == 1);
        assertEquals(0, noted("rolledback.one"));
        assertEquals(0, count("SELECT count(*) FROM outbox"));
    }

    @Test
    void aHandlerThatFailsIsTriedAgainAndItsWritesAreUndone() {
        given().auth()
                .oauth2(TestTokens.user("ada", "operator"))
                .post("/probe/events/flaky.one")
                .then()
                .statusCode(204);
        await().atMost(20, SECONDS).until(() -> noted("flaky.one") == 1);
    }

    @Test
    void duplicatesAreHandledOnceAndUnreadableMessagesAreDeadLetters() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        try (TestBroker broker = new TestBroker();
                Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            SkeinEvent event = TestBroker.event("twice.sent").build();
            for (int i = 0; i < 3; i++) {
                broker.send(event);
            }
            broker.as(TestBroker.publisherOf("garbage.sent"))
                    .send(
                            Exchange.EVENTS,
                            "normal.garbage.sent",
                            Ids.next(),
                            "not json".getBytes(StandardCharsets.UTF_8));

            GetResponse[] dead = new GetResponse[1];
            await().atMost(20, SECONDS).until(() -> {
                dead[0] = channel.basicGet(Queue.DEAD_LETTERS.wire(), true);
                return dead[0] != null;
            });
            assertEquals("not json", new String(dead[0].getBody(), StandardCharsets.UTF_8));
            assertEquals(Queue.RUNTIME_NORMAL.wire(), dead[0].getEnvelope().getRoutingKey());
            await().atMost(20, SECONDS).until(() -> noted("twice.sent") == 1);
        }
    }

    @Test
    void theServiceGetsItsOwnToken() {
        String token = given().get("/probe/service-token")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        given().auth().oauth2(token).get("/probe/me").then().statusCode(200).body("name", equalTo("runtime-service"));
    }

    private long noted(String type) {
        return jdbi.withHandle(h -> h.createQuery("SELECT count(*) FROM noted WHERE type = ?")
                .bind(0, type)
                .mapTo(Long.class)
                .one());
    }

    private long count(String sql) {
        return jdbi.withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
    }

    private static String b64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
