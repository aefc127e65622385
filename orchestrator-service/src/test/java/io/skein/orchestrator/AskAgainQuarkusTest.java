package io.skein.orchestrator;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.fleet.EventTap;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Plans whose approval lapses, and plans that are resumed. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class AskAgainQuarkusTest extends Scenario {

    private static final String CHANGED = "roles/monitors/tasks/main.yml";

    @Test
    void whatChangedIsAskedAgainAndWhatRanIsNotRunAgain() throws Exception {
        agent.changedFiles.put(MONITORS, CHANGED);
        try (EventTap tap = EventTap.open()) {
            UUID plan = plan(BOTH);
            String hash = get(plan).path("planHash");
            approve(plan);
            fleet.changedContents.put("bb22", "bb23");
            awaitStatus(plan, "awaiting_approval");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> get(plan).then().body("version", equalTo(2)));
            get(plan)
                    .then()
                    .body("steps.status", equalTo(List.of("completed", "pending")))
                    .body("steps[0].carried", equalTo(true))
                    .body("steps[1].playbookHash", equalTo("bb23"))
                    .body("approvedBy", equalTo(null))
                    .body("planHash", not(equalTo(hash)))
                    .body("lapsed.stepNumber", equalTo(2))
                    .body("lapsed.files", equalTo(List.of(CHANGED)))
                    .body("statusReason", containsString(CHANGED));
            ada().get("/api/v1/plans/" + plan + "?version=1")
                    .then()
                    .body("steps.status", equalTo(List.of("completed", "refused")))
                    .body("steps[1].changedFiles", equalTo(List.of(CHANGED)));
            ada().get("/api/v1/plans/" + plan + "/steps/1/log")
                    .then()
                    .body("items.findAll { it.kind == 'task' }.task.task", hasItem("Do the work"));
            await().atMost(Duration.ofSeconds(5)).until(() -> !fleet.isHeld("nas01"));
            List<JsonNode> events = tap.until(plan, seen -> seen.stream()
                    .anyMatch(e -> e.path("type").asText().equals("plan.approval.lapsed")));
            JsonNode lapsed = events.stream()
                    .filter(e -> e.path("type").asText().equals("plan.approval.lapsed"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(CHANGED, lapsed.path("data").path("files").path(0).asText());

            post(plan, "approve", Map.of("planHash", hash))
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("plan_changed"));
            approve(plan).then().statusCode(200);
            awaitStatus(plan, "completed");
            assertEquals(1, agent.ordersFor(plan, DEPLOY).size(), "what was done is not done again");
            List<UUID> ids = agent.ordersFor(plan, MONITORS).stream()
                    .map(order -> order.requestId())
                    .toList();
            assertEquals(2, ids.size());
            assertNotEquals(ids.get(0), ids.get(1), "an agent answers an id it knows with its first result");
            assertEquals(
                    "bb23",
                    ((WorkRequest) agent.ordersFor(plan, MONITORS).get(1).payload()).contentSha256());
        }
    }

    @Test
    void aPreviewThatFindsAChangeMakesANewVersionBeforeAnybodyApproves() {
        agent.previewAnswers.put("web/nginx.yml", good -> {
            agent.previewAnswers.clear();
            fleet.changedContents.put("cc33", "cc34");
            return new WorkResult(
                            good.planId(),
                            good.stepId(),
                            WorkResult.Outcome.REFUSED,
                            null,
                            "playbook changed since approval: web/nginx.yml",
                            0,
                            Map.of(),
                            List.of(),
                            List.of(),
                            null,
                            null,
                            good.finishedAt())
                    .withChanged(List.of("web/nginx.yml"));
        });
        UUID plan = plan("Restart nginx");
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> get(plan)
                .then()
                .body("version", equalTo(2))
                .body("steps[0].playbookHash", equalTo("cc34"))
                .body("steps[0].preview.status", equalTo("ready")));
        approve(plan).then().statusCode(200);
        awaitStatus(plan, "completed");
    }

    @Test
    void whatIsKeptHasToBeWhatWasApproved() throws Exception {
        fleet.hold("nas01", "plan:" + UUID.randomUUID());
        UUID plan = plan("Deploy Uptime Kuma to the homelab with kuma_port=4000");
        approve(plan).then().statusCode(200);
        execute("UPDATE step SET spec = replace(spec::text, '4000', '6666')::jsonb WHERE plan_id = '" + plan + "'");
        fleet.free("nas01");
        awaitStatus(plan, "failed");
        get(plan).then().body("steps[0].statusReason", containsString("not what was approved"));
        assertTrue(agent.ordersFor(plan, DEPLOY).isEmpty());

        UUID unapproved = plan("Deploy Uptime Kuma to the homelab with kuma_port=4001");
        execute("UPDATE step SET spec = replace(spec::text, '4001', '6666')::jsonb WHERE plan_id = '" + unapproved
                + "'");
        approve(unapproved).then().statusCode(409).body("code", equalTo("plan_changed"));
    }

    @Test
    void aPlanThatAsksAgainCanBeCancelledOrRejected() {
        for (String verb : List.of("cancel", "reject")) {
            agent.changedFiles.put(MONITORS, CHANGED);
            UUID plan = plan(BOTH);
            approve(plan);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() ->
                            get(plan).then().body("version", equalTo(2)).body("status", equalTo("awaiting_approval")));
            post(plan, verb, Map.of("reason", "no")).then().statusCode(200);
            awaitStatus(plan, verb.equals("cancel") ? "cancelled" : "rejected");
            assertEquals(1, agent.ordersFor(plan, MONITORS).size());
        }
    }

    @Test
    void whatFailedGoesOnFromThereUnderTheSameApproval() {
        agent.outcomes.put(MONITORS, WorkResult.Outcome.FAILED);
        UUID plan = plan(BOTH);
        approve(plan);
        awaitStatus(plan, "failed");
        agent.outcomes.clear();
        post(plan, "resume", Map.of())
                .then()
                .statusCode(200)
                .body("version", equalTo(2))
                .body("approvedBy", equalTo("ada"));
        awaitStatus(plan, "completed");
        get(plan)
                .then()
                .body("steps.status", equalTo(List.of("completed", "completed")))
                .body("steps.carried", equalTo(List.of(true, false)));
        assertEquals(1, agent.ordersFor(plan, DEPLOY).size());
        assertEquals(2, agent.ordersFor(plan, MONITORS).size());
        post(plan, "resume", Map.of()).then().statusCode(409).body("code", equalTo("illegal_transition"));
        String stream = ada().get("/api/v1/plans/" + plan + "/stream").asString();
        assertTrue(stream.contains("\"failed\"") && stream.contains("\"completed\""), "the stream tells all of it");
        assertTrue(stream.trim().endsWith("}") && stream.lastIndexOf("completed") > stream.lastIndexOf("failed"));
    }

    @Test
    void whatFailedAndChangedSinceIsApprovedAgain() {
        agent.outcomes.put(MONITORS, WorkResult.Outcome.FAILED);
        UUID plan = plan(BOTH);
        approve(plan);
        awaitStatus(plan, "failed");
        agent.outcomes.clear();
        fleet.changedContents.put("bb22", "bb24");
        post(plan, "resume", Map.of())
                .then()
                .statusCode(200)
                .body("status", equalTo("awaiting_approval"))
                .body("approvedBy", equalTo(null))
                .body("lapsed.reason", containsString("not as it was approved"));
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        assertEquals(1, agent.ordersFor(plan, MONITORS).size(), "nothing runs before it is approved");
        approve(plan).then().statusCode(200);
        awaitStatus(plan, "completed");
    }

    @Test
    void whatWasInterruptedIsAlwaysApprovedAgain() {
        agent.outcomes.put("web/nginx.yml", WorkResult.Outcome.INTERRUPTED);
        UUID plan = plan("Restart nginx");
        approve(plan);
        awaitStatus(plan, "interrupted");
        agent.outcomes.clear();
        post(plan, "resume", Map.of())
                .then()
                .statusCode(200)
                .body("status", equalTo("awaiting_approval"))
                .body("lapsed.reason", containsString("is not known"));
        approve(plan).then().statusCode(200);
        awaitStatus(plan, "completed");
    }

    @Test
    void partOfAPlanThatRanIsNoLongerToBeChanged() {
        agent.outcomes.put(MONITORS, WorkResult.Outcome.INTERRUPTED);
        UUID plan = plan(BOTH);
        approve(plan);
        awaitStatus(plan, "interrupted");
        post(plan, "resume", Map.of()).then().statusCode(200);
        agent.outcomes.clear();
        post(plan, "modify", Map.of("steps", List.of(Map.of("number", 1, "drop", true))))
                .then()
                .statusCode(400);
        post(plan, "modify", Map.of("order", List.of(2)))
                .then()
                .statusCode(200)
                .body("steps.playbook", equalTo(List.of(MONITORS)));
        approve(plan).then().statusCode(200);
        awaitStatus(plan, "completed");
        assertEquals(1, agent.ordersFor(plan, DEPLOY).size());
    }
}
