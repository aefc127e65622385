package io.skein.orchestrator.task;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** TASK-01: finding tasks, and what is refused. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class TaskListQuarkusTest extends Scenario {

    private static RequestSpecification anna() {
        return as("anna", "viewer", "operator");
    }

    private static String create(RequestSpecification who, Map<String, Object> body) {
        return who.body(body)
                .post("/api/v1/tasks")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    @Test
    void isFoundByFilterAndByWords() {
        RequestSpecification cora = as("cora", "viewer", "operator");
        String disks = create(
                as("cora", "viewer", "operator"),
                Map.of("title", "Order replacement disks", "priority", "high", "agent", "buyer"));
        String cables = create(
                as("cora", "viewer", "operator"),
                Map.of("title", "Tidy up", "description", "the cables behind the NAS and its disk", "priority", "low"));
        cora.get("/api/v1/tasks?q=disk").then().body("items.id", equalTo(List.of(cables, disks)));
        list("cora", "q=cabling").then().body("items.id", equalTo(List.of(cables)));
        list("cora", "q=disk -cables").then().body("items.id", equalTo(List.of(disks)));
        list("cora", "q=\"replacement disks\"").then().body("items.id", equalTo(List.of(disks)));
        list("cora", "q=unicorn").then().body("items.size()", equalTo(0));
        list("cora", "priority=high,urgent").then().body("items.id", equalTo(List.of(disks)));
        list("cora", "agent=buyer").then().body("items.id", equalTo(List.of(disks)));
        list("cora", "status=completed").then().body("items.size()", equalTo(0));
        list("cora", "status=pending,completed&kind=own").then().body("items.size()", equalTo(2));
        list("cora", "sort=priority").then().body("items.id", equalTo(List.of(cables, disks)));
        list("cora", "sort=-priority").then().body("items.id", equalTo(List.of(disks, cables)));
        list("cora", "sort=title").then().body("items.id", equalTo(List.of(disks, cables)));
    }

    private static Response list(String who, String query) {
        RequestSpecification as = as(who, "viewer", "operator");
        for (String part : query.split("&")) {
            as = as.queryParam(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
        }
        return as.get("/api/v1/tasks");
    }

    @Test
    void pagesAreExactInEveryOrder() {
        List<String> made = new ArrayList<>();
        String[] priorities = {"low", "medium", "high", "urgent"};
        for (int i = 0; i < 23; i++) {
            made.add(create(
                    as("dora", "viewer", "operator"), Map.of("title", "Task " + i % 5, "priority", priorities[i % 4])));
        }
        for (String sort :
                List.of("created", "-created", "updated", "-updated", "priority", "-priority", "title", "-title")) {
            List<String> walked = new ArrayList<>();
            String after = null;
            do {
                Response page = list("dora", "size=4&sort=" + sort + (after == null ? "" : "&after=" + after));
                page.then().statusCode(200);
                walked.addAll(page.<List<String>>path("items.id"));
                after = page.path("next");
            } while (after != null);
            assertEquals(made.size(), walked.size(), sort);
            assertEquals(new HashSet<>(made), new HashSet<>(walked), sort);
        }
        list("dora", "sort=title&after=" + list("dora", "size=4&sort=created").<String>path("next"))
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("after"));
    }

    @Test
    void badInputIsToldWhereItIsWrong() {
        bad("{\"title\":\"\"}", "title");
        bad("{\"title\":\"" + "x".repeat(201) + "\"}", "title");
        bad("{\"title\":\"a\\u0000b\"}", "title");
        bad("{\"title\":\"a\\ud800b\"}", "title");
        bad("{\"title\":\"a\",\"description\":\"" + "x".repeat(8001) + "\"}", "description");
        bad("{\"title\":\"a\",\"priority\":\"asap\"}", "priority");
        bad("{\"title\":\"a\",\"agent\":\"No Such Agent\"}", "agent");
        bad("{\"title\":\"a\",\"metadata\":[1]}", "metadata");
        bad("{\"title\":\"a\",\"metadata\":{\"a\":\"\\u0000\"}}", "metadata");
        bad("{\"title\":\"a\",\"metadata\":{\"a\":\"" + "x".repeat(17000) + "\"}}", "metadata");
        bad("{\"title\":\"a\",\"metadata\":" + "{\"a\":".repeat(9) + "1" + "}".repeat(9) + "}", "metadata");
        bad("{\"title\":\"a\",\"sessionId\":\"nope\"}", "sessionId");
        bad("{\"title\":\"a\",\"sessionId\":\"" + UUID.randomUUID() + "\"}", "sessionId");
        for (String body : List.of("{", "[]", "\"x\"", "null", "")) {
            Response answer = anna().body(body).post("/api/v1/tasks");
            answer.then().statusCode(400).contentType("application/problem+json");
        }
        String id = create(anna(), Map.of("title", "To be changed badly"));
        for (String body : List.of(
                "{\"status\":\"done\"}",
                "{\"title\":7}",
                "{\"title\":null}",
                "{\"owner\":\"bert\"}",
                "{\"team\":\"other\"}",
                "{}",
                "{\"statusReason\":\"alone\"}",
                "{\"priority\":null}")) {
            anna().header("If-Match", "*")
                    .body(body)
                    .patch("/api/v1/tasks/" + id)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("code", equalTo("validation_failed"));
        }
        anna().get("/api/v1/tasks/" + id)
                .then()
                .body("title", equalTo("To be changed badly"))
                .body("owner", equalTo("anna"));
        for (String query : List.of(
                "size=0",
                "size=201",
                "after=zzz",
                "status=done",
                "priority=asap",
                "kind=step",
                "sort=colour",
                "planId=7",
                "sessionId=7",
                "parentId=7",
                "agent=A B")) {
            list("anna", query).then().statusCode(400).contentType("application/problem+json");
        }
        anna().get("/api/v1/tasks/not-an-id").then().statusCode(404).contentType("application/problem+json");
        anna().header("Idempotency-Key", "with space")
                .body(Map.of("title", "x"))
                .post("/api/v1/tasks")
                .then()
                .statusCode(400);
    }

    private static void bad(String body, String field) {
        anna().body(body)
                .post("/api/v1/tasks")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("validation_failed"))
                .body("violations[0].field", equalTo(field));
    }
}
