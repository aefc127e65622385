package io.skein.audit.ingest;

import static io.restassured.RestAssured.given;
import static io.skein.audit.record.GitCommand.git;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.skein.contracts.Ids;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** AUD-01, AUD-02, AUD-03, AUD-06 with the real broker, database and git. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(AuditInfrastructure.class)
class AuditQuarkusTest {

    private static final String AUDIT = "/api/v1/audit";
    private static final String ADA = TestTokens.user("ada", "viewer");
    private static final String EVE = TestTokens.userOfTeam("eve", "green", "viewer");

    @Inject
    Jdbi jdbi;

    private static final TestBroker BROKER = new TestBroker();

    private final UUID plan = Ids.next();

    @Test
    void anEventBecomesAnEntryWithoutItsSecrets() {
        SkeinEvent event = event(EventTypes.PLAN_APPROVED, Map.of("password", "hunter2", "hosts", List.of("nas01")))
                .traceId("0af7651916cd43dd8448eb211c80319c")
                .build();
        publish(event);
        publish(event);

        Response entries = awaitEntries("planId=" + plan, 1);
        entries.then()
                .body("items[0].type", equalTo("plan.approved"))
                .body("items[0].status", equalTo("approved"))
                .body("items[0].actor", equalTo("ada"))
                .body("items[0].team", equalTo("default"))
                .body("items[0].planId", equalTo(plan.toString()))
                .body("items[0].traceId", equalTo("0af7651916cd43dd8448eb211c80319c"))
                .body("items[0].resources", equalTo(List.of(plan.toString(), "nas01")))
                .body("items[0].data.password", equalTo("[redacted]"))
                .body("items[0].hash", notNullValue());
        String byTrace = AUDIT + "/entries?planId=" + plan + "&traceId=";
        as(ADA).get(byTrace + "0af7651916cd43dd8448eb211c80319c").then().body("items.size()", equalTo(1));
        as(ADA).get(byTrace + "0af7651916cd43dd8448eb211c80319d").then().body("items.size()", equalTo(0));
        boolean leaked = jdbi.withHandle(
                h -> h.createQuery("SELECT EXISTS (SELECT 1 FROM entry WHERE entry::text LIKE '%hunter2%')")
                        .mapTo(Boolean.class)
                        .one());
        assertFalse(leaked);
    }

    @Test
    void theRecordOfAFinishedStepIsCommittedAndTold() {
        UUID step = Ids.next();
        publish(event(
                        EventTypes.STEP_COMPLETED,
                        Map.of(
                                "stepId",
                                step,
                                "record",
                                Map.of("status", "completed", "name", "Deploy", "token", "hunter2")))
                .subject(step)
                .build());

        Response task = awaitCommitted(step);
        String commit = task.path("commit");
        String path = ".audit/tasks/" + step + ".json";
        task.then()
                .body("path", equalTo(path))
                .body("planId", equalTo(plan.toString()))
                .body("record.name", equalTo("Deploy"))
                .body("record.audit.event", equalTo("step.completed"));
        String file = git(AuditInfrastructure.gitDir(), "show", commit + ":" + path);
        assertTrue(file.contains("\"name\" : \"Deploy\""), file);
        assertFalse(file.contains("hunter2"), file);
        String message = git(AuditInfrastructure.gitDir(), "log", "-1", "--format=%B", commit);
        assertTrue(message.startsWith("Record step " + step + ": completed\n"), message);
        assertTrue(
                message.contains("\nTask: " + step + "\nPlan: " + plan + "\nChain-Head: " + task.path("chainHead")),
                message);
        awaitEntries("type=" + EventTypes.AUDIT_TASK_COMMITTED + "&planId=" + plan, 1)
                .then()
                .body("items[0].data.commit", equalTo(commit))
                .body("items[0].data.taskId", equalTo(step.toString()))
                .body("items[0].data.path", equalTo(path));
        as(ADA).get(AUDIT + "/verify").then().body("valid", equalTo(true)).body("reason", equalTo(null));
    }

