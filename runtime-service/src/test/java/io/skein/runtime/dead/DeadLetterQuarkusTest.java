package io.skein.runtime.dead;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.rabbitmq.client.AMQP;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.contracts.Ids;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.topology.ReplayedMessage;
import io.skein.contracts.wire.WireFormat;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real messages die in real queues, and come back at most as what they were. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class DeadLetterQuarkusTest {

    private static final String PATH = "/api/v1/events/dead-letters";
    private static final BrokerIdentity LOCK = new BrokerIdentity.Service("lock-service");
    private static final BrokerIdentity RUNTIME = new BrokerIdentity.Service("runtime-service");
    private static final BrokerIdentity AUDIT = new BrokerIdentity.Service("audit-service");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Jdbi jdbi;

    private final TestBroker broker = new TestBroker();

    @AfterEach
    void hangUp() {
        broker.close();
    }

    @Test
    void whatAnotherServiceCouldNotHandleGoesBackToItsQueueOnce() throws Exception {
        SkeinEvent event =
                TestBroker.event("lock.granted").subject("dead-" + Ids.next()).build();
        String id = dieInTheAuditQueue(event);

        asAdmin(id)
                .body("verdict", equalTo("failed"))
                .body("reason", equalTo("rejected"))
                .body("sender", equalTo("lock-service"))
                .body("exchange", equalTo("skein.events"))
                .body("routingKey", equalTo("normal.lock.granted"))
                .body("replayable", equalTo(true))
                .body("body", containsString(event.id().toString()));

        replay(id).statusCode(200).body("replayedBy", equalTo("root")).body("replayable", equalTo(false));
        replay(id).statusCode(200);

        ReplayedMessage back = await().atMost(PATIENCE).until(this::takeReplayed, java.util.Objects::nonNull);
        assertEquals("lock-service", back.sender());
        assertEquals(event.id().toString(), back.messageId());
        assertEquals(event, WireFormat.read(back.body(), SkeinEvent.class));
        await().atMost(PATIENCE).untilAsserted(() -> assertEquals(1, events("runtime.dead.letter.replayed", id)));
        assertNull(takeReplayed(), "given back twice");
    }

    @Test
    void aMessageThatCannotBeReadIsListedByItsQueueAndThrownAway() throws Exception {
        broker.as(LOCK)
                .send(
                        Exchange.EVENTS,
                        "critical.lock.granted",
                        Ids.next(),
                        "{ no json \0".getBytes(StandardCharsets.UTF_8));
        String id = awaitLetter(Queue.RUNTIME_CRITICAL.wire(), "malformed");

        admin("?queue=" + Queue.AUDIT_EVENTS.wire()).body("items.findAll { it.id == '" + id + "' }", hasSize(0));
        given().auth().oauth2(root()).delete(PATH + "/" + id).then().statusCode(204);
        given().auth().oauth2(root()).get(PATH + "/" + id).then().statusCode(404);
        given().auth().oauth2(root()).delete(PATH + "/" + id).then().statusCode(404);
        replay(id).statusCode(404);
    }

    /** The planted forgery: with headers that say somebody else sent it, and died on another way. */
    @Test
    void aForgedMessageIsNotBelievedHoweverItIsGivenBack() throws Exception {
        // Signing in sets its rights; then the broker lets it say what it likes.
        TestBroker.Speaker lock = broker.as(LOCK);
        SkeinInfrastructure.loosen(LOCK.userName());
        SkeinEvent forged =
                SkeinEvent.of("plan.approved").source("/orchestrator-service").build();
        Map<String, Object> lies = Map.of(
                "x-skein-sender",
                "orchestrator-service",
                "x-death",
                List.of(Map.of(
                        "queue",
                        Queue.RUNTIME_NORMAL.wire(),
                        "reason",
                        "rejected",
                        "exchange",
                        "skein.events",
                        "routing-keys",
                        List.of("normal.plan.approved"),
                        "count",
                        1L)));
        lock.channel()
                .basicPublish(
                        Exchange.EVENTS.wire(),
                        "normal.plan.approved",
                        new AMQP.BasicProperties.Builder()
                                .messageId(forged.id().toString())
                                .userId(LOCK.userName())
                                .headers(lies)
                                .build(),
                        WireFormat.write(forged));
        lock.confirm();
        String id = awaitLetter(Queue.RUNTIME_NORMAL.wire(), "refused");

        asAdmin(id).body("sender", equalTo("lock-service")).body("replayable", equalTo(false));
        replay(id).statusCode(409).body("code", equalTo("illegal_transition"));

        // And where the API does not stand in the way, who reads it does: as the keeper of the dead letters itself.
        long before = letters();
        ReplayedMessage wrapped = new ReplayedMessage(
                "skein.events",
                "normal.plan.approved",
                "lock-service",
                forged.id().toString(),
                SkeinEvent.CONTENT_TYPE,
                Map.of(),
                WireFormat.write(forged));
        broker.as(RUNTIME).send(Exchange.REPLAY, Queue.RUNTIME_NORMAL.wire(), Ids.next(), WireFormat.write(wrapped));
        // Nor is anybody but the keeper.
        lock.send(Exchange.REPLAY, Queue.RUNTIME_NORMAL.wire(), Ids.next(), WireFormat.write(wrapped));
        await().atMost(PATIENCE).until(() -> letters() == before + 2);
        assertEquals(0, events("plan.approved", null), "believed");
    }

    @Test
    void aReplayedEventIsLoggedAsItsSendersAndADuplicateIsNot() throws Exception {
        SkeinEvent event = TestBroker.event("lock.expired").subject("back").build();
        ReplayedMessage wrapped = new ReplayedMessage(
                "skein.events",
                event.routingKey(),
                "lock-service",
                event.id().toString(),
                SkeinEvent.CONTENT_TYPE,
                Map.of(),
                WireFormat.write(event));
        for (int i = 0; i < 2; i++) {
            broker.as(RUNTIME)
                    .send(Exchange.REPLAY, Queue.RUNTIME_NORMAL.wire(), Ids.next(), WireFormat.write(wrapped));
        }
        SkeinEvent after = TestBroker.event("lock.released").subject("after").build();
        broker.send(after);
        await().atMost(PATIENCE).until(() -> events("lock.released", "after") == 1);
        assertEquals(1, events("lock.expired", "back"));
    }

    /** An agent may put what it cannot read among the dead letters; with a death in the year 280,000 that stopped them for everybody. */
    @Test
    void aDeathAtAnImpossibleTimeDoesNotHoldUpTheOthers() throws Exception {
        BrokerIdentity agent = new BrokerIdentity.Agent("default", "infra-agent-9");
        String queue = Queue.INFRA_WORK.of("default");
        for (long millis : new long[] {Long.MAX_VALUE / 1000 * 1000, -400_000_000_000_000L}) {
            broker.as(agent)
                    .channel()
                    .basicPublish(
                            Exchange.DEAD.wire(),
                            queue,
                            new com.rabbitmq.client.AMQP.BasicProperties.Builder()
                                    .messageId(Ids.next().toString())
                                    .userId(agent.userName())
                                    .headers(Map.of(
                                            "x-death",
                                            java.util.List.of(Map.of(
                                                    "queue",
                                                    queue,
                                                    "reason",
                                                    "rejected",
                                                    "count",
                                                    1L,
                                                    "exchange",
                                                    "skein.work",
                                                    "time",
                                                    new java.util.Date(millis)))))
                                    .build(),
                            "{}".getBytes(StandardCharsets.UTF_8));
        }
        broker.as(agent).confirm();
        await().atMost(PATIENCE)
                .until(() -> admin("?queue=" + queue)
                                .extract()
                                .jsonPath()
                                .getList("items")
                                .size()
                        >= 2);
    }

    @Test
    void whatAReaderPutThereItselfIsShownButNeverGoesBack() throws Exception {
        broker.as(new BrokerIdentity.Agent("default", "infra-agent-9"))
                .send(Exchange.DEAD, "skein.infra.work.default", Ids.next(), "{}".getBytes(StandardCharsets.UTF_8));
        String id = awaitLetter("skein.infra.work.default", "buried");
        asAdmin(id).body("sender", equalTo("agent~default~infra-agent-9"));
        replay(id).statusCode(409);
    }

    @Test
    void onlyAdministratorsOfTheHomeTeamLookAtThem() {
        String id = Ids.next().toString();
        for (String token : List.of(
                TestTokens.user("vic", "viewer", "operator", "approver"),
                TestTokens.userOfTeam("eve", "red", "viewer", "operator", "approver", "admin"),
                TestTokens.service("audit-service"))) {
            given().auth().oauth2(token).get(PATH).then().statusCode(403);
            given().auth().oauth2(token).get(PATH + "/" + id).then().statusCode(403);
            given().auth()
                    .oauth2(token)
                    .post(PATH + "/" + id + "/replay")
                    .then()
                    .statusCode(403);
            given().auth().oauth2(token).delete(PATH + "/" + id).then().statusCode(403);
        }
        given().get(PATH).then().statusCode(401);
        given().auth().oauth2(root()).get(PATH + "?after=x").then().statusCode(400);
        given().auth().oauth2(root()).get(PATH + "/x").then().statusCode(404);
    }

    /** As the audit service does with what it cannot handle. */
    private String dieInTheAuditQueue(SkeinEvent event) throws Exception {
        var channel = broker.as(AUDIT).channel();
        while (channel.basicGet(Queue.AUDIT_EVENTS.wire(), true) != null) {
            // What other tests published.
        }
        broker.send(event);
        var got = await().atMost(PATIENCE)
                .until(() -> channel.basicGet(Queue.AUDIT_EVENTS.wire(), false), java.util.Objects::nonNull);
        channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
        return awaitLetter(Queue.AUDIT_EVENTS.wire(), "failed");
    }

    private ReplayedMessage takeReplayed() throws Exception {
        var channel = broker.as(AUDIT).channel();
        while (true) {
            var got = channel.basicGet(Queue.AUDIT_EVENTS.wire(), true);
            if (got == null) {
                return null;
            }
            if (Exchange.REPLAY.wire().equals(got.getEnvelope().getExchange())) {
                assertEquals("runtime-service", got.getProps().getUserId());
                return WireFormat.read(got.getBody(), ReplayedMessage.class);
            }
        }
    }

    private String awaitLetter(String queue, String verdict) {
        return await().atMost(PATIENCE)
                .until(
                        () -> admin("?queue=" + queue)
                                .extract()
                                .<String>path("items.find { it.verdict == '" + verdict + "' }.id"),
                        java.util.Objects::nonNull);
    }

    private long letters() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM dead_letter")
                .mapTo(Long.class)
                .one());
    }

    private long events(String type, String subject) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT count(*) FROM event_log
                        WHERE type = :type AND (CAST(:subject AS text) IS NULL OR subject = :subject)""")
                .bind("type", type)
                .bind("subject", subject)
                .mapTo(Long.class)
                .one());
    }

    private static ValidatableResponse asAdmin(String id) {
        assertNotNull(UUID.fromString(id));
        return admin("/" + id);
    }

    private static ValidatableResponse admin(String rest) {
        return given().auth().oauth2(root()).get(PATH + rest).then().statusCode(200);
    }

    private static ValidatableResponse replay(String id) {
        return given().auth().oauth2(root()).post(PATH + "/" + id + "/replay").then();
    }

    private static String root() {
        return TestTokens.user("root", "viewer", "operator", "approver", "admin");
    }
}
