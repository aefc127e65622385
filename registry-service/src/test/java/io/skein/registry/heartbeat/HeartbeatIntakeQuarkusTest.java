package io.skein.registry.heartbeat;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.Ids;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import io.skein.registry.MovableClock;
import io.skein.registry.Wire;
import io.skein.test.SkeinInfrastructure;
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
            wire.send(Exchange.HEARTBEATS, "node.x", Ids.next(), garbage);
            assertArrayEquals(garbage, wire.awaitDeadLetter());

            wire.send(Exchange.HEARTBEATS, "node.huge", Ids.next(), new byte[200_000]);
            assertEquals(64 * 1024, wire.awaitDeadLetter().length, "kept as evidence, but bounded");

            byte[] foreign = WireFormat.write(Wire.alive("victim", clock.instant(), 0.5));
            wire.send(Exchange.HEARTBEATS, "node.attacker", Ids.next(), foreign);
            assertArrayEquals(foreign, wire.awaitDeadLetter());

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
}
