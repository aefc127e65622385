package io.skein.registry.node;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.skein.contracts.event.EventTypes;
import io.skein.registry.MovableClock;
import io.skein.registry.Wire;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With nobody at the Redis address the registry is ready, hears heartbeats and shows their newest figures. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@TestProfile(NodeWithoutRedisQuarkusTest.NoRedis.class)
class NodeWithoutRedisQuarkusTest {

    public static class NoRedis implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.redis.hosts", "redis://127.0.0.1:1");
        }
    }

    @Inject
    MovableClock clock;

    @Test
    void postgreSqlAloneIsEnough() throws Exception {
        await().untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        try (Wire wire = new Wire()) {
            wire.send(Wire.alive("nas01", clock.instant(), 0.1));
            wire.awaitEvent(EventTypes.DEVICE_ONLINE, "nas01", 1);
            clock.push(Duration.ofSeconds(2));
            wire.send(Wire.alive("nas01", clock.instant(), 0.7));
            await().untilAsserted(() -> given().auth()
                    .oauth2(TestTokens.user("ada", "viewer"))
                    .get("/api/v1/nodes/nas01")
                    .then()
                    .statusCode(200)
                    .body("resources.cpuUsedFraction", equalTo(0.7f)));
            wire.send(Wire.goodbye("nas01", clock.instant()));
            wire.awaitEvent(EventTypes.DEVICE_OFFLINE, "nas01", 1);
        }
    }
}
