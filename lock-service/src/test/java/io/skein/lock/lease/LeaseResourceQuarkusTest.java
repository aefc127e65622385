package io.skein.lock.lease;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The REST API of the locks, and the events that follow. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class LeaseResourceQuarkusTest {

    private static final String LOCKS = "/api/v1/locks";
    private static final String ADA = TestTokens.user("ada", "viewer", "operator");
    private static final String BOB = TestTokens.user("bob", "viewer", "operator");
    private static final String ROOT = TestTokens.user("root", "viewer", "operator", "approver", "admin");
    private static final String EVE = TestTokens.userOfTeam("eve", "green", "viewer", "operator", "approver", "admin");
    private static final String ORCHESTRATOR = TestTokens.service("orchestrator-service");

    private final String resource = "host:" + UUID.randomUUID();

    @Test
    void aPlanLocksItsHostsRenewsAndReleasesThem() {
        UUID plan = UUID.randomUUID();
        String body = """
                {"resourceIds":["%s-b","%s-a"],"ownerId":"plan:%s","ownerType":"plan","team":"default",
                 "ttlSeconds":30,"priority":"high","requestId":"%s","metadata":{"why":"test"}}""".formatted(resource, resource, plan, plan);
        ValidatableResponse first = acquire(ORCHESTRATOR, body)
                .statusCode(201)
                .body("status", equalTo("held"))
                .body("resourceIds", equalTo(List.of(resource + "-a", resource + "-b")))
                .body("fencingTokens.'" + resource + "-a'", equalTo(1))
                .body("ownerId", equalTo("plan:" + plan))
                .body("ownerType", equalTo("plan"))
                .body("team", equalTo("default"))
                .body("priority", equalTo("high"))
                .body("metadata.why", equalTo("test"))
                .body("grantedAt", notNullValue());
        String id = first.extract().path("id");

        acquire(ORCHESTRATOR, body).statusCode(201).body("id", equalTo(id));
        acquire(ORCHESTRATOR, body.replace(resource + "-b", resource + "-c"))
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
        acquire(BOB, "{\"resourceId\":\"" + resource + "-a\"}")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("code", equalTo("lock_held"))
                .body("holder.ownerId", equalTo("plan:" + plan))
                .body("holder.expiresAt", notNullValue());
        as(ORCHESTRATOR)
                .body("{\"ttlSeconds\":600}")
                .post(LOCKS + "/" + id + "/renew")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
        as(ADA).get(LOCKS + "/resources/" + resource + "-a")
                .then()
                .statusCode(200)
                .body("fencingToken", equalTo(1))
                .body("holder.id", equalTo(id))
                .body("queue.size()", equalTo(0));
        as(ADA).get(LOCKS).then().statusCode(200).body("items.id", hasItem(id));

        as(TestTokens.service("runtime-service"))
                .delete(LOCKS + "/" + id)
                .then()
                .statusCode(403);
        as(ORCHESTRATOR).delete(LOCKS + "/" + id).then().statusCode(204);
        as(ORCHESTRATOR)
                .post(LOCKS + "/" + id + "/renew")
                .then()
                .statusCode(409)
                .body("code", equalTo("lock_expired"))
                .body("lockStatus", equalTo("released"));
        as(ADA).get(LOCKS).then().body("items.id", not(hasItem(id)));
        as(ADA).get(LOCKS + "/resources/" + resource + "-a")
                .then()
                .body("holder", nullValue())
                .body("fencingToken", equalTo(1));
        // The request is over: the same one asks for a new lock, with a higher token.
        acquire(ORCHESTRATOR, body)
                .statusCode(201)
                .body("id", not(equalTo(id)))
                .body("fencingTokens.'" + resource + "-a'", equalTo(2));
    }

    /** The same request is answered the same lock, and how little is left of it. */
    @Test
    void whatIsLeftIsToldByTheDatabasesClock() {
        String body = "{\"resourceId\":\"" + resource + "\",\"ttlSeconds\":30,\"requestId\":\"r\"}";
        int first = acquire(ADA, body).statusCode(201).extract().path("remainingMillis");
        await().atMost(10, SECONDS).until(() -> {
            int now = acquire(ADA, body).statusCode(201).extract().path("remainingMillis");
            return now < first - 100;
        });
        assertTrue(first > 0 && first <= 30_000, "of 30 s: " + first);
        String id = acquire(ADA, body).extract().path("id");
        int renewed = as(ADA).body("{\"ttlSeconds\":60}")
                .post(LOCKS + "/" + id + "/renew")
                .then()
                .extract()
                .path("remainingMillis");
        assertTrue(renewed > 30_000 && renewed <= 60_000, "of 60 s: " + renewed);
        as(ADA).delete(LOCKS + "/" + id).then().statusCode(204);
        as(ADA).get(LOCKS + "/" + id).then().body("remainingMillis", nullValue());
    }

    @Test
    void anotherTeamSeesNothingAndIsNotInTheWay() {
        String id = acquire(ADA, one()).statusCode(201).extract().path("id");

        as(EVE).get(LOCKS + "/" + id).then().statusCode(404);
        as(EVE).delete(LOCKS + "/" + id).then().statusCode(404).body("code", equalTo("not_found"));
        as(EVE).post(LOCKS + "/" + id + "/renew").then().statusCode(404);
        as(EVE).get(LOCKS).then().statusCode(200).body("items.id", not(hasItem(id)));
        as(EVE).get(LOCKS + "?team=default").then().body("items.id", not(hasItem(id)));
        as(EVE).get(LOCKS + "/resources/" + resource + "?team=default")
                .then()
                .body("holder", nullValue())
                .body("fencingToken", equalTo(0));
        acquire(EVE, one()).statusCode(201).body("team", equalTo("green"));
    }

    @Test
    void onlyTheOwnerOrAnAdminEndsALock() {
        String id = acquire(ADA, one()).statusCode(201).extract().path("id");

        as(BOB).delete(LOCKS + "/" + id).then().statusCode(403);
        as(BOB).post(LOCKS + "/" + id + "/renew").then().statusCode(403);
        as(ROOT).post(LOCKS + "/" + id + "/renew").then().statusCode(403);
        as(ROOT).delete(LOCKS + "/" + id).then().statusCode(400).body("violations[0].field", equalTo("reason"));
        as(ROOT).delete(LOCKS + "/" + id + "?reason=maintenance").then().statusCode(204);
        as(ADA).get(LOCKS + "/" + id)
                .then()
                .body("status", equalTo("overridden"))
                .body("endedBy", equalTo("root"));
        acquire(BOB, one()).statusCode(201);
    }

    @Test
    void rolesAreAskedFor() {
        acquire(TestTokens.user("vic", "viewer"), one()).statusCode(403);
        given().contentType("application/json").body(one()).post(LOCKS).then().statusCode(401);
        as(TestTokens.user("nobody")).get(LOCKS).then().statusCode(403);
    }

    @Test
    void badInputIsAProblem() {
        List<String> many =
                IntStream.range(0, 10_000).mapToObj(n -> "\"host:" + n + "\"").toList();
        for (String body : List.of(
                "{}",
                "{\"resourceId\":\"a\",\"ttlSeconds\":0}",
                "{\"resourceId\":\"a\",\"ttlSeconds\":-1}",
                "{\"resourceId\":\"a\",\"ttlSeconds\":31536000}",
                "{\"resourceIds\":" + many + "}",
                "{\"resourceId\":\"a\\u0000\"}",
                "{\"resourceId\":\"a\\u001b[31m\"}",
                "{\"resourceIds\":[]}",
                "{\"resourceId\":\"a\",\"queueSeconds\":86401}",
                "{\"resourceId\":\"a\",\"waitSeconds\":10,\"queueSeconds\":5}",
                "{\"resourceId\":\"a\",\"ownerId\":\"nobody-we-know\"}",
                "{\"resourceId\":\"a\",\"ownerType\":\"plan\"}",
                "{\"resourceId\":\"a\",\"team\":\"green\"}")) {
            acquire(ADA, body)
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("code", equalTo("validation_failed"));
        }
        for (String owner : List.of(
                "\"ownerId\":\"x\",\"ownerType\":\"wizard\"",
                "\"ownerId\":\"plan:none\",\"ownerType\":\"plan\"",
                "\"ownerId\":\"x\",\"ownerType\":\"agent\"")) {
            acquire(ORCHESTRATOR, "{\"resourceId\":\"a\"," + owner + "}")
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("code", equalTo("validation_failed"));
        }
        for (String body : List.of(
                "", "nonsense", "[]", "{\"resourceId\":{}}", "{\"resourceId\":\"a\",\"priority\":\"urgent!\"}")) {
            acquire(ADA, body).statusCode(400);
        }
        as(ADA).get(LOCKS + "/not-an-id").then().statusCode(404);
        as(ADA).delete(LOCKS + "/" + UUID.randomUUID()).then().statusCode(404);
        as(ADA).delete(LOCKS + "/queue/" + UUID.randomUUID()).then().statusCode(404);
        as(ADA).get(LOCKS + "?size=0").then().statusCode(400);
        as(ADA).get(LOCKS + "?size=201").then().statusCode(400);
        as(ADA).get(LOCKS + "?after=x").then().statusCode(400);
        as(ADA).get(LOCKS + "/resources/" + "x".repeat(201)).then().statusCode(400);
    }

    @Test
    void whatIsOverIsNeitherRenewedNorReleased() {
        String id = acquire(ADA, one()).statusCode(201).extract().path("id");
        as(ADA).delete(LOCKS + "/" + id).then().statusCode(204);
        as(ADA).delete(LOCKS + "/" + id)
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("code", equalTo("lock_expired"))
                .body("lockStatus", equalTo("released"))
                .body("endedBy", equalTo("ada"));

        String dead = acquire(ADA, "{\"resourceId\":\"" + resource + "\",\"ttlSeconds\":1}")
                .statusCode(201)
                .extract()
                .path("id");
        await().atMost(10, SECONDS)
                .until(() -> as(ADA).get(LOCKS + "/resources/" + resource)
                                .then()
                                .extract()
                                .path("holder")
                        == null);
        as(ADA).body("{\"ttlSeconds\":60}")
                .post(LOCKS + "/" + dead + "/renew")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("code", equalTo("lock_expired"))
                .body("lockStatus", equalTo("expired"));
        as(ADA).delete(LOCKS + "/" + dead).then().statusCode(409).body("lockStatus", equalTo("expired"));
        as(ADA).body("{\"ttlSeconds\":0}")
                .post(LOCKS + "/" + dead + "/renew")
                .then()
                .statusCode(400);
    }

    @Test
    void listsArePaged() {
        String team = "team-" + UUID.randomUUID();
        String token = TestTokens.userOfTeam("pat", team, "viewer", "operator");
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(acquire(token, "{\"resourceId\":\"r" + i + "\"}")
                    .statusCode(201)
                    .extract()
                    .path("id"));
        }
        List<String> read = new ArrayList<>();
        String after = "";
        do {
            var page = as(token)
                    .get(LOCKS + "?size=2&after=" + after)
                    .then()
                    .statusCode(200)
                    .extract();
            read.addAll(page.<List<String>>path("items.id"));
            after = page.path("next");
        } while (after != null);
        assertEquals(made, read);
    }

    @Test
    void everyTransitionIsAnEvent() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        UUID plan = UUID.randomUUID();
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            String id = acquire(ORCHESTRATOR, "{\"resourceId\":\"" + resource + "\",\"ownerId\":\"plan:" + plan + "\"}")
                    .statusCode(201)
                    .extract()
                    .path("id");
            as(ORCHESTRATOR).post(LOCKS + "/" + id + "/renew").then().statusCode(200);
            as(ORCHESTRATOR).delete(LOCKS + "/" + id).then().statusCode(204);
            String taken = acquire(ADA, one()).statusCode(201).extract().path("id");
            as(ROOT).delete(LOCKS + "/" + taken + "?reason=urgent").then().statusCode(204);

            List<SkeinEvent> seen = new ArrayList<>();
            await().atMost(20, SECONDS).until(() -> {
                GetResponse message;
                while ((message = channel.basicGet(Queue.AUDIT_EVENTS.wire(), true)) != null) {
                    SkeinEvent event = WireFormat.read(message.getBody(), SkeinEvent.class);
                    if (List.of(id, taken).contains(event.subject())) {
                        seen.add(event);
                    }
                }
                return seen.size() == 5;
            });
            assertEquals(
                    List.of(
                            EventTypes.LOCK_GRANTED,
                            EventTypes.LOCK_RENEWED,
                            EventTypes.LOCK_RELEASED,
                            EventTypes.LOCK_GRANTED,
                            EventTypes.LOCK_OVERRIDDEN),
                    seen.stream().map(SkeinEvent::type).toList());
            assertEquals(plan, seen.getFirst().planid());
            assertEquals("service:orchestrator-service", seen.getFirst().actor());
            assertEquals("root", seen.getLast().actor());
            assertEquals("urgent", seen.getLast().data().path("reason").asText());
            assertEquals(
                    1, seen.getFirst().data().at("/fencingTokens").get(resource).asInt());
        }
    }

    @Test
    void figuresAreExported() {
        acquire(ADA, one()).statusCode(201);
        String metrics =
                given().get("/q/metrics").then().statusCode(200).extract().asString();
        assertTrue(metrics.contains("skein_lock_wait_seconds_count"), metrics);
        assertTrue(metrics.contains("skein_lock_held"), metrics);
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/openapi").then().statusCode(200);
    }

    private String one() {
        return "{\"resourceId\":\"" + resource + "\"}";
    }

    private static ValidatableResponse acquire(String token, String body) {
        return as(token).body(body).post(LOCKS).then();
    }

    private static RequestSpecification as(String token) {
        return given().auth().oauth2(token).contentType("application/json");
    }
}
