package io.skein.registry.definition;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.registry.Wire;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft, published, deprecated: what may follow what, and what nobody can get around. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class LifecycleQuarkusTest {

    private static final Author TEAM = new Author("life");

    @Inject
    Jdbi jdbi;

    @Test
    void aDraftIsChangedPublishedAndDeprecatedAndEachIsTold() throws Exception {
        try (Wire wire = new Wire()) {
            String first = TEAM.draft(Author.definition("whole-life", "1.0.0"))
                    .header("Location", containsString("/api/v1/agents/whole-life"))
                    .body("status", equalTo("draft"))
                    .body("createdBy", equalTo("ada"))
                    .extract()
                    .header("ETag");
            String changed = Author.definition("whole-life", "1.0.0").replace("The whole", "The very whole");
            TEAM.put("whole-life", changed, null).statusCode(428).body("code", equalTo("precondition_required"));
            TEAM.put("whole-life", changed, "\"something else\"")
                    .statusCode(412)
                    .body("code", equalTo("precondition_failed"));
            String second = TEAM.put("whole-life", changed, first)
                    .statusCode(200)
                    .body("name", equalTo("The very whole-life"))
                    .extract()
                    .header("ETag");
            TEAM.put("whole-life", changed, first).statusCode(412);
            TEAM.as("admin")
                    .header("If-Match", first)
                    .post("/api/v1/agents/whole-life/publish")
                    .then()
                    .statusCode(412);
            TEAM.as("admin")
                    .header("If-Match", second)
                    .post("/api/v1/agents/whole-life/publish")
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("published"))
                    .body("newest", equalTo(true));
            TEAM.put("whole-life", changed, "*").statusCode(409).body("code", equalTo("illegal_transition"));
            TEAM.publish("whole-life", "1.0.0").statusCode(409);
            TEAM.delete("whole-life", "1.0.0").statusCode(409);
            TEAM.yaml(changed).post("/api/v1/agents").then().statusCode(409);
            TEAM.as("admin")
                    .post("/api/v1/agents/whole-life/deprecate")
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("deprecated"))
                    .body("newest", equalTo(false));
            TEAM.deprecate("whole-life", "1.0.0").statusCode(409);
            TEAM.publish("whole-life", "1.0.0").statusCode(409);
            TEAM.delete("whole-life", "1.0.0").statusCode(409);

            TEAM.draft(Author.definition("whole-life", "1.1.0"));
            TEAM.deprecate("whole-life", "1.1.0").statusCode(409);
            TEAM.as("admin").delete("/api/v1/agents/whole-life").then().statusCode(400);
            TEAM.delete("whole-life", "1.1.0").statusCode(204);
            TEAM.delete("whole-life", "1.1.0").statusCode(404);
            TEAM.publish("whole-life", "1.1.0").statusCode(404);

            for (String type : List.of(
                    EventTypes.AGENT_DEFINITION_UPDATED,
                    EventTypes.AGENT_DEFINITION_PUBLISHED,
                    EventTypes.AGENT_DEFINITION_DEPRECATED,
                    EventTypes.AGENT_DEFINITION_DELETED)) {
                SkeinEvent told = wire.awaitEvent(type, "whole-life", 1);
                assertEquals("life", told.team());
                assertEquals("ada", told.actor());
                assertEquals("whole-life", told.data().path("id").asText());
            }
            wire.awaitEvent(EventTypes.AGENT_DEFINITION_CREATED, "whole-life", 2);
            assertEquals(
                    1,
                    wire.events(EventTypes.AGENT_DEFINITION_UPDATED, "whole-life")
                            .size());
        }
    }

    @Test
    void publishNeedsToKnowWhichWhenThereAreTwo() {
        TEAM.draft(Author.definition("two-drafts", "1.0.0"));
        TEAM.draft(Author.definition("two-drafts", "1.1.0"));
        TEAM.as("admin")
                .post("/api/v1/agents/two-drafts/publish")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("version"));
        TEAM.as("admin").post("/api/v1/agents/not-there/publish").then().statusCode(404);
    }

    @Test
    void aRecreatedDraftIsNotTheOneSomebodyRead() {
        String old = TEAM.draft(Author.definition("again", "1.0.0")).extract().header("ETag");
        TEAM.delete("again", "1.0.0").statusCode(204);
        TEAM.draft(Author.definition("again", "1.0.0"));
        TEAM.put("again", Author.definition("again", "1.0.0"), old).statusCode(412);
    }

    @Test
    void roleByRole() {
        String yaml = Author.definition("roles", "1.0.0");
        TEAM.as("viewer")
                .contentType(Author.YAML)
                .body(yaml.getBytes())
                .post("/api/v1/agents")
                .then()
                .statusCode(403);
        TEAM.draft(yaml);
        for (String path : List.of("publish?version=1.0.0", "deprecate?version=1.0.0")) {
            TEAM.as("viewer", "operator", "approver")
                    .post("/api/v1/agents/roles/" + path)
                    .then()
                    .statusCode(403);
        }
        TEAM.as("operator").delete("/api/v1/agents/roles?version=1.0.0").then().statusCode(403);
    }

    @Test
    void whatIsWrongIsToldWithPathsAndNothingIsKept() {
        TEAM.yaml("""
                        metadata: { id: Wrong, name: '', version: '1', type: boss, extra: 1 }
                        goal: { mode: on_demand }
                        rules: [{ on: a, do: [{ skill: make.coffee }] }]
                        """)
                .post("/api/v1/agents")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("validation_failed"))
                .body(
                        "violations.path",
                        hasItems(
                                "$.metadata.id",
                                "$.metadata.name",
                                "$.metadata.version",
                                "$.metadata.type",
                                "$.metadata.extra",
                                "$.rules[0].do[0].skill"));
        TEAM.put("other", Author.definition("not-other", "1.0.0"), "*")
                .statusCode(400)
                .body("violations[0].path", equalTo("$.metadata.id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: 1\na: 2", "a: [", "", "[]", "just text", "a: &a [*a]", "--- 1\n--- 2"})
    void bodiesThatAreNoDefinitionAreBadRequests(String body) {
        for (String path : List.of("/api/v1/agents", "/api/v1/agents/import")) {
            TEAM.yaml(body).post(path).then().statusCode(400).contentType("application/problem+json");
        }
        TEAM.put("x", body, "*").statusCode(400);
    }

    @Test
    void tooLargeOrOfAnotherTypeIsRefused() {
        TEAM.yaml("a: " + "x".repeat(1_100_000)).post("/api/v1/agents").then().statusCode(413);
        TEAM.yaml("a: " + "x".repeat(1_000_100)).post("/api/v1/agents").then().statusCode(400);
        TEAM.as("operator")
                .contentType("application/xml")
                .body("<a/>".getBytes())
                .post("/api/v1/agents")
                .then()
                .statusCode(415);
    }

    @Test
    void anImportIsAllOrNothingAndNamesTheDocument() {
        String good = Author.definition("import-a", "1.0.0");
        String bad = Author.definition("import-b", "1.0.0").replace("event.publish", "fly.away");
        TEAM.importing(good + "---\n" + bad + "---\n" + good)
                .statusCode(400)
                .body("violations", hasSize(2))
                .body("violations[0].document", equalTo(2))
                .body("violations[0].path", equalTo("$.skills[0].name"))
                .body("violations[1].document", equalTo(3))
                .body("violations[1].message", containsString("earlier document"));
        TEAM.get("/agents/import-a").statusCode(404);

        TEAM.importing(good + "---\n" + Author.definition("import-a", "1.1.0"))
                .statusCode(200)
                .body("items.outcome", contains("created", "created"))
                .body("items.document", contains(1, 2));
        TEAM.importing(Author.definition("import-c", "1.0.0") + "---\n" + good)
                .statusCode(200)
                .body("items.outcome", contains("created", "unchanged"));
        TEAM.importing(Author.definition("import-d", "1.0.0") + "---\n" + good.replace("tomatoes", "roses"))
                .statusCode(409)
                .body("violations", hasSize(1))
                .body("violations[0].document", equalTo(2));
        TEAM.get("/agents/import-d").statusCode(404);
        TEAM.get("/agents/import-a?version=1.0.0").body("description", containsString("tomatoes"));
        TEAM.get("/agents?status=draft&size=200")
                .body("items.id", hasItem("import-a"))
                .body("items.id", not(hasItem("import-d")));
    }

    @Test
    void ofManyWhoPublishAtOnceOneDoes() throws Exception {
        for (int round = 0; round < 5; round++) {
            String id = "race-" + round;
            TEAM.draft(Author.definition(id, "1.0.0"));
            List<Integer> answers =
                    atOnce(6, () -> TEAM.publish(id, "1.0.0").extract().statusCode());
            assertEquals(List.of(200, 409, 409, 409, 409, 409), answers);
        }
    }

    @Test
    void ofManyWhoChangeTheSameStateOneDoes() throws Exception {
        for (int round = 0; round < 5; round++) {
            String id = "change-" + round;
            String tag = TEAM.draft(Author.definition(id, "1.0.0")).extract().header("ETag");
            List<Integer> answers = atOnce(6, () -> TEAM.put(id, Author.definition(id, "1.0.0"), tag)
                    .extract()
                    .statusCode());
            assertEquals(List.of(200, 412, 412, 412, 412, 412), answers);
        }
    }

    @Test
    void twoWhoPublishDifferentVersionsAtOnceAgreeOnTheNewest() throws Exception {
        for (int round = 0; round < 5; round++) {
            String id = "newest-" + round;
            List<String> versions = List.of("1.0.0", "1.10.0", "1.9.0", "2.0.0-rc.1");
            versions.forEach(version -> TEAM.draft(Author.definition(id, version)));
            List<String> left = Collections.synchronizedList(new ArrayList<>(versions));
            assertEquals(List.of(200, 200, 200, 200), atOnce(4, () -> TEAM.publish(id, left.removeFirst())
                    .extract()
                    .statusCode()));
            TEAM.get("/agents/" + id).body("version", equalTo("1.10.0"));
        }
    }

    /** Without the service, as somebody with a database console. */
    @Test
    void theDatabaseRefusesWhatTheServiceWouldNever() {
        TEAM.published("guarded", "1.0.0");
        TEAM.draft(Author.definition("guarded", "1.1.0"));
        for (String statement : List.of(
                "UPDATE agent_definition SET document = '{}' WHERE id = 'guarded' AND status = 'published'",
                "UPDATE agent_definition SET version = '9.0.0' WHERE id = 'guarded' AND status = 'published'",
                "UPDATE agent_definition SET team = 'red' WHERE id = 'guarded' AND status = 'published'",
                "UPDATE agent_definition SET status = 'draft', newest = false WHERE id = 'guarded' AND status = 'published'",
                "UPDATE agent_definition SET status = 'deprecated' WHERE id = 'guarded' AND status = 'draft'",
                "UPDATE agent_definition SET newest = true WHERE id = 'guarded'",
                "DELETE FROM agent_definition WHERE id = 'guarded' AND status = 'published'")) {
            assertThrows(
                    UnableToExecuteStatementException.class,
                    () -> jdbi.useHandle(handle -> handle.execute(statement)),
                    statement);
        }
        TEAM.deprecate("guarded", "1.0.0").statusCode(200);
        assertThrows(
                UnableToExecuteStatementException.class,
                () -> jdbi.useHandle(
                        handle -> handle.execute(
                                "UPDATE agent_definition SET status = 'published' WHERE id = 'guarded' AND version = '1.0.0'")));
    }

    /** A planted bug: without the guard the same statement goes through, so it is the guard that was seen above. */
    @Test
    void withoutTheGuardItWouldNot() {
        TEAM.published("unguarded", "1.0.0");
        jdbi.useTransaction(tx -> {
            tx.execute("ALTER TABLE agent_definition DISABLE TRIGGER agent_definition_guard");
            assertEquals(
                    1,
                    tx.execute("UPDATE agent_definition SET document = '{}' WHERE id = 'unguarded'"),
                    "it is the guard");
            tx.rollback();
        });
        TEAM.get("/agents/unguarded").body("definition.metadata.id", equalTo("unguarded"));
    }

    private static List<Integer> atOnce(int times, Callable<Integer> what) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> all = Collections.nCopies(times, what);
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> answer : threads.invokeAll(all)) {
                answers.add(answer.get());
            }
            Collections.sort(answers);
            return answers;
        }
    }
}
