package io.skein.orchestrator.task;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.skein.orchestrator.fleet.EventTap;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** TASK-01: tasks of their own kind. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class TaskQuarkusTest extends Scenario {

    private static RequestSpecification anna() {
        return as("anna", "viewer", "operator");
    }

    private static RequestSpecification of(String team, String name, String... roles) {
        return given().header("Authorization", "Bearer " + TestTokens.userOfTeam(name, team, roles))
                .contentType(ContentType.JSON);
    }

    private static String create(RequestSpecification who, Map<String, Object> body) {
        return who.body(body)
                .post("/api/v1/tasks")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static Response patch(RequestSpecification who, String id, Map<String, ?> body) {
        String etag = anna().get("/api/v1/tasks/" + id).header("ETag");
        return who.header("If-Match", etag == null ? "*" : etag).body(body).patch("/api/v1/tasks/" + id);
    }

    @Test
    void isWrittenDownReadChangedAndDeleted() {
        Response created = anna().body(Map.of(
                        "title", "  Replace   the disk ",
                        "description", "The one in bay 3",
                        "priority", "urgent",
                        "agent", "master-operator",
                        "metadata", Map.of("ticket", 17)))
                .post("/api/v1/tasks");
        created.then()
                .statusCode(201)
                .header("ETag", notNullValue())
                .header("Location", containsString("/api/v1/tasks/" + created.path("id")))
                .body("title", equalTo("Replace the disk"))
                .body("status", equalTo("pending"))
                .body("priority", equalTo("urgent"))
                .body("kind", equalTo("own"))
                .body("owner", equalTo("anna"))
                .body("metadata.ticket", equalTo(17));
        String id = created.path("id");
        String etag = created.header("ETag");

        anna().body(Map.of("title", "x")).patch("/api/v1/tasks/" + id).then().statusCode(428);
        anna().header("If-Match", etag)
                .body("{\"title\":\"Replace both disks\",\"agent\":null}")
                .patch("/api/v1/tasks/" + id)
                .then()
                .statusCode(200)
                .body("title", equalTo("Replace both disks"))
                .body("agent", nullValue())
                .body("description", equalTo("The one in bay 3"));
        anna().header("If-Match", etag)
                .body(Map.of("title", "late"))
                .patch("/api/v1/tasks/" + id)
                .then()
                .statusCode(412)
                .contentType("application/problem+json")
                .body("code", equalTo("precondition_failed"));
        assertNotEquals(etag, anna().get("/api/v1/tasks/" + id).header("ETag"));

        anna().header("If-Match", etag).delete("/api/v1/tasks/" + id).then().statusCode(412);
        anna().delete("/api/v1/tasks/" + id).then().statusCode(204);
        anna().get("/api/v1/tasks/" + id).then().statusCode(404).body("code", equalTo("not_found"));
    }

    @Test
    void movesOnlyAsTheStateMachineAllows() throws Exception {
        try (EventTap tap = EventTap.open()) {
            String id = create(anna(), Map.of("title", "Walk through the states"));
            patch(anna(), id, Map.of("status", "completed"))
                    .then()
                    .statusCode(409)
                    .contentType("application/problem+json")
                    .body("code", equalTo("illegal_transition"))
                    .body("taskStatus", equalTo("pending"));
            patch(anna(), id, Map.of("status", "in_progress"))
                    .then()
                    .statusCode(200)
                    .body("startedAt", notNullValue());
            patch(anna(), id, Map.of("status", "failed", "statusReason", "no spare disk"))
                    .then()
                    .statusCode(200)
                    .body("statusReason", equalTo("no spare disk"))
                    .body("finishedAt", notNullValue());
            patch(anna(), id, Map.of("status", "completed")).then().statusCode(409);
            patch(anna(), id, Map.of("status", "pending"))
                    .then()
                    .statusCode(200)
                    .body("finishedAt", nullValue());
            patch(anna(), id, Map.of("status", "in_progress")).then().statusCode(200);
            patch(anna(), id, Map.of("status", "completed")).then().statusCode(200);
            patch(anna(), id, Map.of("status", "pending")).then().statusCode(409);

            anna().get("/api/v1/tasks/" + id + "/activity")
                    .then()
                    .statusCode(200)
                    .body(
                            "items.what",
                            equalTo(List.of("pending", "in_progress", "failed", "pending", "in_progress", "completed")))
                    .body("items.actor.unique()", equalTo(List.of("anna")))
                    .body("items.seq", equalTo(List.of(1, 2, 3, 4, 5, 6)));
            List<JsonNode> told = tap.about(id, 6);
            assertEquals(
                    List.of(
                            "task.created",
                            "task.started",
                            "task.failed",
                            "task.reopened",
                            "task.started",
                            "task.completed"),
                    told.stream().map(e -> e.path("type").asText()).toList());
            assertTrue(told.stream()
                    .allMatch(e -> e.path("actor").asText().equals("anna")
                            && e.path("owner").asText().equals("anna")
                            && e.path("team").asText().equals("default")));
        }
    }

    @Test
    void aRepeatWithTheSameKeyMakesNothingNew() {
        String key = UUID.randomUUID().toString();
        Map<String, Object> body = Map.of("title", "Only once");
        String first = create(anna().header("Idempotency-Key", key), body);
        assertEquals(first, create(anna().header("Idempotency-Key", key), body));
        anna().header("Idempotency-Key", key)
                .body(Map.of("title", "Something else"))
                .post("/api/v1/tasks")
                .then()
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
        assertNotEquals(first, create(as("bert", "viewer", "operator").header("Idempotency-Key", key), body));
    }

    @Test
    void subtasksFollowTheirTask() {
        String id = create(anna(), Map.of("title", "Move house"));
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            parts.add(anna().body(Map.of("title", "Box " + i))
                    .post("/api/v1/tasks/" + id + "/subtasks")
                    .then()
                    .statusCode(201)
                    .body("parentId", equalTo(id))
                    .extract()
                    .path("id"));
        }
        anna().body(Map.of("title", "In the box"))
                .post("/api/v1/tasks/" + parts.getFirst() + "/subtasks")
                .then()
                .statusCode(409);
        String next = anna().get("/api/v1/tasks/" + id + "/subtasks?size=2")
                .then()
                .body("items.id", equalTo(parts.subList(0, 2)))
                .extract()
                .path("next");
        anna().get("/api/v1/tasks/" + id + "/subtasks?size=2&after=" + next)
                .then()
                .body("items.id", equalTo(parts.subList(2, 3)))
                .body("next", nullValue());
        anna().get("/api/v1/tasks").then().body("items.id", not(hasItem(parts.getFirst())));

        patch(anna(), id, Map.of("status", "in_progress")).then().statusCode(200);
        patch(anna(), id, Map.of("status", "completed")).then().statusCode(409);
        patch(anna(), parts.getFirst(), Map.of("status", "in_progress")).then().statusCode(200);
        patch(anna(), parts.getFirst(), Map.of("status", "completed")).then().statusCode(200);
        anna().get("/api/v1/tasks/" + id).then().body("subtasks", equalTo(3)).body("subtasksCompleted", equalTo(1));
        patch(anna(), id, Map.of("status", "cancelled")).then().statusCode(200);
        anna().get("/api/v1/tasks/" + id + "/subtasks")
                .then()
                .body("items.status", equalTo(List.of("completed", "cancelled", "cancelled")));
        patch(anna(), parts.get(1), Map.of("status", "pending")).then().statusCode(409);
    }

    @Test
    void isThereForWhoMaySeeItAndFourOhFourForAllOthers() {
        String id = create(anna(), Map.of("title", "Anna's secret xylophone"));
        RequestSpecification[] others = {
            as("bert", "viewer", "operator"), of("other", "anna", "viewer", "operator", "approver", "admin")
        };
        for (RequestSpecification other : others) {
            other.get("/api/v1/tasks/" + id).then().statusCode(404).body("code", equalTo("not_found"));
        }
        for (String part : List.of("subtasks", "checkpoints", "evaluations", "corrections", "activity")) {
            as("bert", "viewer", "operator")
                    .get("/api/v1/tasks/" + id + "/" + part)
                    .then()
                    .statusCode(404);
        }
        as("bert", "viewer", "operator").get("/api/v1/tasks?q=xylophone").then().body("items.size()", equalTo(0));
        patch(as("bert", "viewer", "operator"), id, Map.of("title", "mine"))
                .then()
                .statusCode(404);
        as("bert", "viewer", "operator").delete("/api/v1/tasks/" + id).then().statusCode(404);
        as("bert", "viewer", "operator")
                .body(Map.of("title", "x"))
                .post("/api/v1/tasks/" + id + "/subtasks")
                .then()
                .statusCode(404);
        as("carl", "viewer", "approver").get("/api/v1/tasks/" + id).then().statusCode(200);
        as("carl", "viewer", "approver").get("/api/v1/tasks?q=xylophone").then().body("items.id", hasItem(id));
    }

    @Test
    void anAgentWritesTasksOfItsTeamThroughAService() {
        String id = given().header("Authorization", "Bearer " + TestTokens.service("runtime-service"))
                .contentType(ContentType.JSON)
                .header("Skein-Team", "default")
                .header("Skein-Actor", "agent:monitoring-manager")
                .body(Map.of("title", "Look at nas01"))
                .post("/api/v1/tasks")
                .then()
                .statusCode(201)
                .body("owner", equalTo("agent:monitoring-manager"))
                .extract()
                .path("id");
        given().header("Authorization", "Bearer " + TestTokens.service("runtime-service"))
                .contentType(ContentType.JSON)
                .body(Map.of("title", "For nobody"))
                .post("/api/v1/tasks")
                .then()
                .statusCode(403);
        given().header("Authorization", "Bearer " + TestTokens.service("runtime-service"))
                .contentType(ContentType.JSON)
                .header("Skein-Team", "other")
                .header("Skein-Actor", "agent:monitoring-manager")
                .header("If-Match", "*")
                .body(Map.of("status", "in_progress"))
                .patch("/api/v1/tasks/" + id)
                .then()
                .statusCode(404);
    }

    @Test
    void ofManyMovesAtOnceOneWins() throws Exception {
        String id = create(anna(), Map.of("title", "Everybody wants it"));
        String etag = anna().get("/api/v1/tasks/" + id).header("ETag");
        String token = TestTokens.user("anna", "viewer", "operator");
        try (var threads = java.util.concurrent.Executors.newFixedThreadPool(6)) {
            var calls = IntStream.range(0, 6)
                    .mapToObj(i -> threads.submit(() -> given().header("Authorization", "Bearer " + token)
                            .contentType(ContentType.JSON)
                            .header("If-Match", etag)
                            .body(Map.of("status", "in_progress"))
                            .patch("/api/v1/tasks/" + id)
                            .statusCode()))
                    .toList();
            List<Integer> answers = new ArrayList<>();
            for (var call : calls) {
                answers.add(call.get());
            }
            assertEquals(1, answers.stream().filter(s -> s == 200).count(), answers.toString());
            assertEquals(5, answers.stream().filter(s -> s == 412).count(), answers.toString());
        }
    }
}
