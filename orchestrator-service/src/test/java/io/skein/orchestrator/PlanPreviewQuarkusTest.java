package io.skein.orchestrator;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkPreview;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class PlanPreviewQuarkusTest extends Scenario {

    private static Response preview(UUID plan) {
        return ada().get("/api/v1/plans/" + plan + "/preview");
    }

    private static void awaitPreview(UUID plan, int step, String status) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> preview(plan).then().body("steps[" + (step - 1) + "].status", equalTo(status)));
    }

    @Test
    void everyStepIsPreviewedBeforeAnybodyApproves() {
        UUID plan = plan(BOTH);
        awaitPreview(plan, 1, "ready");
        awaitPreview(plan, 2, "ready");
        preview(plan)
                .then()
                .body("version", equalTo(1))
                .body("planHash", equalTo(get(plan).path("planHash")))
                .body("steps[0].changes", equalTo(1))
                .body("steps[0].total", equalTo(2))
                .body("steps[0].hosts.nas01.changed", equalTo(1))
                .body("steps[0].tasks[0].task", equalTo("Write the file"))
                .body("steps[0].tasks[0].diff[0].after", equalTo("new\n"));
        get(plan)
                .then()
                .body("status", equalTo("awaiting_approval"))
                .body("steps[0].preview.status", equalTo("ready"))
                .body("steps[0].preview.changes", equalTo(1));
        List<AgentMessage> asked = agent.previewsOf(plan);
        assertEquals(2, asked.size());
        WorkRequest first = (WorkRequest) asked.getFirst().payload();
        assertTrue(first.checkMode());
        assertTrue(first.fencingTokens().isEmpty(), "a preview needs no lock");
        assertEquals("1111", first.inventorySha256());
        assertTrue(agent.ordersFor(plan, DEPLOY).isEmpty(), "nothing ran");

        approve(plan).then().statusCode(200);
        awaitStatus(plan, "completed");
        WorkRequest order =
                (WorkRequest) agent.ordersFor(plan, DEPLOY).getFirst().payload();
        assertEquals(first.approvedSha256(), order.approvedSha256(), "what was previewed is what is ordered");
        assertNotEquals(null, order.approvedSha256());
        awaitPreview(plan, 1, "ready");
    }

    @Test
    void whyThereIsNoneIsSaid() {
        agent.previewAnswers.put("web/nginx.yml", good -> new WorkResult(
                        good.planId(),
                        good.stepId(),
                        WorkResult.Outcome.REFUSED,
                        null,
                        "its author does not allow a preview",
                        0,
                        Map.of(),
                        List.of(),
                        List.of(),
                        null,
                        null,
                        good.finishedAt())
                .withCode(WorkResult.NOT_PREVIEWABLE));
        UUID plan = plan("Restart nginx");
        awaitPreview(plan, 1, "unavailable");
        preview(plan).then().body("steps[0].reason", containsString("does not allow"));
        approve(plan).then().statusCode(200);
        awaitStatus(plan, "completed");
    }

    @Test
    void theAnswerToAnEarlierRequestDoesNotCount() throws Exception {
        agent.unpreviewed.put("web/nginx.yml", true);
        UUID plan = plan("Restart nginx");
        await().until(() -> agent.previewsOf(plan).size() == 1);
        ada().post("/api/v1/plans/" + plan + "/preview")
                .then()
                .statusCode(200)
                .body("steps[0].status", equalTo("asked"))
                .body("steps[0].askedBy", equalTo("ada"));
        await().until(() -> agent.previewsOf(plan).size() == 2);
        agent.answerPreview(agent.previewsOf(plan).get(0));
        await().pollDelay(Duration.ofMillis(700)).until(() -> true);
        preview(plan).then().body("steps[0].status", equalTo("asked"));
        agent.answerPreview(agent.previewsOf(plan).get(1));
        awaitPreview(plan, 1, "ready");
    }

    @Test
    void eachVersionHasItsOwn() {
        UUID plan = plan("Deploy Uptime Kuma to the homelab");
        awaitPreview(plan, 1, "ready");
        String before = preview(plan).path("steps[0].tasks[0].message");
        post(plan, "modify", Map.of("text", "use kuma_port=4000")).then().statusCode(200);
        awaitPreview(plan, 1, "ready");
        preview(plan).then().body("version", equalTo(2)).body("steps[0].tasks[0].message", containsString("4000"));
        ada().get("/api/v1/plans/" + plan + "/preview?version=1")
                .then()
                .body("steps[0].status", equalTo("ready"))
                .body("steps[0].tasks[0].message", equalTo(before));
        ada().get("/api/v1/plans/" + plan + "/preview?version=9").then().statusCode(404);
    }

    @Test
    void whoDecidesFirstStopsIt() {
        agent.unpreviewed.put("web/nginx.yml", true);
        UUID plan = plan("Restart nginx");
        await().until(() -> agent.previewsOf(plan).size() == 1);
        approve(plan).then().statusCode(200);
        preview(plan)
                .then()
                .body("steps[0].status", equalTo("stopped"))
                .body("steps[0].reason", containsString("approved"));
        await().until(() -> agent.cancels.stream()
                .anyMatch(cancel -> cancel.reason() != null && cancel.reason().contains("before the preview")));
        awaitStatus(plan, "completed");
        ada().post("/api/v1/plans/" + plan + "/preview")
                .then()
                .statusCode(409)
                .body("code", equalTo("illegal_transition"));
    }

    @Test
    void noSecretIsInAPreview() {
        UUID plan = plan("Add a user with user_name=bob and user_password=hunter2hunter2");
        awaitPreview(plan, 1, "ready");
        assertTrue(
                preview(plan).asString().contains("[redacted]"), preview(plan).asString());
        assertFalse(preview(plan).asString().contains("hunter2"));
    }

    @Test
    void aLongAnswerComesInParts() throws Exception {
        agent.previewAnswers.put("logs/rotate.yml", good -> {
            List<WorkStatus.TaskResult> many = new ArrayList<>();
            WorkStatus.TaskResult one = good.preview().tasks().getFirst();
            for (int i = 0; i < 24; i++) {
                many.add(new WorkStatus.TaskResult(
                        one.play(),
                        "Task " + i,
                        one.action(),
                        one.host(),
                        one.outcome(),
                        false,
                        1,
                        "ü".repeat(30_000),
                        one.diff()));
            }
            return good.withPreview(new WorkPreview(many, 24, true));
        });
        UUID plan = plan("Rotate the logs");
        awaitPreview(plan, 1, "ready");
        preview(plan)
                .then()
                .body("steps[0].tasks", hasSize(24))
                .body("steps[0].truncated", equalTo(true))
                .body("steps[0].tasks[23].message", equalTo("ü".repeat(30_000)));
        assertEquals(List.of("0"), query("SELECT count(*) FROM work_chunk"), "the parts are forgotten");
    }

    @Test
    void itIsForThoseWhoMaySeeThePlan() {
        UUID plan = plan("Restart nginx");
        awaitPreview(plan, 1, "ready");
        as("eve", "viewer").get("/api/v1/plans/" + plan + "/preview").then().statusCode(404);
        as("ada", "viewer").post("/api/v1/plans/" + plan + "/preview").then().statusCode(403);
    }
}
