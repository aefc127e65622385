package io.skein.registry.heartbeat;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.GetResponse;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.Ids;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import io.skein.registry.MovableClock;
import io.skein.registry.Wire;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class HeartbeatIntakeQuarkusTest {

    @Inject
    MovableClock clock;

    @Test
    void whatIsNoHeartbeatIsADeadLetterAndTheNextOneIsHeard() throws Exception {
        try (Wire wire = new Wire()) {
            byte[] garbage = "not json".getBytes(StandardCharsets.UTF_8);
            wire.as(machine("x")).send(Exchange.HEARTBEATS, "node.x", Ids.next(), garbage);
            assertArrayEquals(garbage, wire.awaitDeadLetter().getBody());

            wire.as(machine("huge")).send(Exchange.HEARTBEATS, "node.huge", Ids.next(), new byte[200_000]);
            assertEquals(64 * 1024, wire.awaitDeadLetter().getBody().length, "kept as evidence, but bounded");

            byte[] foreign = WireFormat.write(Wire.alive("victim", clock.instant(), 0.5));
            wire.as(machine("attacker")).send(Exchange.HEARTBEATS, "node.attacker", Ids.next(), foreign);
            assertArrayEquals(foreign, wire.awaitDeadLetter().getBody());

            wire.send(Wire.alive("after", clock.instant(), 0.5));
            wire.awaitEvent(EventTypes.DEVICE_ONLINE, "after", 1);
            given().auth()
                    .oauth2(TestTokens.user("ada", "viewer"))
                    .get("/api/v1/nodes/victim")
                    .then()
                    .statusCode(404)
                    .body("code", equalTo("not_found"));
        }
    }

    /** What the broker would refuse already, had its permissions not been loosened; and teams, which it cannot see. */
    @Test
    void aMachineSpeaksOnlyForItselfEvenIfTheBrokerLetsItSpeakForAll() throws Exception {
        try (Wire wire = new Wire()) {
            BrokerIdentity liar = machine("liar");
            TestBroker.Speaker speaker = wire.as(liar);
            SkeinInfrastructure.loosen(liar.userName());

            byte[] victim = WireFormat.write(Wire.alive("victim", clock.instant(), 0.5));
            speaker.send(Exchange.HEARTBEATS, "node.victim", Ids.next(), victim);
            GetResponse dead = wire.awaitDeadLetter();
            assertArrayEquals(victim, dead.getBody());
            assertEquals(
                    liar.userName(),
                    dead.getProps().getHeaders().get("x-skein-sender").toString());
            assertEquals("registry-service", dead.getProps().getUserId());
            refused(wire, liar, "routing_key", 1);

            NodeHeartbeat mine = Wire.alive("liar", clock.instant(), 0.5);
            NodeHeartbeat elsewhere =
                    new NodeHeartbeat("liar", "blue", "1", mine.sentAt(), 30, false, mine.labels(), mine.resources());
            speaker.send(Exchange.HEARTBEATS, "node.liar", Ids.next(), WireFormat.write(elsewhere));
            assertEquals(
                    "blue",
                    refused(wire, liar, "team", 2).data().path("claimed").asText());

            speaker.send(Exchange.HEARTBEATS, "node.liar", Ids.next(), victim);
            refused(wire, liar, "name", 3);

            wire.send(mine);
            wire.awaitEvent(EventTypes.DEVICE_ONLINE, "liar", 1);
            given().auth()
                    .oauth2(TestTokens.user("ada", "viewer"))
                    .get("/api/v1/nodes/victim")
                    .then()
                    .statusCode(404);
            given().auth()
                    .oauth2(TestTokens.userOfTeam("ben", "blue", "viewer"))
                    .get("/api/v1/nodes/liar")
                    .then()
                    .statusCode(404);
        }
    }

    private static SkeinEvent refused(Wire wire, BrokerIdentity sender, String reason, int number) {
        SkeinEvent event = wire.awaitEvent(EventTypes.MESSAGE_REFUSED, sender.userName(), number);
        assertEquals(reason, event.data().path("reason").asText());
        assertEquals("skein.registry.heartbeats", event.data().path("queue").asText());
        assertEquals("default", event.team());
        return event;
    }

    private static BrokerIdentity machine(String name) {
        return new BrokerIdentity.Node("default", name);
    }
}
