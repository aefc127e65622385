package io.skein.runtime.task;

import static io.skein.runtime.RuntimeApi.awaitTask;
import static io.skein.runtime.RuntimeApi.awaitWaiting;
import static io.skein.runtime.RuntimeApi.give;
import static io.skein.runtime.RuntimeApi.post;
import static io.skein.runtime.RuntimeApi.publish;
import static io.skein.runtime.RuntimeApi.start;
import static io.skein.runtime.RuntimeApi.task;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.event.SkeinEvent;
import io.skein.runtime.EventPublisher;
import io.skein.runtime.FleetStandIn;
import io.skein.runtime.RegistryStandIn;
import io.skein.runtime.TestSkills;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** RUN-02: what the skills do at the other services. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class SkillsQuarkusTest {

    /** The scenario: a lock on the host, a plan a person approves, and the lock given back whatever happens. */
    private static final String REPAIR = """
            "rules": [{"on": "device.online", "do": [
                {"skill": "lock.acquire", "with": {"resource": "host:${event.subject}"}, "as": "lock"},
                {"skill": "plan.run", "with": {"text": "check ${event.subject}"}, "as": "plan"},
                {"skill": "lock.release", "with": {"lockId": "${steps.lock.lockId}"}, "always": true}]}],
            "triggers": [{"event": "device.online", "filters": {"subject": "%s"}}],
            "permissions": {"locks": ["host:*"], "plans": true},
            "config": {"timeout_seconds": %d, "max_parallel_tasks": 4}""";

    private static JsonNode plan(String agent, String text) {
        await().until(() -> find(agent, text) != null);
        return find(agent, text);
    }

    private static JsonNode find(String agent, String text) {
        for (JsonNode plan : FleetStandIn.plans()) {
            if (plan.path("requestedBy").asText().equals("agent:" + agent)
                    && plan.path("text").asText().equals(text)) {
                return plan;
            }
        }
        return null;
    }

    private static boolean isLocked(String resource) {
        for (JsonNode lock : FleetStandIn.locks()) {
            if (lock.path("resourceIds").path(0).asText().equals(resource)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void theRepairOfAHostWaitsForAPersonUnderTheLock() throws Exception {
        publish("repairer", REPAIR.formatted("nas01", 600));
        String instance = start("repairer");
        String trace = "1af7651916cd43dd8448eb211c80319c";
        try (EventPublisher publisher = new EventPublisher()) {
            publisher.send(SkeinEvent.of("device.online")
                    .source("/registry-service")
                    .subject("nas01")
                    .traceId(trace)
                    .data(Map.of("node", "nas01"))
                    .build());
            JsonNode plan = plan("repairer", "check nas01");
            assertEquals("default", plan.path("team").asText());
            String id = io.skein.runtime.RuntimeApi.get("/tasks?instance=" + instance)
                    .at("/items/0/id")
                    .asText();
            JsonNode waiting = awaitWaiting(id, "person");
            assertEquals("waiting", waiting.path("status").asText());
            assertTrue(isLocked("host:nas01"), "nobody else works on the host meanwhile");
            FleetStandIn.plan(plan.path("id").asText(), "running");
            publisher.send(SkeinEvent.of("plan.started")
                    .source("/orchestrator-service")
                    .planId(UUID.fromString(plan.path("id").asText()))
                    .build());
            awaitWaiting(id, "plan");
            FleetStandIn.plan(plan.path("id").asText(), "completed");
            JsonNode done = awaitTask(id, "succeeded");
            assertEquals(
                    plan.path("id").asText(), done.at("/steps/1/output/planId").asText());
            assertTrue(!isLocked("host:nas01"), "the lock is given back");
            assertTrue(
                    FleetStandIn.asked().stream()
                            .filter(line -> line.startsWith("POST /api/v1/requests default agent:repairer"))
                            .allMatch(line -> line.contains(trace)),
                    "asked in the event's trace");
        }
    }

    @Test
    void aRejectedPlanFailsTheTaskAndTheLockIsGivenBack() {
        publish("rejected", REPAIR.formatted("attic", 600));
        String id = repair(start("rejected"), "attic");
        FleetStandIn.plan(plan("rejected", "check attic").path("id").asText(), "rejected");
        JsonNode task = awaitTask(id, "failed");
        assertEquals("plan_rejected", task.path("code").asText());
        assertTrue(!isLocked("host:attic"));
    }

    /** Tells that the host is there, and returns the task this makes. */
    private static String repair(String instance, String host) {
        try (EventPublisher publisher = new EventPublisher()) {
            SkeinEvent event = SkeinEvent.of("device.online")
                    .source("/registry-service")
                    .subject(host)
                    .build();
            publisher.send(event);
            await().until(() -> of(instance, host) != null);
            return of(instance, host);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String of(String instance, String host) {
        for (JsonNode item :
                io.skein.runtime.RuntimeApi.get("/tasks?instance=" + instance).path("items")) {
            if (task(item.path("id").asText()).at("/event/subject").asText().equals(host)) {
                return item.path("id").asText();
            }
        }
        return null;
    }

    @Test
    void cancellingTheTaskCancelsItsPlanAndFreesTheHost() {
        publish("withdrawer", REPAIR.formatted("shed", 600));
        String instance = start("withdrawer");
        String id = repair(instance, "shed");
        String plan = plan("withdrawer", "check shed").path("id").asText();
        awaitWaiting(id, "person");
        post("ada", "operator", "/instances/" + instance + "/stop").then().statusCode(200);
        awaitTask(id, "cancelled");
        assertEquals(
                "cancelled", find("withdrawer", "check shed").path("status").asText(), plan);
        assertTrue(!isLocked("host:shed"));
    }

    @Test
    void aPlanWhoseAnswerWasLostIsFoundAgain() {
        publish(
                "deaf",
                "\"rules\": [{\"on\": \"#\", \"do\": [{\"skill\": \"plan.run\", \"with\": {\"text\": \"mumble\"}}]}],"
                        + "\"permissions\": {\"plans\": true}");
        String id = give(start("deaf"), "go", "{}");
        awaitWaiting(id, "person");
        FleetStandIn.plan(find("deaf", "mumble").path("id").asText(), "completed");
        awaitTask(id, "succeeded");
        long plans = 0;
        for (JsonNode plan : FleetStandIn.plans()) {
            plans += plan.path("requestedBy").asText().equals("agent:deaf") ? 1 : 0;
        }
        assertEquals(1, plans);
    }

    @Test
    void aPlanThatRunsPastTheTasksTimeIsCancelled() {
        publish("impatient", REPAIR.formatted("barn", 2));
        String id = repair(start("impatient"), "barn");
        String plan = plan("impatient", "check barn").path("id").asText();
        FleetStandIn.plan(plan, "running");
        assertEquals("timed_out", awaitTask(id, "failed").path("code").asText());
        assertEquals("cancelled", find("impatient", "check barn").path("status").asText());
    }

    @Test
    void withoutThePermissionThereIsNoPlanAndNoLock() {
        publish(
                "planless",
                "\"rules\": [{\"on\": \"#\", \"do\": [{\"skill\": \"plan.run\", \"with\": {\"text\": \"reboot all\"}}]}]");
        assertEquals(
                "forbidden",
                awaitTask(give(start("planless"), "go", "{}"), "failed")
                        .path("code")
                        .asText());
        publish(
                "lockless",
                "\"rules\": [{\"on\": \"#\", \"do\": [{\"skill\": \"lock.acquire\", \"with\": {\"resource\": \"host:x\"}}]}],"
                        + "\"permissions\": {\"locks\": [\"db:*\"]}");
        assertEquals(
                "forbidden",
                awaitTask(give(start("lockless"), "go", "{}"), "failed")
                        .path("code")
                        .asText());
        assertEquals(null, find("planless", "reboot all"));
    }

    @Test
    void aHeldLockIsWaitedFor() {
        publish("queuer", """
                "rules": [{"on": "#", "do": [{"skill": "lock.acquire", "with": {"resource": "door"}},
                  {"skill": "mcp.test.gate", "with": {"gate": "door"}}]}], "permissions": {"locks": ["*"]}""");
        FleetStandIn.lock("door", true);
        String id = give(start("queuer"), "enter", "{}");
        awaitWaiting(id, "lock");
        FleetStandIn.lock("door", false);
        await().until(() -> TestSkills.ENTERED.contains(id + ".2"));
        assertTrue(isLocked("door"));
        TestSkills.open("door", 1);
        awaitTask(id, "succeeded");
        assertTrue(!isLocked("door"), "a lock that no rule gives back is given back at the end");
    }

    @Test
    void aTaskThatLostItsLockIsEnded() {
        publish("loser", """
                "rules": [{"on": "#", "do": [{"skill": "lock.acquire", "with": {"resource": "gate"}},
                  {"skill": "mcp.test.gate", "with": {"gate": "lost"}}]}], "permissions": {"locks": ["gate"]}""");
        String id = give(start("loser"), "enter", "{}");
        await().until(() -> TestSkills.ENTERED.contains(id + ".2"));
        await().atMost(Duration.ofSeconds(10)).until(() -> renewals("gate") > 0);
        FleetStandIn.dropLock("gate");
        JsonNode task = awaitTask(id, "failed");
        assertEquals("lock_expired", task.path("code").asText(), task::toString);
    }

    private static int renewals(String resource) {
        for (JsonNode lock : FleetStandIn.locks()) {
            if (lock.path("resourceIds").path(0).asText().equals(resource)) {
                return lock.path("renewed").asInt();
            }
        }
        return -1;
    }

    @Test
    void auditAndNodesAreReadForTheTeamOnly() {
        publish("reader", """
                "rules": [{"on": "#", "do": [{"skill": "audit.query", "with": {"type": "plan.*"}},
                  {"skill": "nodes.list", "with": {"status": "offline"}}]}]""");
        JsonNode task = awaitTask(give(start("reader"), "read", "{}"), "succeeded");
        assertEquals("plan.failed", task.at("/steps/0/output/items/0/type").asText());
        assertEquals("attic", task.at("/steps/1/output/items/0/name").asText());
        assertTrue(FleetStandIn.asked().stream()
                .anyMatch(line ->
                        line.startsWith("GET /api/v1/audit/entries?") && line.contains(" default agent:reader ")));
        assertTrue(FleetStandIn.asked().stream()
                .anyMatch(line -> line.startsWith("GET /api/v1/nodes?") && line.contains("team=default")));
    }
}
