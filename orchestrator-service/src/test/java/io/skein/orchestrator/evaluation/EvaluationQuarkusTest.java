package io.skein.orchestrator.evaluation;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
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

/** TASK-02: what rules, agents and people think of a task. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class EvaluationQuarkusTest extends Scenario {

    private static final Map<String, Object> GOOD = Map.of(
            "scores",
            Map.of("security", Map.of("score", 80, "reason", "no open ports"), "completeness", Map.of("score", 100)),
            "comment",
            "Neat");

    private static RequestSpecification agent(String name) {
        return given().header("Authorization", "Bearer " + TestTokens.service("runtime-service"))
                .contentType(ContentType.JSON)
                .header("Skein-Team", "default")
                .header("Skein-Actor", "agent:" + name);
    }

    private static String step(UUID plan, int number) {
        return ada().get("/api/v1/tasks/" + plan + "/subtasks").path("items[" + (number - 1) + "].id");
    }

    @Test
    void theRulesJudgeByTheResultAndTheRecordHasIt() throws Exception {
        try (EventTap tap = EventTap.open()) {
            agent.outcomes.put(DEPLOY, WorkResult.Outcome.FAILED);
            UUID plan = plan(BOTH);
            approve(plan);
            awaitStatus(plan, "failed");
            String step = step(plan, 1);
            ada().get("/api/v1/tasks/" + step + "/evaluations")
                    .then()
                    .statusCode(200)
                    .body("items.size()", equalTo(1))
                    .body("items[0].evaluator", equalTo("rule"))
                    .body("items[0].by", equalTo("rules/1"))
                    .body("items[0].scores.completeness.score", equalTo(0))
                    .body("items[0].scores.correctness.score", equalTo(50))
                    .body("items[0].scores.testability.score", equalTo(90))
                    .body("items[0].scores.security.score", equalTo(100))
                    .body("items[0].overall", equalTo(68));
            ada().get("/api/v1/tasks/" + step(plan, 2) + "/evaluations").then().body("items.size()", equalTo(0));
            ada().get("/api/v1/tasks/" + plan + "/evaluations").then().body("items[0].overall", equalTo(68));
            List<JsonNode> events = tap.until(plan, seen -> seen.stream()
                    .anyMatch(e -> e.path("type").asText().equals("plan.failed")));
            JsonNode record = events.stream()
                    .filter(e -> e.path("type").asText().equals("step.failed"))
                    .findFirst()
                    .orElseThrow()
                    .path("data")
                    .path("record");
            assertEquals(68, record.path("evaluation").path("overall").asInt(), record.toString());
        }
    }

    @Test
    void whatIsNotKnownIsNotScored() {
        UUID plan = plan("Restart nginx");
        approve(plan);
        awaitStatus(plan, "completed");
        ada().get("/api/v1/tasks/" + step(plan, 1) + "/evaluations")
                .then()
                .body("items[0].scores.completeness.score", equalTo(100))
                .body("items[0].scores.correctness.score", equalTo(100))
                .body("items[0].scores.security.score", nullValue())
                .body("items[0].scores.security.reason", notNullValue());
    }

    @Test
    void aPersonAndAnotherAgentSayWhatTheyThink() throws Exception {
        try (EventTap tap = EventTap.open()) {
            UUID plan = plan("Restart nginx");
            String url = "/api/v1/tasks/" + step(plan, 1) + "/evaluations";
            ada().body(GOOD).post(url).then().statusCode(409).body("code", equalTo("illegal_transition"));
            approve(plan);
            awaitStatus(plan, "completed");
            ada().body(GOOD)
                    .post(url)
                    .then()
                    .statusCode(201)
                    .body("evaluator", equalTo("person"))
                    .body("by", equalTo("ada"))
                    .body("overall", equalTo(90));
            agent("qa-manager")
                    .body(GOOD)
                    .post(url)
                    .then()
                    .statusCode(201)
                    .body("evaluator", equalTo("agent"))
                    .body("by", equalTo("agent:qa-manager"));
            agent("infra-agent-1").body(GOOD).post(url).then().statusCode(403).body("code", equalTo("forbidden"));
            agent("infra-agent-1")
                    .body(GOOD)
                    .post("/api/v1/tasks/" + plan + "/evaluations")
                    .then()
                    .statusCode(403);
            as("carl", "viewer", "approver").body(GOOD).post(url).then().statusCode(201);
            as("mallory", "viewer", "operator").body(GOOD).post(url).then().statusCode(404);
            as("ada", "viewer").body(GOOD).post(url).then().statusCode(403);

            ada().get(url + "?size=1").then().body("items.evaluator", equalTo(List.of("rule")));
            String next = ada().get(url + "?size=1").path("next");
            ada().get(url + "?after=" + next)
                    .then()
                    .body("items.by", equalTo(List.of("ada", "agent:qa-manager", "carl")))
                    .body("items[0].scores.security.reason", equalTo("no open ports"));
            ada().get("/api/v1/tasks/" + plan + "/activity").then().body("items.what", hasItem("evaluated"));
            List<JsonNode> told = tap.until(
                    plan,
                    seen -> seen.stream()
                                    .filter(e -> e.path("type").asText().equals("task.evaluated"))
                                    .count()
                            == 3);
            assertTrue(told.stream()
                    .filter(e -> e.path("type").asText().equals("task.evaluated"))
                    .allMatch(e -> e.path("data").path("overall").asInt() == 90));
        }
    }

    @Test
    void badScoresAreRefused() {
        UUID plan = plan("Restart nginx");
        approve(plan);
        awaitStatus(plan, "completed");
        String url = "/api/v1/tasks/" + plan + "/evaluations";
        for (String body : List.of(
                "{}",
                "{\"scores\":{}}",
                "{\"scores\":{\"beauty\":{\"score\":1}}}",
                "{\"scores\":{\"security\":{\"score\":101}}}",
                "{\"scores\":{\"security\":{\"score\":-1}}}",
                "{\"scores\":{\"security\":{}}}",
                "{\"scores\":{\"security\":null}}",
                "{\"scores\":{\"security\":{\"score\":1,\"reason\":\"" + "x".repeat(1001) + "\"}}}")) {
            ada().body(body)
                    .post(url)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("code", equalTo("validation_failed"));
        }
        for (String body : List.of("{\"scores\":7}", "[", "{\"scores\":{\"security\":{\"score\":\"much\"}}}")) {
            ada().body(body).post(url).then().statusCode(400).contentType("application/problem+json");
        }
    }
}
