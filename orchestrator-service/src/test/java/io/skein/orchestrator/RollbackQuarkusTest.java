package io.skein.orchestrator;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class RollbackQuarkusTest extends Scenario {

    private static final String REMOVE = "uptime-kuma/remove.yml";

    @Test
    void whatWasDoneIsUndoneOnceItIsApproved() {
        agent.outcomes.put("web/nginx.yml", WorkResult.Outcome.FAILED);
        UUID plan = plan(
                "Deploy Uptime Kuma to the homelab with kuma_port=4000 and add our portals to the config and restart"
                        + " nginx");
        approve(plan);
        awaitStatus(plan, "failed");
        UUID undo = UUID.fromString(post(plan, "rollback", Map.of())
                .then()
                .statusCode(201)
                .body("status", equalTo("awaiting_approval"))
                .body("rollbackOf", equalTo(plan.toString()))
                .body("steps.playbook", equalTo(List.of(REMOVE)))
                .body("steps[0].hosts", equalTo(List.of("nas01")))
                .body("steps[0].variables.find { it.name == 'kuma_port' }.value", equalTo(4000))
                .body("notes", hasSize(1))
                .body("notes[0]", containsString(MONITORS))
                .body("notes[0]", containsString("no counterpart"))
                .extract()
                .path("id"));
        get(plan).then().body("rolledBackBy", equalTo(undo.toString())).body("status", equalTo("failed"));
        assertTrue(agent.ordersFor(undo, REMOVE).isEmpty(), "not before somebody approves");
        post(plan, "rollback", Map.of())
                .then()
                .statusCode(409)
                .body("code", equalTo("duplicate_request"))
                .body("planId", equalTo(undo.toString()));

        approve(undo).then().statusCode(200);
        awaitStatus(undo, "completed");
        WorkRequest order =
                (WorkRequest) agent.ordersFor(undo, REMOVE).getFirst().payload();
        assertEquals(4000, order.variables().get("kuma_port").asInt());
    }

    @Test
    void theLastStepIsUndoneFirst() {
        UUID plan =
                plan("Deploy Uptime Kuma to the homelab, then deploy Uptime Kuma to the homelab with kuma_port=5000");
        approve(plan);
        awaitStatus(plan, "completed");
        post(plan, "rollback", Map.of())
                .then()
                .statusCode(201)
                .body("steps.playbook", equalTo(List.of(REMOVE, REMOVE)))
                .body("steps[0].variables.find { it.name == 'kuma_port' }.value", equalTo(5000))
                .body("steps[1].dependsOn", equalTo(List.of(1)));
    }

    @Test
    void whatCannotBeUndoneIsSaid() {
        UUID plan = plan("Restart nginx");
        post(plan, "rollback", Map.of()).then().statusCode(409).body("code", equalTo("illegal_transition"));
        approve(plan);
        awaitStatus(plan, "completed");
        post(plan, "rollback", Map.of())
                .then()
                .statusCode(409)
                .body("code", equalTo("nothing_to_undo"))
                .body("steps[0]", containsString("web/nginx.yml"));
        as("ada", "viewer").post("/api/v1/plans/" + plan + "/rollback").then().statusCode(403);
        as("eve", "viewer", "operator")
                .post("/api/v1/plans/" + plan + "/rollback")
                .then()
                .statusCode(404);
    }
}
