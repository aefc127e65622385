package io.skein.orchestrator;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.fleet.EventTap;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules are in {@link FleetPort}: grace's plans need two people, alan's restarts none once two went well. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class ApprovalPolicyQuarkusTest extends Scenario {

    private static final String RESTART = "Restart nginx";

    @BeforeEach
    void nothingIsTrusted() throws Exception {
        execute("UPDATE step SET shape = NULL");
    }

    private static void awaitCompleted(UUID plan) {
        awaitStatus(plan, "completed");
    }

    private static void restartByHand() {
        UUID plan = planOf(ada(), RESTART);
        approve(plan).then().statusCode(200).body("approvalMode", equalTo("always"));
        awaitCompleted(plan);
    }

    @Test
    void withoutARuleAPersonApproves() {
        UUID plan = plan(RESTART);
        get(plan)
                .then()
                .body("status", equalTo("awaiting_approval"))
                .body("approval.mode", equalTo("always"))
                .body("approval.rule", equalTo(null));
    }

    @Test
    void twoDifferentPeopleApprove() throws Exception {
        try (EventTap tap = EventTap.open()) {
            UUID plan = planOf(grace(), RESTART);
            get(plan)
                    .then()
                    .body("approval.mode", equalTo("two-person"))
                    .body("approval.rule", equalTo("graces-are-double-checked"));
            approve(plan)
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("awaiting_approval"))
                    .body("statusReason", containsString("second person"))
                    .body("approval.given.by", equalTo(List.of("ada")));
            approve(plan).then().statusCode(409).body("code", equalTo("second_person_needed"));
            grace().body(Map.of())
                    .post("/api/v1/plans/" + plan + "/approve")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("second_person_needed"))
                    .body("detail", containsString("asked for it"));
            assertTrue(agent.ordersFor(plan, "web/nginx.yml").isEmpty());
            alan().body(Map.of())
                    .post("/api/v1/plans/" + plan + "/approve")
                    .then()
                    .statusCode(200)
                    .body("approvedBy", equalTo("ada, alan"))
                    .body("approvalMode", equalTo("two-person"))
                    .body("approvalRule", equalTo("graces-are-double-checked"));
            awaitCompleted(plan);
            List<JsonNode> events = tap.until(plan, seen -> seen.stream()
                    .anyMatch(e -> e.path("type").asText().equals("plan.completed")));
            assertEquals(
                    1,
                    events.stream()
                            .filter(e -> e.path("type").asText().equals("plan.approval.given")
                                    && e.path("data").path("approver").asText().equals("ada"))
                            .count());
        }
    }

    @Test
    void anotherVersionNeedsBothAgain() {
        UUID plan = planOf(grace(), "Deploy Uptime Kuma to the homelab");
        approve(plan).then().statusCode(200).body("status", equalTo("awaiting_approval"));
        post(plan, "modify", Map.of("text", "use kuma_port=4000")).then().statusCode(200);
        alan().body(Map.of())
                .post("/api/v1/plans/" + plan + "/approve")
                .then()
                .statusCode(200)
                .body("status", equalTo("awaiting_approval"))
                .body("approval.given.by", equalTo(List.of("alan")));
    }

    @Test
    void whatPeopleApprovedOftenEnoughNeedsNobody() throws Exception {
        restartByHand();
        UUID tooEarly = planOf(alan(), RESTART);
        alan().get("/api/v1/plans/" + tooEarly)
                .then()
                .body("status", equalTo("awaiting_approval"))
                .body("approval.rule", equalTo("alans-restarts"))
                .body("approval.reason", containsString("there are 1"));
        restartByHand();
        try (EventTap tap = EventTap.open()) {
            UUID plan = planOf(alan(), RESTART);
            awaitCompleted(plan);
            get(plan)
                    .then()
                    .body("approvedBy", equalTo("policy:alans-restarts"))
                    .body("approvalMode", equalTo("auto"))
                    .body("approvalRule", equalTo("alans-restarts"));
            JsonNode approved = tap
                    .until(plan, seen -> seen.stream()
                            .anyMatch(e -> e.path("type").asText().equals("plan.completed")))
                    .stream()
                    .filter(e -> e.path("type").asText().equals("plan.approved"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    "alans-restarts", approved.path("data").path("approvalRule").asText());
            assertEquals("auto", approved.path("data").path("approvalMode").asText());
        }
        // What the rule approved itself is no further reason to trust it, and ada has no rule.
        UUID adas = plan(RESTART);
        get(adas).then().body("status", equalTo("awaiting_approval"));
    }

    @Test
    void aFailureEndsTheTrust() {
        restartByHand();
        restartByHand();
        agent.outcomes.put("web/nginx.yml", WorkResult.Outcome.FAILED);
        UUID failing = plan(RESTART);
        approve(failing);
        awaitStatus(failing, "failed");
        agent.outcomes.clear();
        UUID plan = planOf(alan(), RESTART);
        get(plan).then().body("status", equalTo("awaiting_approval"));
    }

    @Test
    void anotherContentOfThePlaybookIsNotTrusted() {
        restartByHand();
        restartByHand();
        fleet.changedContents.put("cc33", "cc77");
        await().pollDelay(Duration.ofMillis(2100)).until(() -> true);
        UUID plan = planOf(alan(), RESTART);
        get(plan).then().body("status", equalTo("awaiting_approval"));
    }

    @Test
    void aPlanThatAsksAgainIsNeverApprovedByARule() {
        restartByHand();
        restartByHand();
        agent.changedFiles.put("web/nginx.yml", "web/nginx.yml");
        UUID plan = planOf(alan(), RESTART);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> get(plan)
                .then()
                .body("version", equalTo(2))
                .body("status", equalTo("awaiting_approval"))
                .body("approvedBy", equalTo(null)));
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        get(plan).then().body("status", equalTo("awaiting_approval"));
        assertEquals(1, agent.ordersFor(plan, "web/nginx.yml").size());
    }

    @Test
    void aPlanWithQuestionsIsNeverApprovedByARule() {
        UUID plan = planOf(alan(), "Add a user");
        get(plan).then().body("status", equalTo("needs_input"));
    }

    @Test
    void otherVariablesAreAnotherPatternAndOtherValuesAreNot() {
        for (String user : List.of("bob", "eva")) {
            UUID plan = planOf(ada(), "Add a user with user_name=" + user);
            approve(plan).then().statusCode(200);
            awaitCompleted(plan);
        }
        UUID same = planOf(alan(), "Add a user with user_name=kim");
        get(same).then().body("approvedBy", equalTo("policy:alans-restarts"));
        UUID more = planOf(alan(), "Add a user with user_name=kim and user_password=sesamesesame");
        get(more).then().body("status", equalTo("awaiting_approval"));
    }
}
