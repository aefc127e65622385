package io.skein.orchestrator;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.contracts.agent.WorkRequest;
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
class ModifyQuarkusTest extends Scenario {

    private static ValidatableResponse say(UUID plan, String words) {
        return post(plan, "modify", Map.of("text", words)).then().statusCode(200);
    }

    @Test
    void wordsMakeTheNextVersionAndTheOldOneStaysReadable() {
        UUID plan = plan(BOTH);
        String hash = get(plan).path("planHash");

        say(plan, "use port 3002")
                .body("version", equalTo(2))
                .body("status", equalTo("awaiting_approval"))
                .body("steps[0].variables.find { it.name == 'kuma_port' }.value", equalTo(3002))
                .body("steps[0].variables.find { it.name == 'kuma_port' }.source", equalTo("modified"));
        assertNotEquals(hash, get(plan).path("planHash"));
        ada().get("/api/v1/plans/" + plan + "?version=1")
                .then()
                .body("status", equalTo("superseded"))
                .body("planHash", equalTo(hash))
                .body("steps[0].variables.find { it.name == 'kuma_port' }.value", equalTo(3001));
        ada().get("/api/v1/plans/" + plan + "/versions")
                .then()
                .body("items.version", equalTo(List.of(1, 2)))
                .body("items[1].summary", containsString("kuma_port = 3002"));
        ada().get("/api/v1/plans/" + plan + "?version=9").then().statusCode(404);
        post(plan, "approve", Map.of("planHash", hash)).then().statusCode(409).body("code", equalTo("plan_changed"));

        post(plan, "approve", Map.of("planHash", get(plan).path("planHash")))
                .then()
                .statusCode(200);
        awaitStatus(plan, "completed");
        WorkRequest order =
                (WorkRequest) agent.ordersFor(plan, DEPLOY).getFirst().payload();
        assertEquals(3002, order.variables().get("kuma_port").asInt());
    }

    @Test
    void dropsAddsAndReordersByWords() {
        UUID plan = plan("Restart nginx and rotate the logs");
        say(plan, "run step 2 first").body("steps.playbook", equalTo(List.of("logs/rotate.yml", "web/nginx.yml")));
        say(plan, "drop step 2").body("steps.playbook", equalTo(List.of("logs/rotate.yml")));
        say(plan, "and also deploy Uptime Kuma")
                .body("steps.playbook", equalTo(List.of("logs/rotate.yml", DEPLOY)))
                .body("version", equalTo(4));
    }

    @Test
    void whatItCannotReadBecomesAQuestion() {
        UUID plan = plan("Restart nginx");
        say(plan, "make it nicer")
                .body("status", equalTo("needs_input"))
                .body("questions[0].code", equalTo("unclear_change"))
                .body("steps", hasSize(1));
        say(plan, "never mind").body("status", equalTo("awaiting_approval")).body("questions", hasSize(0));
        say(plan, "drop step 7").body("questions[0].message", containsString("no step 7"));
    }

    @Test
    void questionsAreAnsweredByWords() {
        UUID unsure = plan("Fix kuma");
        say(unsure, "the first one")
                .body("steps.playbook", equalTo(List.of(DEPLOY)))
                .body("status", equalTo("awaiting_approval"));
        UUID lost = plan("Deploy Uptime Kuma to the moonbase");
        say(lost, "on nas01")
                .body("steps[0].hosts", equalTo(List.of("nas01")))
                .body("status", equalTo("awaiting_approval"));
        UUID missing = plan("Add a user");
        say(missing, "bob")
                .body("steps[0].variables.find { it.name == 'user_name' }.value", equalTo("bob"))
                .body("status", equalTo("awaiting_approval"));
        UUID half = plan("Restart nginx and paint the fence. Fix the door");
        assertEquals("needs_input", status(half));
        say(half, "skip it").body("status", equalTo("awaiting_approval")).body("steps", hasSize(1));
    }

    @Test
    void editsInData() {
        UUID plan = plan(BOTH);
        post(plan, "modify", Map.of("steps", List.of(Map.of("number", 1, "variables", Map.of("kuma_port", "4000")))))
                .then()
                .statusCode(200)
                .body("steps[0].variables.find { it.name == 'kuma_port' }.value", equalTo(4000));
        post(
                        plan,
                        "modify",
                        Map.of(
                                "steps",
                                List.of(Map.of("playbook", "web/nginx.yml"), Map.of("number", 2, "drop", true))))
                .then()
                .statusCode(200)
                .body("steps.playbook", equalTo(List.of(DEPLOY, "web/nginx.yml")));
        post(plan, "modify", Map.of("order", List.of(2, 1)))
                .then()
                .statusCode(200)
                .body("steps.playbook", equalTo(List.of("web/nginx.yml", DEPLOY)))
                .body("steps[1].dependsOn", equalTo(List.of(1)));
        assertEquals(4, (int) get(plan).path("version"));
    }

    @Test
    void refusesEditsThatMakeNoSense() {
        UUID plan = plan(BOTH);
        for (Object body : List.of(
                Map.of(),
                Map.of("text", "x", "order", List.of(1)),
                Map.of("order", List.of(1, 1)),
                Map.of("order", List.of(9)),
                Map.of("steps", List.of(Map.of("number", 9, "drop", true))),
                Map.of("steps", List.of(Map.of("drop", true))),
                Map.of("steps", List.of(Map.of("playbook", "no/such.yml"))),
                Map.of("steps", List.of(Map.of("number", 1, "variables", Map.of("nope", 1)))),
                Map.of("steps", List.of(Map.of("number", 1, "variables", Map.of("kuma_port", "soon")))),
                Map.of("steps", List.of(Map.of("number", 1, "drop", true), Map.of("number", 2, "drop", true))))) {
            post(plan, "modify", body).then().statusCode(400);
        }
        post(plan, "modify", Map.of("steps", List.of(Map.of("playbook", "broken/oops.yml"))))
                .then()
                .statusCode(422)
                .body("code", equalTo("playbook_broken"));
        post(plan, "modify", Map.of("steps", List.of(Map.of("number", 1, "inventory", "moonbase"))))
                .then()
                .statusCode(422)
                .body("code", equalTo("inventory_not_found"));
        assertEquals(1, (int) get(plan).path("version"));
    }
}
