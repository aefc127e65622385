package io.skein.registry.activity;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.contracts.event.SkeinEvent;
import io.skein.registry.Wire;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import io.skein.test.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** REG-03: what an agent is at and how it does, from what the runtime tells. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class ActivityQuarkusTest {

    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    @Test
    void theStatusFollowsTheInstancesAndTheRateTheTasks() throws Exception {
        String team = "acts";
        activity(team).body("activity.status", equalTo("offline")).body("activity.successRate", nullValue());
        try (Wire wire = new Wire()) {
            wire.send(instance(team, "started", "i1"));
            until(team, "activity.status", "idle");
            wire.send(task(team, "queued", "t1"));
            until(team, "activity.status", "active");
            wire.send(task(team, "started", "t1"));
            until(team, "activity.running", 1);
            for (String task : new String[] {"t2", "t3", "t4"}) {
                wire.send(task(team, "started", task));
            }
            // The shipped Monitoring Manager takes four at once.
            until(team, "activity.status", "busy");
            SkeinEvent done = task(team, "succeeded", "t1");
            wire.send(done);
            wire.send(done);
            until(team, "activity.status", "active");
            wire.send(task(team, "succeeded", "t2"));
            wire.send(task(team, "failed", "t3"));
            wire.send(task(team, "cancelled", "t4"));
            until(team, "activity.cancelled", 1);
            activity(team)
                    .body("activity.status", equalTo("idle"))
                    .body("activity.tasks", equalTo(3))
                    .body("activity.succeeded", equalTo(2))
                    .body("activity.failed", equalTo(1))
                    .body("activity.successRate", equalTo(2 / 3f));
            given().auth()
                    .oauth2(TestTokens.userOfTeam("ada", team, "viewer"))
                    .get("/api/v1/agents?size=200")
                    .then()
                    .body("items.find { it.id == 'monitoring-manager' }.activity.tasks", equalTo(3));
            activity("somebody-else").body("activity.tasks", equalTo(0)).body("activity.status", equalTo("offline"));

            wire.send(instance(team, "paused", "i1"));
            wire.send(instance(team, "failed", "i1"));
            until(team, "activity.status", "error");
            wire.send(instance(team, "started", "i1"));
            until(team, "activity.status", "idle");
            wire.send(instance(team, "stopped", "i1"));
            until(team, "activity.status", "offline");
        }
    }

    @Test
    void whatWasOvertakenOrMakesNoSenseChangesNothing() throws Exception {
        String team = "late";
        try (Wire wire = new Wire()) {
            wire.send(instance(team, "started", "i1"));
            wire.send(task(team, "succeeded", "t1"));
            wire.send(task(team, "started", "t1"));
            wire.send(task(team, "failed", "t1"));
            Instant before = now;
            now = now.plus(Duration.ofHours(1));
            wire.send(instance(team, "paused", "i1"));
            now = before;
            wire.send(instance(team, "stopped", "i1"));
            wire.send(task(team, "rested", "t9"));
            wire.send(event(team, "runtime.task.succeeded", Map.of("agent", "monitoring-manager")));
            wire.send(event(team, "runtime.task.succeeded", Map.of("taskId", "t5", "agent", "x".repeat(5000))));
            wire.send(task(team, "succeeded", "t2"));
            until(team, "activity.succeeded", 2);
            activity(team)
                    .body("activity.failed", equalTo(0))
                    .body("activity.running", equalTo(0))
                    .body("activity.status", equalTo("idle"));
            // The two that say too little, or too much, are kept for somebody to look at.
            wire.awaitDeadLetter();
            wire.awaitDeadLetter();
        }
    }

    private SkeinEvent instance(String team, String what, String id) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("instanceId", team + id);
        data.put("version", "1.1.0");
        return event(team, "runtime.instance." + what, data);
    }

    private SkeinEvent task(String team, String what, String id) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("taskId", team + id);
        data.put("status", what);
        return event(team, "runtime.task." + what, data);
    }

    private SkeinEvent event(String team, String type, Map<String, Object> data) {
        Map<String, Object> all = new LinkedHashMap<>(data);
        all.putIfAbsent("agent", "monitoring-manager");
        now = now.plusSeconds(1);
        return TestBroker.event(type).team(team).time(now).data(all).build();
    }

    private static void until(String team, String path, Object value) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> activity(team).body(path, equalTo(value)));
    }

    private static ValidatableResponse activity(String team) {
        return given().auth()
                .oauth2(TestTokens.userOfTeam("ada", team, "viewer"))
                .get("/api/v1/agents/monitoring-manager")
                .then()
                .statusCode(200);
    }
}
