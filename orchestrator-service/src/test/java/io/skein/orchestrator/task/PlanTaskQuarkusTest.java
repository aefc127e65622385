package io.skein.orchestrator.task;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** TASK-01: a plan's execution is a task, its steps are the subtasks. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class PlanTaskQuarkusTest extends Scenario {

    private static String task(UUID plan) {
        return "/api/v1/tasks/" + plan;
    }

    @Test
    void movesWithThePlan() {
        agent.held.put(DEPLOY, true);
        UUID plan = plan(BOTH);
        ada().get(task(plan))
                .then()
                .statusCode(200)
                .body("kind", equalTo("plan"))
                .body("title", equalTo(BOTH))
                .body("status", equalTo("pending"))
                .body("priority", equalTo("medium"))
                .body("subtasks", equalTo(2));
        ada().get(task(plan) + "/subtasks").then().body("items.status", equalTo(List.of("pending", "pending")));
        approve(plan);
        await().until(() -> stepStatuses(plan).getFirst().equals("running"));
        ada().get(task(plan)).then().body("status", equalTo("in_progress")).body("startedAt", notNullValue());
        ada().get(task(plan) + "/subtasks")
                .then()
                .body("items.status", equalTo(List.of("in_progress", "pending")))
                .body("items.number", equalTo(List.of(1, 2)))
                .body("items[0].agent", equalTo("infra-agent-1"))
                .body("items.parentId.unique()", equalTo(List.of(plan.toString())));
        finish(plan, DEPLOY, WorkResult.Outcome.COMPLETED);
        awaitStatus(plan, "completed");
        ada().get(task(plan)).then().body("status", equalTo("completed")).body("subtasksCompleted", equalTo(2));
        String step = ada().get(task(plan) + "/subtasks").path("items[1].id");
        ada().get("/api/v1/tasks/" + step)
                .then()
                .statusCode(200)
                .body("kind", equalTo("step"))
                .body("number", equalTo(2))
                .body("status", equalTo("completed"));
        ada().get(task(plan) + "/activity")
                .then()
                .body(
                        "items.findAll { it.kind == 'task' }.what",
                        hasItems("awaiting_approval", "approved", "completed"))
                .body("items.find { it.what == 'approved' }.actor", equalTo("ada"))
                .body("items.find { it.what == 'dispatched' }.stepNumber", equalTo(1))
                .body("items.find { it.kind == 'step' && it.what == 'running' }.actor", equalTo("agent:infra-agent-1"));
        ada().get("/api/v1/tasks/" + step + "/activity")
                .then()
                .body("items.what", equalTo(List.of("dispatched", "running", "completed")));
    }

    private static void finish(UUID plan, String playbook, WorkResult.Outcome outcome) {
        try {
            agent.finish(agent.ordersFor(plan, playbook).getFirst(), outcome);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void failsAndIsCancelledWithIt() {
        agent.outcomes.put(DEPLOY, WorkResult.Outcome.FAILED);
        UUID failed = plan(BOTH);
        approve(failed);
        awaitStatus(failed, "failed");
        ada().get(task(failed)).then().body("status", equalTo("failed")).body("statusReason", notNullValue());
        ada().get(task(failed) + "/subtasks").then().body("items.status", equalTo(List.of("failed", "cancelled")));

        UUID rejected = plan("Restart nginx");
        post(rejected, "reject", Map.of("reason", "not tonight")).then().statusCode(200);
        ada().get(task(rejected))
                .then()
                .body("status", equalTo("cancelled"))
                .body("statusReason", equalTo("not tonight"));
        ada().get(task(rejected) + "/subtasks").then().body("items.status", equalTo(List.of("cancelled")));
    }

    /** Whatever happens to the row of a plan, by whomever, the task says the same: there is no second place to write it to. */
    @Test
    void cannotSayAnythingElseThanThePlan() throws Exception {
        UUID plan = plan("Restart nginx");
        for (var state : Map.of(
                        "approved",
                        "pending",
                        "completed",
                        "completed",
                        "interrupted",
                        "failed",
                        "cancelled",
                        "cancelled")
                .entrySet()) {
            execute("UPDATE plan SET status = '" + state.getKey() + "', attend_at = NULL WHERE id = '" + plan + "'");
            ada().get(task(plan)).then().body("status", equalTo(state.getValue()));
        }
        execute("UPDATE plan SET status = 'running', started_at = now(), attend_at = NULL WHERE id = '" + plan + "'");
        ada().get(task(plan)).then().body("status", equalTo("in_progress"));
        execute("UPDATE plan SET status = 'cancelled', finished_at = now() WHERE id = '" + plan + "'");
        assertEquals(
                List.of("0"),
                query(
                        "SELECT count(*) FROM information_schema.columns WHERE table_name = 'plan_note' AND column_name = 'status'"));
    }

    @Test
    void isFoundByItsWordsAndFiltersAndMayBeNoted() {
        UUID plan = plan("Restart nginx because zebras grazed");
        ada().queryParam("q", "zebra").get("/api/v1/tasks").then().body("items.id", equalTo(List.of(plan.toString())));
        String etag = ada().get(task(plan)).header("ETag");
        ada().header("If-Match", etag)
                .body(Map.of("description", "asked for by the giraffes", "metadata", Map.of("ticket", 9)))
                .patch(task(plan))
                .then()
                .statusCode(200)
                .body("metadata.ticket", equalTo(9));
        ada().header("If-Match", etag)
                .body(Map.of("description", "x"))
                .patch(task(plan))
                .then()
                .statusCode(412);
        ada().queryParam("q", "giraffe").get("/api/v1/tasks").then().body("items.id", hasItem(plan.toString()));
        ada().queryParam("q", "zebra").get("/api/v1/tasks").then().body("items.id", hasItem(plan.toString()));
        for (Map<String, String> moved : List.of(
                Map.of("status", "completed"), Map.of("title", "x"), Map.of("priority", "low"), Map.of("agent", "a"))) {
            ada().header("If-Match", "*")
                    .body(moved)
                    .patch(task(plan))
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("illegal_transition"));
        }
        ada().delete(task(plan)).then().statusCode(409);
        ada().body(Map.of("title", "x")).post(task(plan) + "/subtasks").then().statusCode(409);
        ada().get("/api/v1/tasks?kind=plan&planId=" + plan).then().body("items.size()", equalTo(1));
        ada().get("/api/v1/tasks?kind=own").then().body("items.id", not(hasItem(plan.toString())));
        ada().get("/api/v1/tasks?parentId=" + plan).then().body("items.kind", equalTo(List.of("step")));
        ada().get("/api/v1/tasks?planId=" + plan + "&agent=infra-agent-1")
                .then()
                .body("items.size()", equalTo(1));
        ada().get("/api/v1/tasks?planId=" + plan + "&agent=somebody-else")
                .then()
                .body("items.size()", equalTo(0));
    }

    @Test
    void aSecretInTheRequestIsNotFoundByIt() {
        UUID plan = plan("Add a user with user_name=bob and user_password=pelican4711");
        ada().queryParam("q", "pelican4711").get("/api/v1/tasks").then().body("items.size()", equalTo(0));
        ada().get("/api/v1/tasks?planId=" + plan).then().body("items.size()", equalTo(1));
    }

    @Test
    void anotherPersonsPlanIsNoTaskOfMine() {
        UUID plan = plan("Restart nginx");
        String step = ada().get(task(plan) + "/subtasks").path("items[0].id");
        for (String id : List.of(plan.toString(), step)) {
            for (String part : List.of("", "/subtasks", "/checkpoints", "/evaluations", "/corrections", "/activity")) {
                as("mallory", "viewer", "operator")
                        .get("/api/v1/tasks/" + id + part)
                        .then()
                        .statusCode(404)
                        .body("code", equalTo("not_found"));
            }
        }
        as("mallory", "viewer", "operator")
                .get("/api/v1/tasks?parentId=" + plan)
                .then()
                .body("items.size()", equalTo(0));
    }
}