    /** kill -9 between the commit and its row: the row is still pending, git has the file. */
    @Test
    void aCommitTheDatabaseDoesNotKnowOfIsNotMadeTwice() {
        UUID step = Ids.next();
        publish(event(EventTypes.STEP_FAILED, Map.of("stepId", step, "record", Map.of("status", "failed")))
                .build());
        String commit = awaitCommitted(step).path("commit");
        publish(event(EventTypes.STEP_COMPLETED, Map.of("stepId", Ids.next(), "record", Map.of("other", true)))
                .build());
        awaitEntries("type=" + EventTypes.AUDIT_TASK_COMMITTED + "&planId=" + plan, 2);

        jdbi.useHandle(h -> h.execute(
                "UPDATE record SET state = 'pending', commit_id = NULL, chain_head = NULL WHERE task_id = ?", step));

        assertEquals(commit, awaitCommitted(step).path("commit"));
        String commits =
                git(AuditInfrastructure.gitDir(), "log", "--format=%H", "main", "--", ".audit/tasks/" + step + ".json");
        assertEquals(commit + "\n", commits);
    }

    @Test
    void aTaskThatEndsOnceMoreIsCommittedOnceMore() {
        UUID step = Ids.next();
        publish(event(EventTypes.STEP_INTERRUPTED, Map.of("stepId", step, "record", Map.of("status", "interrupted")))
                .build());
        String first = awaitCommitted(step).path("commit");
        publish(event(EventTypes.STEP_COMPLETED, Map.of("stepId", step, "record", Map.of("status", "completed")))
                .build());

        await().atMost(20, SECONDS).until(() -> "completed"
                .equals(as(ADA).get(AUDIT + "/tasks/" + step).path("status")));
        assertNotEquals(first, awaitCommitted(step).path("commit"));
    }

    @Test
    void manyRecordsAtOnceShareCommits() {
        List<UUID> steps = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            UUID step = Ids.next();
            steps.add(step);
            publish(event(EventTypes.STEP_COMPLETED, Map.of("stepId", step, "record", Map.of("n", i)))
                    .build());
        }

