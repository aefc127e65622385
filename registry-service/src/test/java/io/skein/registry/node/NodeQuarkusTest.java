package io.skein.registry.node;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.registry.MovableClock;
import io.skein.registry.Wire;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class NodeQuarkusTest {

    @Inject
    MovableClock clock;

    @Inject
    NodeService nodes;

    @Inject
    RedisDataSource redis;

    private Wire wire;

    @BeforeEach
    void connect() throws Exception {
        wire = new Wire();
    }

    @AfterEach
    void disconnect() throws Exception {
        wire.close();
    }

    @Test
    void theFirstHeartbeatRegistersTheNode() throws Exception {
        wire.send(Wire.alive("nas01", clock.instant(), 0.25));

        SkeinEvent registered = wire.awaitEvent(EventTypes.NODE_REGISTERED, "nas01", 1);
        assertEquals("default", registered.team());
        assertEquals("agent:desktop-agent@nas01", registered.actor());
        wire.awaitEvent(EventTypes.DEVICE_ONLINE, "nas01", 1);
        viewer().get("/api/v1/nodes/nas01")
                .then()
                .statusCode(200)
                .header("ETag", notNullValue())
                .body("status", equalTo("online"))
                .body("cordoned", equalTo(false))
                .body("labels.room", equalTo("attic"))
                .body("resources.cpuCores", equalTo(8))
                .body("resources.gpus[0].vramFreeBytes", equalTo(20L << 30));
        viewer().get("/api/v1/nodes/nas01/history?minutes=60")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].cpuUsedFraction", equalTo(0.25f))
                .body("items[0].vramFreeBytes", equalTo(20L << 30));
    }

    @Test
    void silenceForNinetySecondsIsToldOnceHoweverManyReplicasSweep() throws Exception {
        wire.send(Wire.alive("silent", clock.instant(), 0.1));
        wire.awaitEvent(EventTypes.DEVICE_ONLINE, "silent", 1);

        clock.push(Duration.ofSeconds(80));
        nodes.sweep();
        viewer().get("/api/v1/nodes/silent").then().body("status", equalTo("online"));

        clock.push(Duration.ofSeconds(11));
        List<Callable<Integer>> sweeps = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sweeps.add(nodes::sweep);
        }
        try (var replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> sweep : replicas.invokeAll(sweeps)) {
                sweep.get();
            }
        }
        SkeinEvent offline = wire.awaitEvent(EventTypes.DEVICE_OFFLINE, "silent", 1);
        assertEquals(Priority.HIGH, offline.priority());
        assertEquals("no heartbeat for 90 s", offline.data().path("reason").asText());
        viewer().get("/api/v1/nodes/silent").then().body("status", equalTo("offline"));

        wire.send(Wire.alive("silent", clock.instant(), 0.1));
        wire.awaitEvent(EventTypes.DEVICE_ONLINE, "silent", 2);
        viewer().get("/api/v1/nodes/silent")
                .then()
                .body("status", equalTo("online"))
                .body("offlineSince", equalTo(null));
        assertEquals(1, wire.events(EventTypes.DEVICE_OFFLINE, "silent").size());
    }

    @Test
    void aGoodbyeEndsItAtOnceAndAnOvertakenHeartbeatDoesNotBringItBack() throws Exception {
        Instant sent = clock.instant();
        wire.send(Wire.alive("polite", sent, 0.1));
        wire.send(Wire.goodbye("polite", sent.plusSeconds(20)));
        SkeinEvent offline = wire.awaitEvent(EventTypes.DEVICE_OFFLINE, "polite", 1);
        assertEquals("goodbye", offline.data().path("reason").asText());

        wire.send(Wire.alive("polite", sent.plusSeconds(10), 0.1));
        wire.send(Wire.alive("marker", clock.instant(), 0.1));
        wire.awaitEvent(EventTypes.DEVICE_ONLINE, "marker", 1);

        viewer().get("/api/v1/nodes/polite")
                .then()
                .body("status", equalTo("offline"))
                .body("offlineReason", equalTo("goodbye"));
        wire.send(Wire.alive("polite", sent.plusSeconds(30), 0.1));
        wire.awaitEvent(EventTypes.DEVICE_ONLINE, "polite", 2);
    }

    @Test
    void wipingRedisLosesNothing() throws Exception {
        wire.send(Wire.alive("wiped", clock.instant(), 0.1));
        wire.awaitEvent(EventTypes.DEVICE_ONLINE, "wiped", 1);
        clock.push(Duration.ofSeconds(2));
        wire.send(Wire.alive("wiped", clock.instant(), 0.7));
        // So soon after the last write only Redis has it, and the answer has it, too.
        await().untilAsserted(() ->
                viewer().get("/api/v1/nodes/wiped").then().body("resources.cpuUsedFraction", equalTo(0.7f)));

        redis.execute("FLUSHDB");

        nodes.sweep();
        viewer().get("/api/v1/nodes/wiped")
                .then()
                .statusCode(200)
                .body("status", equalTo("online"))
                .body("resources.cpuUsedFraction", equalTo(0.1f));
        clock.push(Duration.ofSeconds(30));
        wire.send(Wire.alive("wiped", clock.instant(), 0.9));
        await().untilAsserted(() ->
                viewer().get("/api/v1/nodes/wiped").then().body("resources.cpuUsedFraction", equalTo(0.9f)));
        assertEquals(0, wire.events(EventTypes.DEVICE_OFFLINE, "wiped").size());
    }

    @Test
    void fastHeartbeatsThatOnlyRedisSawKeepTheNodeOnline() throws Exception {
        wire.send(Wire.alive("fast", clock.instant(), 0.1));
        wire.awaitEvent(EventTypes.DEVICE_ONLINE, "fast", 1);
        clock.push(Duration.ofSeconds(14));
        wire.send(Wire.alive("fast", clock.instant(), 0.2));
        await().untilAsserted(() ->
                viewer().get("/api/v1/nodes/fast").then().body("resources.cpuUsedFraction", equalTo(0.2f)));

        // 91 s after what PostgreSQL has, 77 s after what Redis has.
        clock.push(Duration.ofSeconds(77));
        nodes.sweep();

        viewer().get("/api/v1/nodes/fast").then().body("status", equalTo("online"));
        assertEquals(0, wire.events(EventTypes.DEVICE_OFFLINE, "fast").size());
    }

    @Test
    void peopleCordonAndRemoveTheirOwnTeamsNodes() throws Exception {
        wire.send(Wire.alive("gpu01", clock.instant(), 0.1));
        wire.awaitEvent(EventTypes.DEVICE_ONLINE, "gpu01", 1);

        as("op", "viewer", "operator")
                .post("/api/v1/nodes/gpu01/cordon")
                .then()
                .statusCode(200)
                .body("cordoned", equalTo(true));
        assertEquals("op", wire.awaitEvent(EventTypes.NODE_CORDONED, "gpu01", 1).actor());
        as("op", "viewer", "operator").post("/api/v1/nodes/gpu01/cordon").then().statusCode(200);
        as("op", "viewer", "operator")
                .post("/api/v1/nodes/gpu01/uncordon")
                .then()
                .body("cordoned", equalTo(false));
        wire.awaitEvent(EventTypes.NODE_UNCORDONED, "gpu01", 1);
        assertEquals(1, wire.events(EventTypes.NODE_CORDONED, "gpu01").size(), "cordoning twice is told once");

        viewer().post("/api/v1/nodes/gpu01/cordon").then().statusCode(403);
        as("op", "viewer", "operator").delete("/api/v1/nodes/gpu01").then().statusCode(403);
        as("root", "viewer", "operator", "admin")
                .delete("/api/v1/nodes/gpu01")
                .then()
                .statusCode(409)
                .body("code", equalTo("illegal_transition"));

        String stranger = TestTokens.userOfTeam("eve", "red", "viewer", "operator", "admin");
        given().auth().oauth2(stranger).get("/api/v1/nodes/gpu01").then().statusCode(404);
        given().auth()
                .oauth2(stranger)
                .get("/api/v1/nodes/gpu01?team=default")
                .then()
                .statusCode(404);
        given().auth()
                .oauth2(stranger)
                .post("/api/v1/nodes/gpu01/cordon")
                .then()
                .statusCode(404);
        given().auth()
                .oauth2(stranger)
                .get("/api/v1/nodes/gpu01/history")
                .then()
                .statusCode(404);
        given().auth().oauth2(stranger).delete("/api/v1/nodes/gpu01").then().statusCode(404);
        given().auth()
                .oauth2(stranger)
                .get("/api/v1/nodes?team=default")
                .then()
                .statusCode(200)
                .body("items", hasSize(0));

        wire.send(Wire.goodbye("gpu01", clock.instant()));
        wire.awaitEvent(EventTypes.DEVICE_OFFLINE, "gpu01", 1);
        as("root", "viewer", "operator", "admin")
                .delete("/api/v1/nodes/gpu01")
                .then()
                .statusCode(204);
        viewer().get("/api/v1/nodes/gpu01").then().statusCode(404).body("code", equalTo("not_found"));
        wire.awaitEvent(EventTypes.NODE_REMOVED, "gpu01", 1);
    }

    @Test
    void listsArePagedAndAnUnchangedNodeIsNotSentAgain() throws Exception {
        for (String name : List.of("page-a", "page-b", "page-c")) {
            wire.send(Wire.alive(name, clock.instant(), 0.1));
            wire.awaitEvent(EventTypes.DEVICE_ONLINE, name, 1);
        }
        List<String> names = new ArrayList<>();
        String after = "";
        while (after != null) {
            var page = viewer().get("/api/v1/nodes?status=online&size=2&after=" + after)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            names.addAll(page.getList("items.name"));
            after = page.getString("next");
        }
        assertEquals(names.stream().distinct().sorted().toList(), names);
        assertEquals(3, names.stream().filter(name -> name.startsWith("page-")).count());
        given().auth()
                .oauth2(TestTokens.service("orchestrator-service"))
                .get("/api/v1/nodes?size=200")
                .then()
                .body("items.name", hasItem("page-b"));
        viewer().get("/api/v1/nodes?size=0").then().statusCode(400).body("code", equalTo("validation_failed"));
        viewer().get("/api/v1/nodes?after=x").then().statusCode(400);
        viewer().get("/api/v1/nodes?status=sleepy").then().statusCode(400);
        given().get("/api/v1/nodes").then().statusCode(401);

        String tag = viewer().get("/api/v1/nodes/page-a").getHeader("ETag");
        viewer().header("If-None-Match", tag).get("/api/v1/nodes/page-a").then().statusCode(304);
        viewer().header("If-None-Match", tag)
                .get("/api/v1/nodes/page-b")
                .then()
                .statusCode(200)
                .header("ETag", not(equalTo(tag)));
    }

    private static RequestSpecification viewer() {
        return as("ada", "viewer");
    }

    private static RequestSpecification as(String name, String... roles) {
        return given().auth().oauth2(TestTokens.user(name, roles));
    }
}
