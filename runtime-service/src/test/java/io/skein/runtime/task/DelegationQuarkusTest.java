package io.skein.runtime.task;

import static io.skein.runtime.RuntimeApi.as;
import static io.skein.runtime.RuntimeApi.awaitTask;
import static io.skein.runtime.RuntimeApi.awaitWaiting;
import static io.skein.runtime.RuntimeApi.give;
import static io.skein.runtime.RuntimeApi.operator;
import static io.skein.runtime.RuntimeApi.post;
import static io.skein.runtime.RuntimeApi.publish;
import static io.skein.runtime.RuntimeApi.start;
import static io.skein.runtime.RuntimeApi.task;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.runtime.RegistryStandIn;
import io.skein.runtime.TestSkills;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RUN-04: agents hand tasks to their subagents, not deeper than five and never in a circle, and the tree is visible. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class DelegationQuarkusTest {

    @Inject
    TaskCleanup cleanup;

    private static String delegating(String on, String name, String subagent, String range) {
        return """
                "rules": [{"on": "%s", "do": [{"skill": "agent.delegate", "with": {"name": "%s", "data": {"n": "${event.data.n}"}}}]}],
                "subagents": [{"id": "%s", "version": "%s", "delegate_for": ["%s"]}]""".formatted(on, name, subagent, range, name);
    }

    @Test
    void aTaskIsHandedOnAndItsResultComesBack() {
        publish("chief", delegating("report", "report.part", "clerk", ">=1.0.0"));
        publish(
                "clerk",
                "\"rules\": [{\"on\": \"report.*\", \"do\": [{\"skill\": \"nodes.list\", \"with\": {\"status\": \"online\"}}]}]");
        start("clerk");
        String parent = give(start("chief"), "report", "{\"n\": 1}");
        JsonNode task = awaitTask(parent, "succeeded");
        JsonNode child = task.path("children").path(0);
        assertEquals("clerk", child.path("agent").asText());
        assertEquals("succeeded", child.path("status").asText());
        assertEquals("nas01", task.at("/steps/0/output/output/items/0/name").asText());
        assertEquals(task.path("traceId"), child.path("traceId"));
        assertEquals(parent, task(child.path("id").asText()).path("parentId").asText());
    }

    @Test
    void whatIsOldIsForgottenWithAllItHandedOn() {
        publish("elder", delegating("tell", "tell.part", "younger", "latest"));
        publish("younger", "\"rules\": [{\"on\": \"#\", \"do\": [{\"skill\": \"nodes.list\"}]}]");
        String lower = start("younger");
        String upper = start("elder");
        String id = give(upper, "tell", "{\"n\": 1}");
        String child = awaitTask(id, "succeeded").at("/children/0/id").asText();
        cleanup.forgetBefore(Instant.now().minus(Duration.ofHours(1)));
        task(child);
        post("ada", "operator", "/instances/" + upper + "/stop");
        assertTrue(cleanup.forgetBefore(Instant.now().plusSeconds(1)) >= 2);
        for (String path : List.of("/tasks/" + id, "/tasks/" + child, "/instances/" + upper)) {
            as("ada", "viewer").get("/api/v1/runtime" + path).then().statusCode(404);
        }
        as("ada", "viewer").get("/api/v1/runtime/instances/" + lower).then().statusCode(200);
    }

    @Test
    void aVersionOutOfRangeOrNobodyAtWorkFailsTheTask() {
        publish("picky", delegating("report", "report.new", "old-clerk", "^2.0.0"));
        publish("old-clerk", "1.9.0", "published", "\"rules\": []");
        start("old-clerk");
        assertEquals(
                "unavailable",
                awaitTask(give(start("picky"), "report", "{\"n\": 1}"), "failed")
                        .path("code")
                        .asText());
    }

    @Test
    void itIsHandedToWhoIsAtWorkAndIsAsUrgentAsTheOneAbove() {
        publish("courier", delegating("carry", "carry.part", "porter", "latest"));
        publish(
                "porter",
                "\"rules\": [{\"on\": \"#\", \"do\": [{\"skill\": \"mcp.test.gate\", \"with\": {\"gate\": \"porter\"}}]}]");
        String resting = start("porter");
        post("ada", "operator", "/instances/" + resting + "/pause").then().statusCode(200);
        String awake = operator()
                .body("{\"agent\": \"porter\", \"another\": true}")
                .post("/api/v1/runtime/instances/start")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String busy = give(awake, "carry.something", "{}");
        await().until(() -> TestSkills.ENTERED.contains(busy + ".1"));
        String ordinary = give(awake, "carry.ordinary", "{}");
        String courier = start("courier");
        String urgent = operator()
                .body("{\"name\": \"carry\", \"data\": {\"n\": 1}, \"priority\": \"critical\"}")
                .post("/api/v1/runtime/instances/" + courier + "/tasks")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        awaitWaiting(urgent, "task");
        JsonNode child = task(urgent).at("/children/0");
        assertEquals(awake, child.path("instanceId").asText(), child::toString);
        TestSkills.open("porter", 1);
        await().until(() -> TestSkills.ENTERED.contains(child.path("id").asText() + ".1"));
        assertEquals("queued", task(ordinary).path("status").asText());
        TestSkills.open("porter", 2);
        awaitTask(urgent, "succeeded");
    }

    @Test
    void aCircleIsRefused() {
        publish("left", delegating("left", "right", "right", "latest"));
        publish("right", delegating("right", "left", "left", "latest"));
        start("right");
        JsonNode task = awaitTask(give(start("left"), "left", "{\"n\": 1}"), "failed");
        assertEquals("cycle", task.path("code").asText(), task::toString);
        assertTrue(task.at("/children/0/summary").asText().contains("right < left"), task::toString);
    }

    @Test
    void itGoesFiveTasksDeepAndNotSix() {
        for (int i = 0; i <= 6; i++) {
            publish("level" + i, delegating("level" + i, "level" + (i + 1), "level" + (i + 1), "latest"));
        }
        String top = start("level0");
        for (int i = 1; i <= 6; i++) {
            start("level" + i);
        }
        JsonNode task = awaitTask(give(top, "level0", "{\"n\": 1}"), "failed");
        assertEquals("too_deep", task.path("code").asText(), task::toString);
        int depth = 0;
        for (JsonNode node = task;
                node.path("children").size() > 0;
                node = node.path("children").path(0)) {
            depth++;
        }
        assertEquals(5, depth, task::toString);
    }

    @Test
    void cancellingTheOneAboveCancelsTheOneBelow() {
        publish("upper", delegating("walk", "walk.far", "lower", "latest"));
        publish(
                "lower",
                "\"rules\": [{\"on\": \"#\", \"do\": [{\"skill\": \"mcp.test.gate\", \"with\": {\"gate\": \"shut\"}}]}]");
        start("lower");
        String parent = give(start("upper"), "walk", "{\"n\": 1}");
        awaitWaiting(parent, "task");
        String child = task(parent).at("/children/0/id").asText();
        await().until(() -> TestSkills.ENTERED.contains(child + ".1"));
        post("ada", "operator", "/tasks/" + parent + "/cancel").then().statusCode(200);
        awaitTask(parent, "cancelled");
        awaitTask(child, "cancelled");
    }
}