        for (UUID step : steps) {
            awaitCommitted(step);
        }
        String files = git(AuditInfrastructure.gitDir(), "ls-tree", "-r", "--name-only", "main");
        steps.forEach(step -> assertTrue(files.contains(step.toString())));
        assertEquals("", git(AuditInfrastructure.gitDir(), "status", "--porcelain"));
        as(ADA).get(AUDIT + "/verify").then().body("valid", equalTo(true));
    }

    /** What piles up is written together: each once, in the order it came, and what cannot be an entry keeps none of the others out. */
    @Test
    void aBurstIsOneChainAndABadEventSpoilsNoOther() {
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            SkeinEvent.Builder event = event(EventTypes.STEP_DISPATCHED, Map.of("n", i));
            if (i % 30 == 17) {
                publish(event.time(Instant.parse("0000-06-01T00:00:00Z")).build());
                continue;
            }
            kept.add(i);
            SkeinEvent good = event.build();
            publish(good);
            if (i % 10 == 0) {
                publish(good);
            }
        }

        Response entries = awaitEntries("size=100&planId=" + plan, kept.size());

        assertEquals(kept.reversed(), entries.path("items.data.n"));
        as(ADA).get(AUDIT + "/verify").then().body("valid", equalTo(true));
    }

    @Test
    void entriesAreFilteredSearchedAndPaged() {
        publish(event(EventTypes.STEP_DISPATCHED, Map.of("playbook", "uptime-kuma/deploy.yml"))
                .build());
        publish(event(EventTypes.STEP_FAILED, Map.of("reason", "no container engine answered"))
                .actor("agent:infra-1")
                .build());
        publish(event(EventTypes.LOCK_GRANTED, Map.of("resourceIds", List.of("host:" + plan)))
                .build());
        publish(event(EventTypes.PLAN_FAILED, Map.of()).team("green").build());
        awaitEntries("planId=" + plan, 3);

        assertEquals(List.of("step.dispatched"), types("q=kuma"));
        assertEquals(List.of("step.dispatched"), types("q=UPTIME-KUMA/dep"));
        assertEquals(List.of("step.failed"), types("q=container%20engine"));
        assertEquals(List.of("step.failed"), types("status=failed"));
        assertEquals(List.of("lock.granted", "step.failed"), types("status=failed,granted"));
        assertEquals(List.of("step.failed", "step.dispatched"), types("type=step.*"));
        assertEquals(List.of("step.failed"), types("type=step.failed"));
        assertEquals(List.of("step.failed"), types("actor=agent:infra-1"));
        assertEquals(List.of("lock.granted"), types("resource=host:" + plan));
        assertEquals(List.of("step.dispatched"), types("resource=uptime-kuma/deploy.yml"));
        assertEquals(List.of(), types("from=2999-01-01T00:00:00Z"));
        assertEquals(
                3,
                types("from=2001-01-01T00:00:00Z&to=2999-01-01T00:00:00%2B02:00")
                        .size());
        String next = as(ADA).get(AUDIT + "/entries?size=2&planId=" + plan).path("next");
        as(ADA).get(AUDIT + "/entries?size=2&planId=" + plan + "&after=" + next)
                .then()
                .body("items.type", equalTo(List.of("step.dispatched")))
                .body("next", equalTo(null));
        as(ADA).get(AUDIT + "/failures?planId=" + plan).then().body("items.type", equalTo(List.of("step.failed")));
    }

    @Test
    void peopleSeeTheirTeamAndServicesSeeAll() {
        UUID step = Ids.next();
        publish(event(EventTypes.STEP_COMPLETED, Map.of("stepId", step, "record", Map.of("a", 1)))
                .build());
        publish(event(EventTypes.PLAN_COMPLETED, Map.of("record", Map.of("a", 1)))
                .team("green")
                .build());
        awaitCommitted(step);
        await().atMost(20, SECONDS)
                .until(() -> as(EVE).get(AUDIT + "/tasks/" + plan).statusCode() == 200);

        as(EVE).get(AUDIT + "/tasks/" + step).then().statusCode(404);
        as(ADA).get(AUDIT + "/tasks/" + plan).then().statusCode(404);
        as(EVE).get(AUDIT + "/entries?planId=" + plan)
                .then()
                .body("items.team", everyItem(equalTo("green")))
                .body("items.type", hasItem("plan.completed"));
        as(EVE).get(AUDIT + "/failures").then().body("items.team", everyItem(equalTo("green")));
        String export = as(EVE).get(AUDIT + "/export").asString();
        assertTrue(export.contains("plan.completed") && !export.contains("\"team\":\"default\""), export);
        as(TestTokens.service("orchestrator-service"))
                .get(AUDIT + "/entries?planId=" + plan)
                .then()
                .body("items.team", hasItem("default"))
                .body("items.team", hasItem("green"));
    }

    /** What somebody's plan did is for that person and those who approve, in every list, search, export and record. */
    @Test
    void peopleSeeWhatIsTheirOwnOrNobodysAndThoseWhoApproveSeeTheTeam() {
        UUID step = Ids.next();
        publish(event(EventTypes.STEP_FAILED, Map.of("stepId", step, "record", Map.of("a", 1), "word", "zephyr" + plan))
                .owner("ada")
                .build());
        publish(event(EventTypes.LOCK_GRANTED, Map.of()).build());
        awaitCommitted(step).then().body("record.audit.owner", equalTo("ada"));
        awaitEntries("type=" + EventTypes.AUDIT_TASK_COMMITTED + "&planId=" + plan, 1)
                .then()
                .body("items[0].owner", equalTo("ada"));

        for (String seer : List.of(
                ADA,
                TestTokens.user("root", "viewer", "approver"),
                TestTokens.user("root", "viewer", "admin"),
                TestTokens.service("orchestrator-service"))) {
            as(seer).get(AUDIT + "/entries?planId=" + plan)
                    .then()
                    .body("items.type", hasItem("step.failed"))
                    .body("items.type", hasItem("lock.granted"));
            as(seer).get(AUDIT + "/failures?planId=" + plan).then().body("items.size()", equalTo(1));
            as(seer).get(AUDIT + "/entries?q=zephyr" + plan).then().body("items.size()", equalTo(1));
            as(seer).get(AUDIT + "/tasks/" + step).then().statusCode(200);
            assertTrue(as(seer).get(AUDIT + "/export?planId=" + plan).asString().contains("zephyr"));
            assertTrue(as(seer).get(AUDIT + "/export?format=csv&planId=" + plan)
                    .asString()
                    .contains("step.failed"));
        }
        for (String other : List.of(
                TestTokens.user("bob", "viewer", "operator"),
                TestTokens.userOfTeam("ada", "green", "viewer", "operator", "approver", "admin"))) {
            as(other)
                    .get(AUDIT + "/entries?planId=" + plan)
                    .then()
                    .statusCode(200)
                    .body("items.type", not(hasItem("step.failed")))
                    .body("items.type", not(hasItem(EventTypes.AUDIT_TASK_COMMITTED)));
            as(other).get(AUDIT + "/failures?planId=" + plan).then().body("items.size()", equalTo(0));
            as(other).get(AUDIT + "/entries?q=zephyr" + plan).then().body("items.size()", equalTo(0));
            as(other).get(AUDIT + "/tasks/" + step).then().statusCode(404);
            assertFalse(as(other).get(AUDIT + "/export").asString().contains("zephyr" + plan));
            assertFalse(as(other).get(AUDIT + "/export?format=csv").asString().contains(step.toString()));
        }
        as(TestTokens.user("bob", "viewer"))
                .get(AUDIT + "/entries?planId=" + plan)
                .then()
                .body("items.type", equalTo(List.of("lock.granted")));
    }

    @Test
    void entriesAreExportedCompletely() {
        for (int i = 0; i < 3; i++) {
            publish(event("custom.thing", Map.of("text", "a \"quoted\", line\nbreak"))
                    .subject("=1+1")
                    .build());
        }
        awaitEntries("planId=" + plan, 3);

        List<String> lines = as(ADA).get(AUDIT + "/export?format=jsonl&planId=" + plan)
                .asString()
                .lines()
                .toList();
        assertEquals(3, lines.size());
        lines.forEach(line -> assertEquals(
                "a \"quoted\", line\nbreak",
                WireFormat.read(line, com.fasterxml.jackson.databind.JsonNode.class)
                        .at("/data/text")
                        .asText()));
        Response csv = as(ADA).get(AUDIT + "/export?format=csv&planId=" + plan);
        assertTrue(csv.contentType().startsWith("text/csv"));
        List<String> rows = csv.asString().lines().toList();
        assertEquals(4, rows.size());
        assertTrue(rows.get(1).contains(",'=1+1,"), rows.get(1));
    }

    @Test
    void badInputIsAProblem() {
        for (String query : List.of(
                "from=yesterday",
                "to=2026",
                "planId=x",
                "size=0",
                "size=201",
                "after=x",
                "q=" + "x".repeat(201),
                "q=!",
                "actor=%00")) {
            as(ADA).get(AUDIT + "/entries?" + query)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("code", equalTo("validation_failed"));
        }
        as(ADA).get(AUDIT + "/export?format=xml").then().statusCode(400);
        as(ADA).get(AUDIT + "/tasks/..%2F..%2Fetc").then().statusCode(404);
        as(ADA).get(AUDIT + "/tasks/" + UUID.randomUUID()).then().statusCode(404);
        given().get(AUDIT + "/entries").then().statusCode(401);
        as(TestTokens.user("nobody")).get(AUDIT + "/verify").then().statusCode(403);
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/openapi").then().statusCode(200);
        given().get("/q/metrics").then().statusCode(200).body(not(equalTo("")));
    }

    /** Text the database cannot keep, numbers a double cannot keep, and paths instead of ids. */
    @Test
    void strangeEventsAreKeptAsWellAsCanBe() {
        publish(event(
                        "step.completed",
                        Map.of(
                                "text",
                                "nul \u0000 inside",
                                "big",
                                new java.math.BigInteger("123456789012345678901234567890"),
                                "tiny",
                                1.5e-7,
                                "record",
                                Map.of("id", "../../../../tmp/evil")))
                .subject("../../evil")
                .build());

        awaitEntries("planId=" + plan, 1).then().body("items[0].data.big", equalTo("123456789012345678901234567890"));
        as(ADA).get(AUDIT + "/verify").then().body("valid", equalTo(true));
    }

    private SkeinEvent.Builder event(String type, Map<String, ?> data) {
        return TestBroker.event(type).subject(plan).actor("ada").planId(plan).data(data);
    }

    private void publish(SkeinEvent event) {
        try {
            BROKER.send(event);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> types(String query) {
        return as(ADA).get(AUDIT + "/entries?planId=" + plan + "&" + query)
                .then()
                .statusCode(200)
                .extract()
                .path("items.type");
    }

    private static Response awaitEntries(String query, int count) {
        await().atMost(20, SECONDS)
                .until(() -> as(ADA).get(AUDIT + "/entries?" + query)
                                .<List<?>>path("items")
                                .size()
                        >= count);
        Response response = as(ADA).get(AUDIT + "/entries?" + query);
        assertEquals(count, response.<List<?>>path("items").size());
        return response;
    }

    private static Response awaitCommitted(UUID task) {
        await().atMost(20, SECONDS).until(() -> "committed"
                .equals(as(ADA).get(AUDIT + "/tasks/" + task).path("state")));
        return as(ADA).get(AUDIT + "/tasks/" + task);
    }

    private static RequestSpecification as(String token) {
        return given().urlEncodingEnabled(false).auth().oauth2(token);
    }
}
