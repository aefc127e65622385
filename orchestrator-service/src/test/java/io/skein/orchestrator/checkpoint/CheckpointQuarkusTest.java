package io.skein.orchestrator.checkpoint;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.fleet.EventTap;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.Step;
import io.skein.test.SkeinInfrastructure;
import jakarta.enterprise.inject.Vetoed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** TASK-02: where a person has to look before a plan goes on. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class CheckpointQuarkusTest extends Scenario {

    private static String path(UUID task) {
        return "/api/v1/tasks/" + task + "/checkpoints";
    }

    private static String set(UUID plan, int step) {
        return ada().body(Map.of("beforeStep", step, "question", "Does the page open?"))
                .post(path(plan))
                .then()
                .statusCode(201)
                .body("status", equalTo("set"))
                .body("stepNumber", equalTo(step))
                .extract()
                .path("id");
    }

    private static Response decide(UUID plan, String id, String verb) {
        return ada().body(Map.of("note", "looked at it")).post(path(plan) + "/" + id + "/" + verb);
    }

    private static void awaitReached(UUID plan, String id) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> ada().get(path(plan))
                .then()
                .body("items.find { it.id == '" + id + "' }.status", equalTo("reached")));
    }

    @Test
    void thePlanStopsThereUntilAPersonLetsItGoOn() throws Exception {
        try (EventTap tap = EventTap.open()) {
            UUID plan = plan(BOTH);
            String id = set(plan, 2);
            approve(plan);
            awaitReached(plan, id);
            get(plan)
                    .then()
                    .body("status", equalTo("running"))
                    .body("steps.status", equalTo(List.of("completed", "pending")))
                    .body("statusReason", containsString("Step 2 waits at a checkpoint: Does the page open?"));
            ada().get("/api/v1/tasks/" + plan).then().body("checkpointId", equalTo(id));
            ada().get("/api/v1/tasks?atCheckpoint=true").then().body("items.id", hasItem(plan.toString()));
            assertStays(plan);

            decide(plan, id, "continue")
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("continued"))
                    .body("decidedBy", equalTo("ada"))
                    .body("note", equalTo("looked at it"))
                    .body("reachedAt", notNullValue());
            awaitStatus(plan, "completed");
            assertEquals(1, agent.ordersFor(plan, MONITORS).size());
            decide(plan, id, "stop").then().statusCode(409).body("code", equalTo("illegal_transition"));
            ada().get("/api/v1/tasks?atCheckpoint=true&planId=" + plan).then().body("items.size()", equalTo(0));
            ada().get("/api/v1/tasks/" + plan + "/activity")
                    .then()
                    .body(
                            "items.findAll { it.kind == 'activity' }.what",
                            equalTo(List.of("checkpoint_set", "checkpoint_reached", "checkpoint_continued")));
            List<JsonNode> told = tap.until(plan, seen -> seen.stream()
                    .anyMatch(e -> e.path("type").asText().equals("plan.completed")));
            List<String> types = told.stream().map(e -> e.path("type").asText()).toList();
            assertTrue(
                    types.containsAll(
                            List.of("task.checkpoint.set", "task.checkpoint.reached", "task.checkpoint.continued")),
                    types.toString());
            assertEquals(
                    1,
                    types.stream().filter("task.checkpoint.reached"::equals).count(),
                    "told once, not at every look");
        }
    }

    /** Wakes the loop over and over: whatever looks at the plan, the step is not ordered. */
    private static void assertStays(UUID plan) throws Exception {
        for (int i = 0; i < 5; i++) {
            execute("UPDATE plan SET attend_at = now(), claimed_until = NULL WHERE id = '" + plan + "'");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> query("SELECT 1 FROM plan WHERE id = '" + plan + "' AND attend_at > now()")
                                    .size()
                            == 1);
        }
        assertTrue(agent.ordersFor(plan, MONITORS).isEmpty(), "not ordered");
    }

    private boolean isKeptAtTheCheckpoint(UUID plan) {
        approve(plan);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> status(plan).equals("completed")
                        || ada().get("/api/v1/tasks/" + plan).path("checkpointId") != null);
        return agent.ordersFor(plan, MONITORS).isEmpty();
    }

    /** The planted bug: a gate that keeps nothing. The check that sees the real one hold sees this one fail. */
    @Test
    void aGateThatKeepsNothingIsSeen() {
        UUID kept = plan(BOTH);
        set(kept, 2);
        assertTrue(isKeptAtTheCheckpoint(kept));

        QuarkusMock.installMockForType(new OpenGate(), CheckpointGate.class);
        UUID slipped = plan(BOTH);
        set(slipped, 2);
        assertFalse(isKeptAtTheCheckpoint(slipped));
        post(kept, "cancel", Map.of());
    }

    @Vetoed
    static class OpenGate extends CheckpointGate {
        @Override
        public Optional<String> closed(Handle tx, Plan plan, Step step, List<Step> all) {
            return Optional.empty();
        }
    }

    @Test
    void stoppingThereCancelsThePlan() {
        UUID plan = plan(BOTH);
        String id = set(plan, 2);
        approve(plan);
        awaitReached(plan, id);
        decide(plan, id, "stop").then().statusCode(200).body("status", equalTo("stopped"));
        awaitStatus(plan, "cancelled");
        assertEquals(List.of("completed", "cancelled"), stepStatuses(plan));
        get(plan).then().body("cancelledBy", equalTo("ada")).body("statusReason", containsString("looked at it"));
        assertTrue(agent.ordersFor(plan, MONITORS).isEmpty());
    }

    @Test
    void branchesThatNeedNoLookGoOn() {
        UUID plan = plan("Deploy Uptime Kuma and restart nginx");
        String id = set(plan, 1);
        approve(plan);
        awaitReached(plan, id);
        await().until(() -> stepStatuses(plan).equals(List.of("pending", "completed")));
        decide(plan, id, "continue");
        awaitStatus(plan, "completed");
    }

    @Test
    void pauseAndResumeGoAroundNoCheckpoint() throws Exception {
        UUID plan = plan(BOTH);
        String id = set(plan, 2);
        approve(plan);
        awaitReached(plan, id);
        post(plan, "pause", Map.of()).then().statusCode(200);
        post(plan, "resume", Map.of()).then().statusCode(200);
        assertStays(plan);
        decide(plan, id, "continue").then().statusCode(200);
        awaitStatus(plan, "completed");
    }

    @Test
    void aChangeOfThePlanTakesNoLookAway() {
        UUID plan = plan("Deploy Uptime Kuma and restart nginx");
        String id = set(plan, 2);
        post(plan, "modify", Map.of("order", List.of(2, 1))).then().statusCode(200);
        get(plan).then().body("steps.playbook", equalTo(List.of("web/nginx.yml", DEPLOY)));
        approve(plan);
        awaitReached(plan, id);
        assertTrue(agent.ordersFor(plan, "web/nginx.yml").isEmpty());
        get(plan).then().body("statusReason", containsString("Step 1 waits at a checkpoint"));
        decide(plan, id, "continue");
        awaitStatus(plan, "completed");
    }

    @Test
    void onlyWhoApprovesDecidesAndOnlyWhoSeesItIsAnswered() {
        UUID plan = plan(BOTH);
        String id = set(plan, 2);
        for (String verb : List.of("continue", "stop")) {
            String url = path(plan) + "/" + id + "/" + verb;
            as("ada", "viewer", "operator").post(url).then().statusCode(403);
            as("ada", "viewer").post(url).then().statusCode(403);
            io.restassured.RestAssured.given()
                    .header("Authorization", "Bearer " + io.skein.test.TestTokens.service("runtime-service"))
                    .header("Skein-Team", "default")
                    .header("Skein-Actor", "agent:chief-of-staff")
                    .post(url)
                    .then()
                    .statusCode(403);
            io.restassured.RestAssured.given()
                    .header(
                            "Authorization",
                            "Bearer "
                                    + io.skein.test.TestTokens.userOfTeam(
                                            "ada", "other", "viewer", "operator", "approver", "admin"))
                    .post(url)
                    .then()
                    .statusCode(404);
        }
        as("mallory", "viewer", "operator")
                .body(Map.of("beforeStep", 1, "question", "x"))
                .post(path(plan))
                .then()
                .statusCode(404);
        UUID other = plan("Restart nginx");
        ada().post(path(other) + "/" + id + "/continue").then().statusCode(404);
        as("carl", "viewer", "approver")
                .post(path(plan) + "/" + id + "/continue")
                .then()
                .statusCode(200);
    }

    @Test
    void badInputAndWrongTimesAreRefused() throws Exception {
        UUID plan = plan(BOTH);
        for (Map<String, ?> body : List.of(
                Map.of("question", "before what?"),
                Map.of("beforeStep", 3, "question", "no such step"),
                Map.of("beforeStep", 0, "question", "no such step"),
                Map.of("beforeStep", 1),
                Map.of("beforeStep", 1, "question", "x".repeat(1001)))) {
            ada().body(body)
                    .post(path(plan))
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("code", equalTo("validation_failed"));
        }
        ada().body("").post(path(plan)).then().statusCode(400).contentType("application/problem+json");
        ada().post(path(plan) + "/nope/continue").then().statusCode(404);
        String id = set(plan, 1);
        ada().post(path(plan) + "/" + id + "/stop").then().statusCode(409);
        post(plan, "reject", Map.of("reason", "never mind")).then().statusCode(200);
        ada().get(path(plan)).then().body("items.status", equalTo(List.of("lapsed")));
        decide(plan, id, "continue").then().statusCode(409);
        ada().body(Map.of("beforeStep", 1, "question", "x"))
                .post(path(plan))
                .then()
                .statusCode(409);

        agent.held.put(DEPLOY, true);
        UUID running = plan(BOTH);
        approve(running);
        await().until(() -> stepStatuses(running).getFirst().equals("running"));
        ada().body(Map.of("beforeStep", 1, "question", "too late"))
                .post(path(running))
                .then()
                .statusCode(409);
        String second = set(running, 2);
        agent.finish(agent.ordersFor(running, DEPLOY).getFirst(), WorkResult.Outcome.COMPLETED);
        awaitReached(running, second);
        decide(running, second, "stop");
        awaitStatus(running, "cancelled");
    }

    @Test
    void aTaskOfItsOwnKindWaitsThereToo() {
        String task = ada().body(Map.of("title", "Swap the switch"))
                .post("/api/v1/tasks")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        UUID own = UUID.fromString(task);
        String key = UUID.randomUUID().toString();
        String id = null;
        for (int i = 0; i < 2; i++) {
            String made = ada().header("Idempotency-Key", key)
                    .body(Map.of("question", "Is everybody informed?"))
                    .post(path(own))
                    .then()
                    .statusCode(201)
                    .body("status", equalTo("reached"))
                    .extract()
                    .path("id");
            assertTrue(id == null || id.equals(made), "a repeat sets no second one");
            id = made;
        }
        ada().header("If-Match", "*")
                .body(Map.of("status", "in_progress"))
                .patch("/api/v1/tasks/" + task)
                .then()
                .statusCode(409)
                .body("checkpointId", equalTo(id));
        decide(own, id, "continue").then().statusCode(200);
        ada().header("If-Match", "*")
                .body(Map.of("status", "in_progress"))
                .patch("/api/v1/tasks/" + task)
                .then()
                .statusCode(200);
        String last = ada().body(Map.of("question", "Still?")).post(path(own)).path("id");
        decide(own, last, "stop").then().statusCode(200);
        ada().get("/api/v1/tasks/" + task).then().body("status", equalTo("cancelled"));
        ada().get("/api/v1/tasks/" + task + "/activity")
                .then()
                .body("items.what", hasItems("checkpoint_continued", "checkpoint_stopped", "cancelled"));
    }
}
