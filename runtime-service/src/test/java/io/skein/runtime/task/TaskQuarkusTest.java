package io.skein.runtime.task;

import static io.skein.runtime.RuntimeApi.as;
import static io.skein.runtime.RuntimeApi.awaitTask;
import static io.skein.runtime.RuntimeApi.awaitWaiting;
import static io.skein.runtime.RuntimeApi.get;
import static io.skein.runtime.RuntimeApi.give;
import static io.skein.runtime.RuntimeApi.operator;
import static io.skein.runtime.RuntimeApi.post;
import static io.skein.runtime.RuntimeApi.publish;
import static io.skein.runtime.RuntimeApi.start;
import static io.skein.runtime.RuntimeApi.task;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.runtime.EventPublisher;
import io.skein.runtime.RegistryStandIn;
import io.skein.runtime.TestSkills;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** RUN-02, RUN-03: what wakes an agent becomes a task, and the task is done within the agent's limits. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class TaskQuarkusTest {

    @Inject
    Jdbi jdbi;

    private static String rule(String on, String steps) {
        return "\"rules\": [{\"on\": \"" + on + "\", \"do\": [" + steps + "]}]";
    }

    private static String trigger(String type) {
        return ", \"triggers\": [{\"event\": \"" + type + "\"}]";
    }

    @Test
    void anEventBecomesOneTaskThatPublishesWhatFollowsFromIt() throws Exception {
        publish(
                "herald",
                rule(
                                "device.online",
                                "{\"skill\": \"event.publish\", \"with\": {\"type\": \"herald.told\", \"subject\": \"${event.subject}\"}, \"as\": \"told\"}")
                        + trigger("device.online")
                        + ", \"permissions\": {\"publish\": [\"herald.*\"]}");
        start("herald");
        String trace = "0af7651916cd43dd8448eb211c80319c";
        SkeinEvent event = SkeinEvent.of("device.online")
                .source("/registry-service")
                .subject("nas01")
                .priority(Priority.CRITICAL)
                .traceId(trace)
                .data(Map.of("node", "nas01"))
                .build();
        try (EventPublisher publisher = new EventPublisher()) {
            publisher.send(event);
            publisher.send(event);
        }
        await().until(() -> get("/history?agent=herald").path("items").size() > 0);
        JsonNode task = task(
                get("/history?agent=herald").path("items").path(0).path("id").asText());
        assertEquals("succeeded", task.path("status").asText(), task::toString);
        assertEquals(trace, task.path("traceId").asText(), "all of it is one trace");
        assertEquals("nas01", task.path("event").path("subject").asText());
        assertEquals("done", task.path("steps").path(0).path("status").asText());
        await().until(() -> as("ada", "viewer")
                .get("/api/v1/events?type=herald.told")
                .<List<String>>path("items.traceId")
                .contains(trace));
        await().during(Duration.ofSeconds(1))
                .until(() -> get("/tasks?agent=herald").path("items").size() == 1);

        JsonNode workedOn = get("/tasks?agent=herald&event=" + event.id()).path("items");
        assertEquals(1, workedOn.size(), workedOn::toString);
        assertEquals(task.path("id"), workedOn.at("/0/id"), "who worked on the event, and when");
        assertEquals(0, get("/tasks?event=" + UUID.randomUUID()).path("items").size());

        JsonNode figures = get("/metrics?agent=herald").path("items").path(0);
        assertEquals(1, figures.path("count").asInt());
        assertEquals(1.0, figures.path("successRate").asDouble());
        assertTrue(figures.path("p95Seconds").asDouble() >= 0);
        await().until(() -> as("ada", "viewer")
                .get("/api/v1/events?type=runtime.task.succeeded")
                .<List<String>>path("items.data.taskId")
                .contains(task.path("id").asText()));
    }

    @Test
    void whatTheDefinitionDoesNotAllowFailsTheTask() {
        publish(
                "gossip",
                rule("#", "{\"skill\": \"event.publish\", \"with\": {\"type\": \"other.news\"}}")
                        + ", \"permissions\": {\"publish\": [\"gossip.*\"]}");
        assertEquals("forbidden", failure("gossip", "tell"));
        publish(
                "liar",
                rule("#", "{\"skill\": \"event.publish\", \"with\": {\"type\": \"plan.approved\"}}")
                        + ", \"permissions\": {\"publish\": [\"#\"]}");
        assertEquals("forbidden", failure("liar", "lie"));
        publish("dreamer", rule("#", "{\"skill\": \"mcp.nobody.fly\"}"));
        assertEquals("not_found", failure("dreamer", "fly"));
        publish("bare", rule("#", "{\"skill\": \"nodes.list\"}") + ", \"skills\": [{\"name\": \"audit.query\"}]");
        assertEquals("forbidden", failure("bare", "look"));
        publish("sloppy", rule("#", "{\"skill\": \"event.publish\", \"with\": {\"typ\": \"a.b\"}}"));
        assertEquals("validation_failed", failure("sloppy", "tell"));
        publish("forgetful", rule("#", "{\"skill\": \"nodes.list\", \"with\": {\"name\": \"${event.data.gone}\"}}"));
        String id = give(start("forgetful"), "look", "{}");
        assertTrue(awaitTask(id, "failed").path("summary").asText().contains("${event.data.gone} is not there"));
    }

    private static String failure(String agent, String name) {
        return awaitTask(give(start(agent), name, "{}"), "failed").path("code").asText();
    }

    @Test
    void noMoreTasksRunAtOnceThanTheDefinitionSays() {
        publish(
                "pair",
                rule("#", "{\"skill\": \"mcp.test.gate\", \"with\": {\"gate\": \"pair\"}}")
                        + ", \"config\": {\"max_parallel_tasks\": 2}");
        String instance = start("pair");
        String[] ids = new String[4];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = give(instance, "walk", "{}");
        }
        await().until(() -> running(instance) == 2);
        await().during(Duration.ofSeconds(1)).until(() -> running(instance) == 2);
        assertEquals(
                2,
                get("/instances/" + instance)
                        .path("instance")
                        .path("queuedTasks")
                        .asInt());
        TestSkills.open("pair", 4);
        for (String id : ids) {
            awaitTask(id, "succeeded");
        }
    }

    private static int running(String instance) {
        return get("/tasks?status=running&instance=" + instance).path("items").size();
    }

    @Test
    void anIdempotencyKeyGivesOneTask() {
        publish("once", rule("#", "{\"skill\": \"nodes.list\"}"));
        String path = "/api/v1/runtime/instances/" + start("once") + "/tasks";
        String first = operator()
                .header("Idempotency-Key", "k")
                .body("{\"name\":\"a.b\"}")
                .post(path)
                .path("id");
        assertEquals(
                first,
                operator()
                        .header("Idempotency-Key", "k")
                        .body("{\"name\":\"a.b\"}")
                        .post(path)
                        .path("id"));
        operator()
                .header("Idempotency-Key", "k")
                .body("{\"name\":\"a.c\"}")
                .post(path)
                .then()
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
        for (String bad : List.of(
                "{}",
                "{\"name\":\"A b\"}",
                "{\"name\":\"a\",\"data\":[]}",
                "{\"name\":\"a\",\"data\":{\"x\":\"\\u0000\"}}")) {
            operator().body(bad).post(path).then().statusCode(400);
        }
        operator()
                .body("{\"name\":\"a\",\"data\":{\"x\":\"" + "y".repeat(70_000) + "\"}}")
                .post(path)
                .then()
                .statusCode(413);
    }

    @Test
    void aStepThatNeedsAPersonIsReleasedOrRefusedByAnApprover() {
        publish(
                "careful",
                rule("#", "{\"skill\": \"nodes.list\"}, {\"skill\": \"audit.query\", \"always\": true}")
                        + ", \"config\": {\"approval_required_for\": [\"nodes.list\"], \"timeout_seconds\": 3, \"max_parallel_tasks\": 2}");
        String instance = start("careful");
        String good = give(instance, "look", "{}");
        awaitWaiting(good, "person");
        post("ada", "operator", "/tasks/" + good + "/release?step=1").then().statusCode(403);
        post("bob", "approver", "/tasks/" + good + "/release").then().statusCode(400);
        // Longer than timeout_seconds: people may think as long as they like.
        await().during(Duration.ofMillis(1500))
                .atMost(Duration.ofSeconds(4))
                .until(() -> task(good).path("status").asText().equals("waiting"));
        post("bob", "approver", "/tasks/" + good + "/release?step=1").then().statusCode(200);
        assertEquals(
                "bob",
                awaitTask(good, "succeeded")
                        .path("steps")
                        .path(0)
                        .path("releasedBy")
                        .asText());
        post("bob", "approver", "/tasks/" + good + "/release?step=1").then().statusCode(409);

        String bad = give(instance, "look", "{}");
        awaitWaiting(bad, "person");
        as("bob", "viewer", "approver")
                .body("{\"reason\":\"not today\"}")
                .post("/api/v1/runtime/tasks/" + bad + "/refuse?step=1")
                .then()
                .statusCode(200);
        JsonNode refused = awaitTask(bad, "failed");
        assertEquals("refused", refused.path("code").asText());
        assertTrue(refused.path("summary").asText().contains("not today"));
        assertEquals("done", refused.path("steps").path(1).path("status").asText(), "what always runs ran");
    }

    /** Sent twice, or by somebody who looked at the question before: it answers that question and not the next. */
    @Test
    void anAnswerIsNoneToTheNextQuestion() {
        publish(
                "asking",
                rule("#", "{\"skill\": \"nodes.list\"}, {\"skill\": \"nodes.list\"}")
                        + ", \"config\": {\"approval_required_for\": [\"nodes.list\"]}");
        String task = give(start("asking"), "look", "{}");
        awaitWaiting(task, "person");
        post("bob", "approver", "/tasks/" + task + "/release?step=1").then().statusCode(200);
        await().until(() -> task(task).path("steps").size() == 2);
        awaitWaiting(task, "person");
        post("bob", "approver", "/tasks/" + task + "/release?step=1").then().statusCode(409);
        post("bob", "approver", "/tasks/" + task + "/refuse?step=1").then().statusCode(409);
        assertEquals("asking", task(task).at("/steps/1/status").asText());
        post("bob", "approver", "/tasks/" + task + "/release?step=2").then().statusCode(200);
        awaitTask(task, "succeeded");
    }

    @Test
    void whatGoesRoundInCirclesFailsInsteadOfBeingRunForEver() {
        publish("dizzy", rule("#", "{\"skill\": \"mcp.test.circular\"}"));
        assertEquals("internal", failure("dizzy", "turn"));
    }

    @Test
    void aServerThatDoesNotSayWhatItsToolsTakeKeepsNobodyFromStopping() {
        publish("hearing", rule("#", "{\"skill\": \"mcp.test.mute\"}"));
        String instance = start("hearing");
        TestSkills.MUTE.set(true);
        try {
            String task = give(instance, "listen", "{}");
            await().until(() -> TestSkills.ENTERED.contains("mcp.test.mute"));
            post("ada", "operator", "/instances/" + instance + "/stop").then().statusCode(200);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> task(task).path("status").asText().equals("cancelled"));
        } finally {
            TestSkills.MUTE.set(false);
        }
    }

    @Test
    void whatAnAgentPublishesHasASubjectOfOneLine() {
        publish(
                "forger",
                rule(
                                "#",
                                "{\"skill\": \"event.publish\", \"with\": {\"type\": \"forger.said\", \"subject\": \"a\\nb\"}}")
                        + ", \"permissions\": {\"publish\": [\"forger.*\"]}");
        assertEquals("validation_failed", failure("forger", "say"));
    }

    @Test
    void aTaskThatTakesTooLongOrCostsTooMuchFails() {
        publish(
                "slow",
                rule("#", "{\"skill\": \"mcp.test.flaky\", \"with\": {\"times\": 99}}")
                        + ", \"config\": {\"timeout_seconds\": 1, \"auto_retry\": 5}");
        assertEquals("timed_out", failure("slow", "crawl"));
        publish(
                "spender",
                rule(
                                "#",
                                "{\"skill\": \"mcp.test.costly\", \"with\": {\"usd\": 0.6}}, {\"skill\": \"mcp.test.costly\", \"with\": {\"usd\": 0.6}}, {\"skill\": \"nodes.list\"}")
                        + ", \"config\": {\"budget_limit_usd\": 1}");
        String id = give(start("spender"), "spend", "{}");
        JsonNode task = awaitTask(id, "failed");
        assertEquals("budget_exceeded", task.path("code").asText());
        assertEquals(2, task.path("steps").size(), "nothing is begun after that");
        assertEquals(0.4, task.path("steps").path(1).path("output").path("left").asDouble(), 0.001);
        assertEquals(
                1.2,
                get("/metrics?agent=spender")
                        .path("items")
                        .path(0)
                        .path("costUsd")
                        .asDouble(),
                0.001);
    }

    @Test
    void whatMayPassIsTriedAgainAsOftenAsTheDefinitionSays() {
        publish(
                "patient",
                rule("#", "{\"skill\": \"mcp.test.flaky\", \"with\": {\"times\": 2}}")
                        + ", \"config\": {\"auto_retry\": 2}");
        JsonNode task = awaitTask(give(start("patient"), "try", "{}"), "succeeded");
        assertEquals(3, task.path("steps").path(0).path("attempt").asInt());
        publish(
                "hasty",
                rule("#", "{\"skill\": \"mcp.test.flaky\", \"with\": {\"times\": 2}}")
                        + ", \"config\": {\"auto_retry\": 1}");
        assertEquals("unavailable", failure("hasty", "try"));
    }

    @Test
    void failuresInARowPutTheInstanceIntoErrorUntilSomebodyResumesIt() {
        publish("unlucky", rule("#", "{\"skill\": \"mcp.nobody.fly\"}"));
        String instance = start("unlucky");
        for (int i = 0; i < 5; i++) {
            awaitTask(give(instance, "fly", "{}"), "failed");
        }
        JsonNode there = get("/instances/" + instance).path("instance");
        assertEquals("error", there.path("state").asText());
        String next = give(instance, "fly", "{}");
        await().during(Duration.ofSeconds(1))
                .until(() -> task(next).path("status").asText().equals("queued"));
        post("ada", "operator", "/instances/" + instance + "/resume").then().statusCode(200);
        awaitTask(next, "failed");
        await().until(() -> as("ada", "viewer")
                .get("/api/v1/events?type=runtime.instance.failed")
                .<List<String>>path("items.subject")
                .contains(instance));
    }

    @Test
    void timeInErrorIsNotTheTasksAlsoWhenItIsPausedAfterwards() {
        publish(
                "held-up",
                "\"rules\": [{\"on\": \"walk\", \"do\": [{\"skill\": \"mcp.test.gate\", \"with\": {\"gate\": \"held-up\"}},"
                        + " {\"skill\": \"nodes.list\"}]}, {\"on\": \"fly\", \"do\": [{\"skill\": \"mcp.nobody.fly\"}]}],"
                        + " \"config\": {\"timeout_seconds\": 8, \"max_parallel_tasks\": 6}");
        String instance = start("held-up");
        String walking = give(instance, "walk", "{}");
        for (int i = 0; i < 5; i++) {
            give(instance, "fly", "{}");
        }
        await().until(() ->
                get("/instances/" + instance).at("/instance/state").asText().equals("error"));
        // A minute of it, without waiting for it.
        jdbi.useTransaction(tx -> {
            tx.execute(
                    "UPDATE instance SET changed_at = changed_at - interval '1 minute' WHERE id = ?",
                    UUID.fromString(instance));
            tx.execute(
                    "UPDATE task SET started_at = started_at - interval '1 minute' WHERE id = ?",
                    UUID.fromString(walking));
        });
        post("ada", "operator", "/instances/" + instance + "/pause").then().statusCode(200);
        TestSkills.open("held-up", 1);
        post("ada", "operator", "/instances/" + instance + "/resume").then().statusCode(200);
        awaitTask(walking, "succeeded");
    }

    @Test
    void stoppingTakesNoLongerWithThousandsOfTasksInTheQueue() {
        publish("busy", rule("#", "{\"skill\": \"mcp.test.gate\", \"with\": {\"gate\": \"busy\"}}"));
        String instance = start("busy");
        String running = give(instance, "walk", "{}");
        await().until(() -> TestSkills.ENTERED.contains(running + ".1"));
        jdbi.useHandle(handle ->
                handle.createUpdate("""
                        INSERT INTO task (id, instance_id, team, agent, version, name, status, event, rank, hops, trace_id, created_at)
                        SELECT gen_random_uuid(), id, team, agent, version, 'walk', 'queued', '{}', 2, 0, repeat('a', 32), now()
                        FROM instance, generate_series(1, 3000) WHERE id = :id""").bind("id", UUID.fromString(instance)).execute());
        post("ada", "operator", "/instances/" + instance + "/stop").then().statusCode(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> task(running).path("status").asText().equals("cancelled"));
        // The others follow, a few at a time; after some of them nobody needs to wait for all.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> jdbi.withHandle(handle -> handle.createQuery(
                                        "SELECT count(*) FROM task WHERE instance_id = :id AND status = 'cancelled'")
                                .bind("id", UUID.fromString(instance))
                                .mapTo(Integer.class)
                                .one())
                        > 300);
        jdbi.useHandle(handle -> handle.execute(
                "DELETE FROM task WHERE instance_id = ? AND status = 'queued'", UUID.fromString(instance)));
    }

    @Test
    void cancelEndsATaskWhereverItStands() {
        publish("cancelled", rule("#", "{\"skill\": \"mcp.test.gate\", \"with\": {\"gate\": \"closed\"}}"));
        String instance = start("cancelled");
        String running = give(instance, "walk", "{}");
        String queued = give(instance, "walk", "{}");
        await().until(() -> TestSkills.ENTERED.contains(running + ".1"));
        post("ada", "operator", "/tasks/" + queued + "/cancel")
                .then()
                .statusCode(200)
                .body("status", equalTo("cancelled"));
        post("vic", "viewer", "/tasks/" + running + "/cancel").then().statusCode(403);
        post("ada", "operator", "/tasks/" + running + "/cancel").then().statusCode(200);
        assertEquals("ada", awaitTask(running, "cancelled").path("cancelledBy").asText());
        post("ada", "operator", "/tasks/" + running + "/cancel").then().statusCode(409);
        RestAssured.given()
                .auth()
                .oauth2(TestTokens.userOfTeam("eve", "red", "viewer", "operator", "admin"))
                .get("/api/v1/runtime/tasks/" + running)
                .then()
                .statusCode(404);
    }

    @Test
    void whatSomebodysOwnEventLedToIsTheirsAndTheApprovers() throws Exception {
        publish("discreet", rule("#", "{\"skill\": \"nodes.list\"}") + trigger("plan.failed"));
        start("discreet");
        try (EventPublisher publisher = new EventPublisher()) {
            publisher.send(SkeinEvent.of("plan.failed")
                    .source("/orchestrator-service")
                    .planId(UUID.randomUUID())
                    .owner("olga")
                    .build());
        }
        await().until(() -> as("olga", "viewer")
                        .get("/api/v1/runtime/tasks?agent=discreet")
                        .<List<String>>path("items.id")
                        .size()
                == 1);
        String id =
                as("olga", "viewer").get("/api/v1/runtime/tasks?agent=discreet").path("items[0].id");
        assertEquals(0, get("/tasks?agent=discreet").path("items").size());
        as("ada", "viewer", "operator")
                .get("/api/v1/runtime/tasks/" + id)
                .then()
                .statusCode(404);
        as("ada", "viewer", "operator")
                .post("/api/v1/runtime/tasks/" + id + "/cancel")
                .then()
                .statusCode(404);
        as("bob", "viewer", "approver")
                .get("/api/v1/runtime/tasks/" + id)
                .then()
                .statusCode(200);
    }

    /** An agent whose event triggers itself is limited, and that is told once. */
    @Test
    void agentsThatWakeEachOtherWithoutEndAreStopped() throws Exception {
        String template = rule("ping.*", "{\"skill\": \"event.publish\", \"with\": {\"type\": \"ping.%s\"}}")
                + trigger("ping.%s") + ", \"permissions\": {\"publish\": [\"ping.*\"]}";
        publish("ping", template.formatted("pong", "ping"));
        publish("pong", template.formatted("ping", "pong"));
        start("ping");
        start("pong");
        operator()
                .body("{\"type\":\"ping.ping\"}")
                .post("/api/v1/events/publish")
                .then()
                .statusCode(201);

        await().atMost(Duration.ofSeconds(30)).until(() -> pings() == 1);
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(6)).until(() -> pings() == 1);
        // 0 hops wakes the first, 8 the last.
        int tasks = get("/tasks?agent=ping").path("items").size()
                + get("/tasks?agent=pong").path("items").size();
        assertEquals(9, tasks);
        assertFalse(loops().contains(null));
        // The tenth woke nobody, and the log does not say it did.
        List<String> routings =
                as("ada", "viewer").get("/api/v1/events?type=ping.*").path("items.routing");
        assertEquals("unhandled", routings.getFirst());
        assertEquals(9, routings.stream().filter("routed"::equals).count(), routings::toString);
        List<List<String>> routedTo =
                as("ada", "viewer").get("/api/v1/events?type=ping.*").path("items.routedTo");
        assertEquals(List.of(), routedTo.getFirst());
    }

    /** The lock service does not know how many agents led to the lock it grants: an agent that locks wake would lock for ever. */
    @Test
    void anAgentWokenByTheLockItTookItselfIsStoppedToo() throws Exception {
        publish("locker", rule("lock.granted", "{\"skill\": \"nodes.list\"}") + trigger("lock.granted"));
        start("locker");
        try (EventPublisher publisher = new EventPublisher()) {
            String owner = "ada";
            for (int round = 0; round < 9; round++) {
                publisher.send(granted(owner));
                int known = round + 1;
                await().until(() -> get("/tasks?agent=locker").path("items").size() == known);
                owner = "agent:locker/"
                        + get("/tasks?agent=locker")
                                .path("items")
                                .path(0)
                                .path("id")
                                .asText();
            }
            publisher.send(granted(owner));
            await().until(() -> loops().contains("locker"));
            assertEquals(9, get("/tasks?agent=locker").path("items").size());
            // A lock of somebody else is another story.
            publisher.send(granted("ada"));
            await().until(() -> get("/tasks?agent=locker").path("items").size() == 10);
        }
    }

    private static SkeinEvent granted(String owner) {
        return SkeinEvent.of("lock.granted")
                .source("/lock-service")
                .actor("service:runtime-service")
                .data(Map.of("ownerId", owner, "resourceIds", List.of("node:nas01")))
                .build();
    }

    /** The same by way of a plan: the orchestrator says who asked for it, and passes its trace on. */
    @Test
    void anAgentWokenByThePlanItAskedForIsStoppedToo() throws Exception {
        publish("planner", rule("plan.created", "{\"skill\": \"nodes.list\"}") + trigger("plan.created"));
        start("planner");
        String trace = "1af7651916cd43dd8448eb211c80319c";
        try (EventPublisher publisher = new EventPublisher()) {
            for (int round = 0; round < 9; round++) {
                publisher.send(planned(trace));
                int known = round + 1;
                await().until(() -> get("/tasks?agent=planner").path("items").size() == known);
            }
            publisher.send(planned(trace));
            await().until(() -> loops().contains("planner"));
            assertEquals(9, get("/tasks?agent=planner").path("items").size());
        }
    }

    private static SkeinEvent planned(String trace) {
        return SkeinEvent.of("plan.created")
                .source("/orchestrator-service")
                .actor("agent:planner")
                .traceId(trace)
                .data(Map.of("text", "again"))
                .build();
    }

    private static long pings() {
        return loops().stream().filter(List.of("ping", "pong")::contains).count();
    }

    private static List<String> loops() {
        return as("ada", "viewer")
                .get("/api/v1/events?type=runtime.loop.stopped")
                .path("items.data.agent");
    }
}
