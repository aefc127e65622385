package io.skein.orchestrator;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.skein.orchestrator.fleet.EventTap;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class RequestQuarkusTest extends Scenario {

    private static final String PROBLEM = "application/problem+json";

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\n\t", "!!!", "\u0000", "deploy\u0000kuma", "\u0007ding", "🦆"})
    void refusesTextThatIsNone(String text) {
        request(text)
                .then()
                .statusCode(400)
                .contentType(PROBLEM)
                .body("code", equalTo("validation_failed"))
                .body("violations[0].field", equalTo("text"));
    }

    @Test
    void refusesTooMuch() {
        request("deploy " + "x".repeat(8000)).then().statusCode(400).body("code", equalTo("validation_failed"));
        request("a".repeat(1024 * 1024))
                .then()
                .statusCode(413)
                .contentType(PROBLEM)
                .body("code", equalTo("payload_too_large"));
        request("restart nginx; ".repeat(51)).then().statusCode(400).body("detail", containsString("at most 50"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "\"text\"", "{\"text\":{}}", "\u0000\u0001\u00ff"})
    void refusesABodyThatIsNoRequest(String body) {
        ada().body(body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                .post("/api/v1/requests")
                .then()
                .statusCode(400)
                .contentType(PROBLEM);
    }

    @Test
    void refusesAnInventoryThatDoesNotExist() {
        ada().body(Map.of("text", "Restart nginx", "inventory", "moonbase", "allowDuplicate", true))
                .post("/api/v1/requests")
                .then()
                .statusCode(422)
                .body("code", equalTo("inventory_not_found"))
                .body("inventories", equalTo(List.of("homelab")));
    }

    @Test
    void refusesTheSameRequestWhileTheFirstIsNotFinished() {
        String text = "Restart nginx number " + UUID.randomUUID();
        String first = ada().body(Map.of("text", text))
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        ada().body(Map.of("text", "  " + text.toUpperCase(java.util.Locale.ROOT) + ". "))
                .post("/api/v1/requests")
                .then()
                .statusCode(409)
                .body("code", equalTo("duplicate_request"))
                .body("planId", equalTo(first));
        as("bob", "viewer", "operator")
                .body(Map.of("text", text))
                .post("/api/v1/requests")
                .then()
                .statusCode(201);
        post(UUID.fromString(first), "reject", Map.of("reason", "no")).then().statusCode(200);
        ada().body(Map.of("text", text)).post("/api/v1/requests").then().statusCode(201);
    }

    @Test
    void anIdempotencyKeyReturnsTheFirstPlan() {
        String key = UUID.randomUUID().toString();
        Map<String, String> body = Map.of("text", "Restart nginx again " + key);
        String first = ada().header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        ada().header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .body("id", equalTo(first));
        ada().header("Idempotency-Key", key)
                .body(Map.of("text", "something else"))
                .post("/api/v1/requests")
                .then()
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
    }

    @Test
    void asksWhenItIsNotSure() {
        UUID unsure = plan("Fix kuma");
        get(unsure)
                .then()
                .body("status", equalTo("needs_input"))
                .body("steps", hasSize(0))
                .body("questions[0].code", equalTo("ambiguous"))
                .body("questions[0].candidates[0].playbook", equalTo(DEPLOY));
        get(plan("Paint the fence")).then().body("questions[0].code", equalTo("unknown_intent"));
        get(plan("Install oops"))
                .then()
                .body("questions[0].code", equalTo("broken_playbook"))
                .body("questions[0].message", containsString("line 7"));
        get(plan("Deploy Uptime Kuma to the moonbase"))
                .then()
                .body("questions[0].code", equalTo("unknown_target"))
                .body("questions[0].stepNumber", equalTo(1))
                .body("questions[0].message", containsString("homelab"));
        get(plan("Add a user"))
                .then()
                .body("questions[0].code", equalTo("missing_variable"))
                .body("questions[0].variable", equalTo("user_name"));
        approve(unsure).then().statusCode(409).body("code", equalTo("plan_needs_input"));
    }

    @Test
    void aRequestWithoutThePlaybookCatalogueIsTold() {
        fleet.infraAgentUp = false;
        request("Restart nginx").then().statusCode(502).body("code", equalTo("upstream_failed"));
    }

    @Test
    void decisionsThatAreNotPossibleAreToldWhy() {
        UUID plan = plan("Restart nginx");
        ada().body(Map.of())
                .post("/api/v1/plans/" + UUID.randomUUID() + "/approve")
                .then()
                .statusCode(404);
        ada().get("/api/v1/plans/not-an-id").then().statusCode(404).contentType(PROBLEM);
        post(plan, "reject", Map.of()).then().statusCode(400).body("violations[0].field", equalTo("reason"));
        post(plan, "approve", Map.of("planHash", "0".repeat(64)))
                .then()
                .statusCode(409)
                .body("code", equalTo("plan_changed"))
                .body("planHash", equalTo(get(plan).path("planHash")));
        post(plan, "resume", Map.of()).then().statusCode(409);
        post(plan, "reject", Map.of("reason", "not today"))
                .then()
                .statusCode(200)
                .body("rejectedReason", equalTo("not today"));
        approve(plan)
                .then()
                .statusCode(409)
                .body("code", equalTo("illegal_transition"))
                .body("detail", containsString("rejected"));
        post(plan, "reject", Map.of("reason", "x")).then().statusCode(409).body("detail", containsString("already"));
        post(plan, "modify", Map.of("text", "use port 1")).then().statusCode(409);
        post(plan, "cancel", Map.of()).then().statusCode(409);
        assertEquals("rejected", status(plan));
    }

    @Test
    void aDecisionNeedsNoBody() {
        UUID plan = plan("Rotate the logs");
        given().header("Authorization", "Bearer " + TestTokens.user("ada", "viewer", "operator", "approver"))
                .post("/api/v1/plans/" + plan + "/approve")
                .then()
                .statusCode(200);
        awaitStatus(plan, "completed");
    }

    @Test
    void rolesAndIsolation() {
        UUID plan = plan("Restart nginx");
        String path = "/api/v1/plans/" + plan;
        given().contentType(ContentType.JSON).get(path).then().statusCode(401);
        as("ada", "viewer")
                .body(Map.of("text", "Restart nginx"))
                .post("/api/v1/requests")
                .then()
                .statusCode(403);
        as("ada", "viewer", "operator")
                .body(Map.of())
                .post(path + "/approve")
                .then()
                .statusCode(403);
        for (String verb : List.of("", "/versions", "/steps/1/log", "/stream")) {
            as("bob", "viewer", "operator").get(path + verb).then().statusCode(404);
            ofOtherTeam().get(path + verb).then().statusCode(404);
        }
        for (String verb : List.of("/approve", "/reject", "/modify", "/cancel", "/pause", "/resume")) {
            Map<String, String> body = Map.of("text", "use port 1", "reason", "mine now");
            ofOtherTeam().body(body).post(path + verb).then().statusCode(404);
            int another = as("bob", "viewer", "operator")
                    .body(body)
                    .post(path + verb)
                    .then()
                    .extract()
                    .statusCode();
            assertEquals(verb.equals("/approve") || verb.equals("/reject") ? 403 : 404, another, verb);
        }
        assertEquals("awaiting_approval", status(plan));
        for (String role : List.of("approver", "admin")) {
            as("root", "viewer", role).get(path).then().statusCode(200);
            as("root", "viewer", role)
                    .get("/api/v1/plans?size=200&status=awaiting_approval")
                    .then()
                    .body("items.id", hasItem(plan.toString()));
        }
        given().header("Authorization", "Bearer " + TestTokens.service("runtime-service"))
                .get(path)
                .then()
                .statusCode(200);
        as("bob", "viewer").get("/api/v1/plans?size=200").then().body("items.id", not(hasItem(plan.toString())));
        ofOtherTeam().get("/api/v1/plans?size=200").then().body("items.id", not(hasItem(plan.toString())));
        ada().get("/api/v1/plans?size=200").then().body("items.id", hasItem(plan.toString()));
        as("bob", "viewer", "approver")
                .body(Map.of())
                .post(path + "/approve")
                .then()
                .statusCode(200)
                .body("approvedBy", equalTo("bob"));
    }

    /** An agent asks through the runtime: its plan waits for a person like everybody's, and only that agent may take it back. */
    @Test
    void aServiceAsksForAnAgentOfATeamAndNeverForItself() {
        Map<String, String> body = Map.of("text", "Restart nginx for an agent " + UUID.randomUUID());
        String key = UUID.randomUUID().toString();
        forAgent("agent:monitoring-manager", "default")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .body("status", equalTo("awaiting_approval"))
                .body("team", equalTo("default"))
                .body("requestedBy", equalTo("agent:monitoring-manager"));
        String plan = forAgent("agent:monitoring-manager", "default")
                .header("Idempotency-Key", key)
                .body(body)
                .post("/api/v1/requests")
                .path("id");
        String path = "/api/v1/plans/" + plan;
        as("bob", "viewer", "approver").get(path).then().statusCode(200).body("requestedBy", containsString("agent:"));
        forAgent("agent:monitoring-manager", "default")
                .body(Map.of())
                .post(path + "/approve")
                .then()
                .statusCode(403);
        forAgent("agent:other", "default").post(path + "/cancel").then().statusCode(404);
        forAgent("agent:monitoring-manager", "other")
                .post(path + "/cancel")
                .then()
                .statusCode(404);
        forAgent("agent:monitoring-manager", "default")
                .post(path + "/cancel")
                .then()
                .statusCode(200);

        service().body(body).post("/api/v1/requests").then().statusCode(403);
        service().post(path + "/cancel").then().statusCode(403);
        forAgent("ada", "default").body(body).post("/api/v1/requests").then().statusCode(400);
        ada().header("Skein-Actor", "agent:monitoring-manager")
                .header("Skein-Team", "other")
                .body(Map.of("text", "Restart nginx as somebody else " + key))
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .body("team", equalTo("default"))
                .body("requestedBy", equalTo("ada"));
    }

    private static RequestSpecification service() {
        return given().header("Authorization", "Bearer " + TestTokens.service("runtime-service"))
                .contentType(ContentType.JSON);
    }

    private static RequestSpecification forAgent(String actor, String team) {
        return service().header("Skein-Actor", actor).header("Skein-Team", team);
    }

    /** All the power there is, in another team. */
    private static RequestSpecification ofOtherTeam() {
        return given().header(
                        "Authorization",
                        "Bearer " + TestTokens.userOfTeam("ada", "other", "viewer", "operator", "approver", "admin"))
                .contentType(ContentType.JSON);
    }

    @Test
    void anotherTeamsPlaybooksCannotBePlannedWith() {
        UUID foreign = UUID.fromString(ofOtherTeam()
                .body(Map.of("text", "Restart nginx"))
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .body("status", equalTo("needs_input"))
                .body("steps", hasSize(0))
                .body("questions[0].candidates", hasSize(0))
                .extract()
                .path("id"));
        ofOtherTeam()
                .body(Map.of("steps", List.of(Map.of("playbook", DEPLOY))))
                .post("/api/v1/plans/" + foreign + "/modify")
                .then()
                .statusCode(400)
                .body("detail", containsString("there is no playbook"));
        ofOtherTeam()
                .body(Map.of("text", "Rotate the logs", "inventory", "homelab"))
                .post("/api/v1/requests")
                .then()
                .statusCode(422)
                .body("inventories", hasSize(0));
        ofOtherTeam().get("/api/v1/capacity").then().body("agents", hasSize(0)).body("nodes", hasSize(0));
        ada().get("/api/v1/capacity").then().body("agents.agentId", hasItem("infra-agent-1"));
    }

    @Test
    void eventsSayWhoseTheyAre() throws Exception {
        try (EventTap tap = EventTap.open()) {
            UUID plan = plan("Rotate the logs");
            approve(plan).then().statusCode(200);
            awaitStatus(plan, "completed");
            List<JsonNode> events = tap.until(plan, seen -> seen.stream()
                    .anyMatch(e -> e.path("type").asText().equals("plan.completed")));
            events.forEach(event -> assertEquals("ada", event.path("owner").asText(), event::toString));
            assertTrue(events.stream().anyMatch(e -> e.path("type").asText().equals("request.received")));
            assertTrue(events.stream().anyMatch(e -> e.path("type").asText().equals("step.completed")));
        }
    }

    @Test
    void aDecisionBelongsToTheTraceOfTheRequestAndNamesItsOwn() throws Exception {
        String decision = "5".repeat(32);
        try (EventTap tap = EventTap.open()) {
            UUID plan = plan("Rotate the logs");
            ada().header("traceparent", "00-" + decision + "-" + "1".repeat(16) + "-01")
                    .body(Map.of())
                    .post("/api/v1/plans/" + plan + "/approve")
                    .then()
                    .statusCode(200);
            List<JsonNode> events = tap.until(plan, seen -> seen.stream()
                    .anyMatch(e -> e.path("type").asText().equals("plan.completed")));
            assertEquals(
                    1,
                    events.stream()
                            .map(e -> e.path("traceid").asText())
                            .distinct()
                            .count(),
                    events::toString);
            JsonNode approved = events.stream()
                    .filter(e -> e.path("type").asText().equals("plan.approved"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(decision, approved.path("data").path("callTraceId").asText());
        }
    }

    @Test
    void sessionsKeepTheConversation() {
        String session = ada().body(Map.of("title", "Evening"))
                .post("/api/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        ada().body(Map.of("text", "Restart nginx", "sessionId", session, "allowDuplicate", true))
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .body("sessionId", equalTo(session));
        ada().get("/api/v1/sessions/" + session + "/messages")
                .then()
                .body("items.role", equalTo(List.of("user", "assistant")))
                .body("items[0].text", equalTo("Restart nginx"))
                .body("items[1].planId", notNullValue());
        ada().get("/api/v1/sessions/" + session)
                .then()
                .body("title", equalTo("Evening"))
                .body("plans", equalTo(1));
        as("bob", "viewer", "operator")
                .get("/api/v1/sessions/" + session)
                .then()
                .statusCode(404);
        as("bob", "viewer", "operator")
                .body(Map.of("text", "Restart nginx", "sessionId", session))
                .post("/api/v1/requests")
                .then()
                .statusCode(404);
    }

    @Test
    void pagesPlansNewestFirst() {
        List<String> made = List.of(
                plan("Rotate the logs").toString(),
                plan("Rotate the logs").toString(),
                plan("Rotate the logs").toString());
        String next = ada().get("/api/v1/plans?size=2")
                .then()
                .body("items.id", equalTo(List.of(made.get(2), made.get(1))))
                .extract()
                .path("next");
        ada().get("/api/v1/plans?size=1&after=" + next).then().body("items[0].id", equalTo(made.get(0)));
        ada().get("/api/v1/plans?size=0").then().statusCode(400);
        ada().get("/api/v1/plans?after=zzz").then().statusCode(400);
        ada().get("/api/v1/plans?status=flying").then().statusCode(400);
    }

    @Test
    void capacityAndMetricsAndDescription() {
        ada().get("/api/v1/capacity").then().statusCode(200).body("agents", notNullValue());
        plan("Rotate the logs");
        given().get("/q/metrics").then().statusCode(200).body(containsString("skein_orchestrator_plans"));
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("paths.'/api/v1/plans/{id}/approve'", notNullValue());
        given().get("/q/health/ready").then().statusCode(200);
    }
}
