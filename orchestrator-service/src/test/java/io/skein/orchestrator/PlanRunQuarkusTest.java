package io.skein.orchestrator;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.orchestrator.fleet.EventTap;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class PlanRunQuarkusTest extends Scenario {

    private static void awaitOrders(UUID plan, String playbook, int count) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> agent.ordersFor(plan, playbook).size() >= count);
    }

    @Test
    void runsBothStepsInOrderAndLetsTheHostGo() {
        UUID plan = plan(BOTH);
        get(plan)
                .then()
                .body("status", equalTo("awaiting_approval"))
                .body("steps.playbook", equalTo(List.of(DEPLOY, MONITORS)))
                .body("steps[1].dependsOn", equalTo(List.of(1)))
                .body("steps[0].hosts", equalTo(List.of("nas01")))
                .body("steps[0].inventorySource", equalTo("from \"the homelab\""))
                .body("steps[0].agent", equalTo("infra-agent-1"));

        approve(plan).then().statusCode(200).body("approvedBy", equalTo("ada"));
        awaitStatus(plan, "completed");

        get(plan)
                .then()
                .body("steps.status", equalTo(List.of("completed", "completed")))
                .body("steps[0].recap.nas01.ok", equalTo(2))
                .body("steps[0].notices", equalTo(List.of("a notice")));
        WorkRequest first =
                (WorkRequest) agent.ordersFor(plan, DEPLOY).getFirst().payload();
        assertEquals("aa11", first.contentSha256());
        assertEquals(List.of("nas01"), first.hosts());
        assertTrue(first.fencingTokens().containsKey("host:nas01"));
        assertTrue(first.variables().isEmpty(), "defaults stay with the playbook");
        assertEquals(1, agent.ordersFor(plan, DEPLOY).size());
        await().atMost(Duration.ofSeconds(5)).until(() -> !fleet.isHeld("nas01"));
        ada().get("/api/v1/plans/" + plan + "/steps/1/log")
                .then()
                .body("items.findAll { it.kind == 'task' }.task.task", equalTo(List.of("Gather facts", "Do the work")));
    }

    @Test
    void aFailureSkipsDependentsAndLeavesIndependentBranches() {
        agent.outcomes.put(DEPLOY, WorkResult.Outcome.FAILED);
        UUID plan = plan("Deploy Uptime Kuma and add our portals to the config and restart nginx");
        approve(plan);
        awaitStatus(plan, "failed");

        get(plan)
                .then()
                .body("steps.status", equalTo(List.of("failed", "skipped", "completed")))
                .body("steps[0].statusReason", equalTo("scripted failed"))
                .body("steps[0].exitCode", equalTo(2))
                .body("steps[0].suggestions[0].rule", equalTo("r1"))
                .body("steps[1].statusReason", containsString("Step 1"))
                .body("statusReason", containsString("Step 1"));
        assertTrue(agent.ordersFor(plan, MONITORS).isEmpty());
    }

    @Test
    void whatWasCutIsInterruptedAndNeverRerun() {
        agent.outcomes.put(DEPLOY, WorkResult.Outcome.INTERRUPTED);
        UUID plan = plan(BOTH);
        approve(plan);
        awaitStatus(plan, "interrupted");

        assertEquals(List.of("interrupted", "skipped"), stepStatuses(plan));
        assertEquals(1, agent.ordersFor(plan, DEPLOY).size());
    }

    @Test
    void repeatedLateAndReorderedAnswersChangeNothing() throws Exception {
        agent.repeatEverything = true;
        agent.held.put(MONITORS, true);
        UUID plan = plan(BOTH);
        approve(plan);
        awaitOrders(plan, MONITORS, 1);
        var order = agent.ordersFor(plan, MONITORS).getFirst();
        agent.finish(order, WorkResult.Outcome.COMPLETED);
        agent.finish(order, WorkResult.Outcome.FAILED);
        agent.send(
                "status",
                order.requestId(),
                new WorkStatus(plan, order.requestId(), 2, WorkStatus.Phase.STARTED, Instant.now(), null));
        awaitStatus(plan, "completed");
        Thread.sleep(500);

        assertEquals("completed", status(plan));
        assertEquals(List.of("completed", "completed"), stepStatuses(plan));
        assertEquals(
                List.of("4"),
                query("SELECT count(*) FROM plan_event WHERE kind = 'task' AND plan_id = '" + plan + "'"));
    }

    @Test
    void retriesWhatCanBeRetriedWithTheSameRequestId() {
        agent.errors.put(
                "web/nginx.yml",
                new java.util.concurrent.CopyOnWriteArrayList<>(List.of(AgentError.Code.AGENT_UNAVAILABLE)));
        UUID plan = plan("Restart nginx");
        approve(plan);
        awaitStatus(plan, "completed");

        List<UUID> ids = agent.ordersFor(plan, "web/nginx.yml").stream()
                .map(o -> o.requestId())
                .toList();
        assertEquals(2, ids.size());
        assertEquals(ids.get(0), ids.get(1));
    }

    @Test
    void doesNotRetryWhatCannotGetBetter() {
        agent.errors.put(
                "web/nginx.yml",
                new java.util.concurrent.CopyOnWriteArrayList<>(List.of(AgentError.Code.UNSUPPORTED_WORK_TYPE)));
        UUID plan = plan("Restart nginx");
        approve(plan);
        awaitStatus(plan, "failed");

        get(plan).then().body("steps[0].statusReason", containsString("5006"));
        assertEquals(1, agent.ordersFor(plan, "web/nginx.yml").size());
    }

    @Test
    void waitsForAHostSomebodyElseHolds() {
        String other = "plan:" + UUID.randomUUID();
        fleet.hold("web01", other);
        UUID plan = plan("Restart nginx");
        approve(plan);
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> get(plan)
                .then()
                .body("status", equalTo("approved"))
                .body("statusReason", containsString("Waiting for the lock on web01, held by plan ")));
        assertTrue(agent.ordersFor(plan, "web/nginx.yml").isEmpty());

        fleet.free("web01");
        awaitStatus(plan, "completed");
        get(plan).then().body("statusReason", equalTo(null));
    }

    @Test
    void waitsForTheLockServiceAndForAnAgent() {
        fleet.lockServiceUp = false;
        fleet.agentOnline = false;
        await().pollDelay(Duration.ofMillis(2100)).until(() -> true);
        UUID plan = plan("Restart nginx");
        get(plan).then().body("steps[0].agent", equalTo(null)).body("status", equalTo("awaiting_approval"));
        approve(plan);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> get(plan).then().body("statusReason", containsString("lock service")));
        fleet.lockServiceUp = true;
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> get(plan)
                .then()
                .body("statusReason", containsString("No agent that runs playbooks is online")));
        fleet.agentOnline = true;
        awaitStatus(plan, "completed");
    }

    /** The database of the locks has a clock of its own; what it calls the end is not what is the end here. */
    @Test
    void theLockServicesClockMayBeWrong() {
        for (Duration wrong : List.of(Duration.ofSeconds(-90), Duration.ofSeconds(90))) {
            fleet.lockClock = wrong;
            UUID plan = plan(BOTH);
            approve(plan);
            awaitStatus(plan, "completed");
        }
    }

    @Test
    void aLostLockStopsFurtherStepsUntilItIsHeldAgain() {
        agent.held.put(DEPLOY, true);
        UUID plan = plan(BOTH);
        approve(plan);
        awaitOrders(plan, DEPLOY, 1);
        long before = ((WorkRequest) agent.ordersFor(plan, DEPLOY).getFirst().payload())
                .fencingTokens()
                .get("host:nas01");
        fleet.takesWhatExpires = "plan:other";
        fleet.locksExpire = true;
        await().atMost(Duration.ofSeconds(8)).until(() -> fleet.isHeldBy("nas01", "plan:other"));
        fleet.locksExpire = false;
        fleet.takesWhatExpires = null;
        finish(plan, DEPLOY);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> get(plan).then().body("statusReason", containsString("Waiting for the lock on nas01")));
        assertTrue(agent.ordersFor(plan, MONITORS).isEmpty());

        fleet.free("nas01");
        awaitStatus(plan, "completed");
        long after = ((WorkRequest) agent.ordersFor(plan, MONITORS).getFirst().payload())
                .fencingTokens()
                .get("host:nas01");
        assertTrue(after > before, "a newer token");
    }

    private static void finish(UUID plan, String playbook) {
        try {
            agent.finish(agent.ordersFor(plan, playbook).getFirst(), WorkResult.Outcome.COMPLETED);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anotherProcessTakesOverWhenAClaimRunsOut() throws Exception {
        UUID plan = plan("Restart nginx");
        // As a process leaves it that died between the approval and the first order.
        execute("UPDATE plan SET status = 'approved', approved_by = 'ada', approved_at = now(), attend_at = now(), "
                + "claimed_until = now() + interval '2 seconds' WHERE id = '" + plan + "'");
        Thread.sleep(700);
        assertEquals("approved", status(plan));
        awaitStatus(plan, "completed");
        assertEquals(1, agent.ordersFor(plan, "web/nginx.yml").size());
    }

    @Test
    void cancelReachesTheRunningStep() {
        agent.held.put(DEPLOY, true);
        UUID plan = plan(BOTH);
        approve(plan);
        awaitOrders(plan, DEPLOY, 1);
        await().until(() -> stepStatuses(plan).getFirst().equals("running"));
        post(plan, "cancel", Map.of("reason", "wrong host")).then().statusCode(200);
        UUID step = agent.ordersFor(plan, DEPLOY).getFirst().requestId();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> agent.cancels.stream().anyMatch(c -> c.stepId().equals(step)));
        assertFalse(status(plan).equals("cancelled"), "not before the playbook has stopped");
        post(plan, "cancel", Map.of()).then().statusCode(409);
        try {
            agent.finish(agent.ordersFor(plan, DEPLOY).getFirst(), WorkResult.Outcome.CANCELLED);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        awaitStatus(plan, "cancelled");
        assertEquals(List.of("cancelled", "cancelled"), stepStatuses(plan));
        get(plan).then().body("statusReason", containsString("wrong host"));
    }

    @Test
    void aPausedPlanStartsNothing() {
        agent.held.put(DEPLOY, true);
        UUID plan = plan(BOTH);
        approve(plan);
        awaitOrders(plan, DEPLOY, 1);
        post(plan, "pause", Map.of()).then().statusCode(200).body("status", equalTo("paused"));
        post(plan, "pause", Map.of()).then().statusCode(409).body("code", equalTo("illegal_transition"));
        finish(plan, DEPLOY);
        await().until(() -> stepStatuses(plan).getFirst().equals("completed"));
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        assertTrue(agent.ordersFor(plan, MONITORS).isEmpty());

        post(plan, "resume", Map.of()).then().statusCode(200).body("status", equalTo("running"));
        awaitStatus(plan, "completed");
    }

    @Test
    void ofTwoApprovalsAtOnceExactlyOneWins() throws Exception {
        UUID plan = plan("Restart nginx");
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(threads.submit(() -> approve(plan).statusCode()));
            }
            for (Future<Integer> one : all) {
                answers.add(one.get());
            }
        }
        assertEquals(1, answers.stream().filter(s -> s == 200).count(), answers.toString());
        assertEquals(5, answers.stream().filter(s -> s == 409).count(), answers.toString());
        awaitStatus(plan, "completed");
        assertEquals(1, agent.ordersFor(plan, "web/nginx.yml").size());
    }

    @Test
    void evidenceHasEverythingButSecrets() throws Exception {
        try (EventTap tap = EventTap.open()) {
            UUID plan = evidenceOfAUserWithAPassword();
            List<JsonNode> events = tap.until(plan, seen -> seen.stream()
                    .anyMatch(e -> e.path("type").asText().equals("plan.completed")));
            assertTrue(
                    events.stream().noneMatch(event -> event.toString().contains("hunter2")),
                    "no event carries the secret");
        }
    }

    private UUID evidenceOfAUserWithAPassword() {
        UUID plan = plan("Add a user with user_name=bob and user_password=hunter2hunter2");
        get(plan)
                .then()
                .body("text", containsString("[redacted]"))
                .body("steps[0].variables.find { it.name == 'user_password' }.value", equalTo("[redacted]"));
        assertFalse(get(plan).asString().contains("hunter2"));
        approve(plan);
        awaitStatus(plan, "completed");
        WorkRequest order =
                (WorkRequest) agent.ordersFor(plan, "users/add.yml").getFirst().payload();
        assertEquals("hunter2hunter2", order.variables().get("user_password").asText());
        return plan;
    }
}
