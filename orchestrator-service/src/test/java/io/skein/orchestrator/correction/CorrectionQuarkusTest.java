package io.skein.orchestrator.correction;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.fleet.EventTap;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** TASK-02: guidance sends a subtask back, three rounds at most, then a person decides. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class CorrectionQuarkusTest extends Scenario {

    private static final String AS_IT_IS = "Run it again, the disk was full";

    private static String step(UUID plan, int number) {
        return ada().get("/api/v1/tasks/" + plan + "/subtasks").path("items[" + (number - 1) + "].id");
    }

    private static Response correct(String task, Map<String, ?> body) {
        return ada().body(body).post("/api/v1/tasks/" + task + "/corrections");
    }

    private static UUID failed(String text) {
        agent.outcomes.put(DEPLOY, WorkResult.Outcome.FAILED);
        UUID plan = plan(text);
        approve(plan);
        awaitStatus(plan, "failed");
        return plan;
    }

    private static UUID next(Response corrected) {
        return UUID.fromString(corrected.then().statusCode(201).extract().path("nextPlanId"));
    }

    @Test
    void theStepAndWhatWasSkippedRunAgainAfterAnApproval() throws Exception {
        try (EventTap tap = EventTap.open()) {
            UUID plan = failed(BOTH);
            Response corrected = correct(step(plan, 1), Map.of("guidance", "set kuma_port to 3002"));
            corrected
                    .then()
                    .statusCode(201)
                    .body("round", equalTo(1))
                    .body("status", equalTo("awaiting_approval"))
                    .body("createdBy", equalTo("ada"));
            UUID again = next(corrected);
            get(again)
                    .then()
                    .body("status", equalTo("awaiting_approval"))
                    .body("steps.playbook", equalTo(List.of(DEPLOY, MONITORS)))
                    .body("steps[1].dependsOn", equalTo(List.of(1)))
                    .body("steps[0].variables.find { it.name == 'kuma_port' }.value", equalTo(3002))
                    .body("sessionId", equalTo(get(plan).path("sessionId")));
            assertNotEquals(step(plan, 1), step(again, 1), "a new order, not the old one once more");
            assertTrue(agent.ordersFor(again, DEPLOY).isEmpty(), "nothing runs before somebody approves");
            get(plan).then().body("status", equalTo("failed"));

            agent.outcomes.clear();
            approve(again).then().statusCode(200);
            awaitStatus(again, "completed");
            WorkRequest order =
                    (WorkRequest) agent.ordersFor(again, DEPLOY).getFirst().payload();
            assertEquals(3002, order.variables().get("kuma_port").asInt());
            assertEquals(1, agent.ordersFor(plan, DEPLOY).size());
            ada().get("/api/v1/tasks/" + step(plan, 1) + "/corrections")
                    .then()
                    .body("items.status", equalTo(List.of("completed")))
                    .body("items[0].guidance", equalTo("set kuma_port to 3002"));
            ada().get("/api/v1/tasks/" + step(plan, 1) + "/activity").then().body("items.what", hasItems("corrected"));
            List<JsonNode> told = tap.until(plan, seen -> seen.stream()
                    .anyMatch(e -> e.path("type").asText().equals("task.corrected")));
            assertTrue(told.stream()
                    .anyMatch(e -> e.path("data").path("nextPlanId").asText().equals(again.toString())));
        }
    }

    @Test
    void whatIsNotUnderstoodBecomesAQuestionAndIsNeverGuessed() {
        UUID plan = failed("Deploy Uptime Kuma");
        UUID again = next(correct(step(plan, 1), Map.of("guidance", "make it nicer somehow")));
        get(again).then().body("status", equalTo("needs_input")).body("questions.size()", equalTo(1));
        approve(again).then().statusCode(409);
        assertTrue(agent.ordersFor(again, DEPLOY).isEmpty());
    }

    @Test
    void afterThreeRoundsAPersonDecides() throws Exception {
        try (EventTap tap = EventTap.open()) {
            UUID plan = failed("Deploy Uptime Kuma");
            String first = step(plan, 1);
            String task = first;
            for (int round = 1; round <= 3; round++) {
                Response corrected = correct(task, Map.of("guidance", AS_IT_IS, "variables", Map.of()));
                corrected.then().body("round", equalTo(round)).body("rootId", equalTo(first));
                UUID again = next(corrected);
                correct(task, Map.of("guidance", "me too", "variables", Map.of()))
                        .then()
                        .statusCode(409)
                        .body("code", equalTo("illegal_transition"))
                        .body("planId", equalTo(again.toString()));
                approve(again);
                awaitStatus(again, "failed");
                task = step(again, 1);
            }
            Response fourth = correct(task, Map.of("guidance", "once more", "variables", Map.of()));
            fourth.then().statusCode(201).body("status", equalTo("escalated")).body("checkpointId", notNullValue());
            fourth.then().body("nextPlanId", nullValue());
            String checkpoint = fourth.path("checkpointId");
            correct(first, Map.of("guidance", "around it", "variables", Map.of()))
                    .then()
                    .statusCode(409)
                    .body("checkpointId", equalTo(checkpoint));
            ada().get("/api/v1/tasks?atCheckpoint=true").then().body("items.checkpointId", hasItems(checkpoint));
            UUID last = UUID.fromString(ada().get("/api/v1/tasks/" + task).path("planId"));
            List<JsonNode> told = tap.until(last, seen -> seen.stream()
                    .anyMatch(e -> e.path("type").asText().equals("task.escalated")));
            assertTrue(told.stream()
                    .filter(e -> e.path("type").asText().equals("task.escalated"))
                    .allMatch(e -> e.path("priority").asText().equals("high")));

            String url = "/api/v1/tasks/" + task + "/checkpoints/" + checkpoint;
            given().header("Authorization", "Bearer " + TestTokens.service("runtime-service"))
                    .header("Skein-Team", "default")
                    .header("Skein-Actor", "agent:chief-of-staff")
                    .post(url + "/continue")
                    .then()
                    .statusCode(403);
            ada().post(url + "/continue").then().statusCode(200);
            agent.outcomes.clear();
            UUID again = next(correct(task, Map.of("guidance", AS_IT_IS, "variables", Map.of())));
            approve(again);
            awaitStatus(again, "completed");
            ada().get("/api/v1/tasks/" + first + "/corrections")
                    .then()
                    .body("items.status", equalTo(List.of("failed", "failed", "failed", "escalated", "completed")))
                    .body("items.round", equalTo(List.of(1, 2, 3, 4, 1)));
        }
    }

    @Test
    void stoppedAtTheEscalationItIsCorrectedNoMore() {
        String task = ada().body(Map.of("title", "Paint the rack"))
                .post("/api/v1/tasks")
                .path("id");
        for (int round = 1; round <= 3; round++) {
            done(task);
            correct(task, Map.of("guidance", "not blue, round " + round))
                    .then()
                    .statusCode(201)
                    .body("round", equalTo(round))
                    .body("status", equalTo("sent_back"));
            ada().get("/api/v1/tasks/" + task)
                    .then()
                    .body("status", equalTo("pending"))
                    .body("statusReason", equalTo("not blue, round " + round));
        }
        correct(task, Map.of("guidance", "nothing was done yet")).then().statusCode(409);
        done(task);
        String checkpoint = correct(task, Map.of("guidance", "still not blue"))
                .then()
                .statusCode(201)
                .body("status", equalTo("escalated"))
                .extract()
                .path("checkpointId");
        ada().get("/api/v1/tasks/" + task)
                .then()
                .body("status", equalTo("completed"))
                .body("checkpointId", equalTo(checkpoint));
        ada().post("/api/v1/tasks/" + task + "/checkpoints/" + checkpoint + "/stop")
                .then()
                .statusCode(200);
        correct(task, Map.of("guidance", "please")).then().statusCode(409).body("detail", containsString("decided"));
    }

    private static void done(String task) {
        for (String status : List.of("in_progress", "completed")) {
            ada().header("If-Match", "*")
                    .body(Map.of("status", status))
                    .patch("/api/v1/tasks/" + task)
                    .then()
                    .statusCode(200);
        }
    }

    @Test
    void aRepeatMakesNoSecondRound() throws Exception {
        UUID plan = failed("Deploy Uptime Kuma");
        String key = UUID.randomUUID().toString();
        String task = step(plan, 1);
        UUID first = null;
        for (int i = 0; i < 2; i++) {
            UUID next = next(ada().header("Idempotency-Key", key)
                    .body(Map.of("guidance", AS_IT_IS, "variables", Map.of()))
                    .post("/api/v1/tasks/" + task + "/corrections"));
            assertTrue(first == null || first.equals(next));
            first = next;
        }
        assertEquals(List.of("1"), query("SELECT count(*) FROM correction WHERE task_id = '" + task + "'"));
    }

    @Test
    void ofManyCorrectionsAtOnceOneIsARound() throws Exception {
        UUID plan = failed("Deploy Uptime Kuma");
        String task = step(plan, 1);
        String token = TestTokens.user("ada", "viewer", "operator");
        try (var threads = java.util.concurrent.Executors.newFixedThreadPool(5)) {
            var calls = java.util.stream.IntStream.range(0, 5)
                    .mapToObj(i -> threads.submit(() -> given().header("Authorization", "Bearer " + token)
                            .contentType(ContentType.JSON)
                            .body(Map.of("guidance", AS_IT_IS, "variables", Map.of()))
                            .post("/api/v1/tasks/" + task + "/corrections")
                            .statusCode()))
                    .toList();
            int made = 0;
            for (var call : calls) {
                made += call.get() == 201 ? 1 : 0;
            }
            assertEquals(1, made);
        }
    }

    @Test
    void aSecretInTheGuidanceIsNotTold() throws Exception {
        try (EventTap tap = EventTap.open()) {
            agent.outcomes.put("users/add.yml", WorkResult.Outcome.FAILED);
            UUID plan = plan("Add a user with user_name=bob");
            approve(plan);
            awaitStatus(plan, "failed");
            Response corrected = correct(step(plan, 1), Map.of("guidance", "set user_password to flamingo8080"));
            UUID again = next(corrected);
            corrected.then().body("guidance", not(containsString("flamingo")));
            assertFalse(get(again).asString().contains("flamingo"));
            for (UUID id : List.of(plan, again)) {
                List<JsonNode> told = tap.until(id, seen -> !seen.isEmpty());
                assertTrue(told.stream().noneMatch(e -> e.toString().contains("flamingo")));
            }
            assertEquals(List.of("0"), query("SELECT count(*) FROM correction WHERE guidance LIKE '%flamingo%'"));
        }
    }

    @Test
    void wrongTimesWrongPeopleAndBadInputAreRefused() {
        UUID open = plan("Deploy Uptime Kuma");
        correct(step(open, 1), Map.of("guidance", "x")).then().statusCode(409);
        correct(open.toString(), Map.of("guidance", "x")).then().statusCode(409);
        UUID plan = failed(BOTH);
        correct(step(plan, 2), Map.of("guidance", "it never ran")).then().statusCode(409);
        String task = step(plan, 1);
        for (String body : List.of(
                "{}",
                "{\"guidance\":\" \"}",
                "{\"guidance\":\"" + "x".repeat(4001) + "\"}",
                "{\"guidance\":\"x\",\"variables\":{\"no_such\":1}}",
                "{\"guidance\":\"x\",\"variables\":{\"kuma_port\":\"many\"}}")) {
            ada().body(body)
                    .post("/api/v1/tasks/" + task + "/corrections")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("code", equalTo("validation_failed"));
        }
        as("mallory", "viewer", "operator")
                .body(Map.of("guidance", "x"))
                .post("/api/v1/tasks/" + task + "/corrections")
                .then()
                .statusCode(404);
        as("ada", "viewer")
                .body(Map.of("guidance", "x"))
                .post("/api/v1/tasks/" + task + "/corrections")
                .then()
                .statusCode(403);
        String own = ada().body(Map.of("title", "x")).post("/api/v1/tasks").path("id");
        done(own);
        correct(own, Map.of("guidance", "x", "variables", Map.of())).then().statusCode(400);
    }
}
