package io.skein.registry.definition;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class DefinitionQuarkusTest {

    @Inject
    Jdbi jdbi;

    @Inject
    ShippedAgents shipped;

    @Test
    void theShippedAgentsAreThereForEveryTeam() {
        for (String team : List.of("default", "red")) {
            new Author(team)
                    .get("/agents")
                    .statusCode(200)
                    .body("items.id", hasItems(ShippedAgents.FILES.toArray()))
                    .body("items.definition", not(hasItem(notNullValue())))
                    .body("items.find { it.id == 'explorer' }.activity.status", equalTo("offline"));
        }
        new Author("default")
                .get("/agents/chief-of-staff")
                .statusCode(200)
                .header("ETag", notNullValue())
                .body("default", equalTo(true))
                .body("type", equalTo("chief_of_staff"))
                .body("status", equalTo("published"))
                .body("version", equalTo("1.1.0"))
                .body("triggers.event", hasItem("check.failed"))
                .body("definition.subagents.id", hasItem("explorer"));
        new Author("default").get("/agents?size=1").body("items", hasSize(1)).body("next", equalTo("chief-of-staff"));
        new Author("default").get("/agents/nobody").statusCode(404).body("code", equalTo("not_found"));
    }

    @Test
    void anEventTypeNamesTheAgentsItWakesMostUrgentFirst() {
        new Author("default")
                .get("/agents/events/device.offline")
                .body("items.id", contains("monitoring-manager"))
                .body("items[0].priority", equalTo("critical"))
                .body("items[0].version", equalTo("1.1.0"))
                .body("items[0].team", equalTo("*"));
        new Author("default").get("/agents/events/nobody.cares").body("items", hasSize(0));
        new Author("default")
                .get("/agents/events/Not%20a%20type")
                .statusCode(400)
                .body("code", equalTo("validation_failed"));
    }

    @Test
    void onlyTheNewestPublishedVersionIsWokenAndADeprecatedOrSwitchedOffOneIsNot() {
        Author green = new Author("wake");
        green.draft(Author.definition("gardener", "1.0.0"));
        green.get("/agents/events/green.leaf").body("items", hasSize(0));
        green.publish("gardener", "1.0.0").statusCode(200);
        green.get("/agents/events/green.leaf")
                .body("items.id", contains("gardener"))
                .body("items[0].triggers[0].event", equalTo("green.*"))
                .body("items[0].triggers[0].filters.subject", equalTo("tree*"));
        new Author("red").get("/agents/events/green.leaf").body("items", hasSize(0));

        green.draft(Author.definition("gardener", "1.10.0"));
        green.draft(Author.definition("gardener", "1.9.0"));
        green.publish("gardener", "1.10.0").statusCode(200).body("newest", equalTo(true));
        green.publish("gardener", "1.9.0").statusCode(200).body("newest", equalTo(false));
        green.get("/agents/events/green.leaf").body("items.version", contains("1.10.0"));
        green.get("/agents/events/green.leaf?versions=newest").body("items.version", contains("1.10.0"));
        green.get("/agents/events/green.leaf?versions=all")
                .body("items.version", containsInAnyOrder("1.10.0", "1.9.0", "1.0.0"));
        green.get("/agents/events/green.leaf?versions=some").statusCode(400);
        green.deprecate("gardener", "1.10.0").statusCode(200).body("status", equalTo("deprecated"));
        green.get("/agents/events/green.leaf").body("items.version", contains("1.9.0"));
        green.get("/agents/events/green.leaf?versions=all").body("items.version", containsInAnyOrder("1.9.0", "1.0.0"));
        green.deprecate("gardener", "1.9.0");
        green.deprecate("gardener", "1.0.0");
        green.get("/agents/events/green.leaf").body("items", hasSize(0));

        green.draft(Author.definition("gardener", "2.0.0") + "config: { enabled: false }\n");
        green.publish("gardener", "2.0.0").statusCode(200);
        green.get("/agents/events/green.leaf").body("items", hasSize(0));
    }

    @Test
    void aVersionIsAskedForExactlyByRangeOrAsTheLatest() {
        Author team = new Author("ranges");
        for (String version : List.of("0.9.0", "1.0.0", "1.4.0", "2.0.0-rc.1", "1.10.0")) {
            team.published("walker", version);
        }
        team.draft(Author.definition("walker", "3.0.0"));
        team.get("/agents/walker").body("version", equalTo("1.10.0"));
        team.get("/agents/walker?version=latest").body("version", equalTo("1.10.0"));
        team.get("/agents/walker?version=3.0.0").body("status", equalTo("draft"));
        team.get("/agents/walker?version=2.0.0-rc.1").body("version", equalTo("2.0.0-rc.1"));
        team.get("/agents/walker?version=>=1.0.0").body("version", equalTo("1.10.0"));
        team.get("/agents/walker?version=0.x").body("version", equalTo("0.9.0"));
        team.get("/agents/walker?version=~1.4.0").body("version", equalTo("1.4.0"));
        team.get("/agents/walker?version=>=3.0.0").statusCode(404);
        team.get("/agents/walker?version=banana 1").statusCode(400).body("violations[0].field", equalTo("version"));
        team.get("/agents/walker/versions")
                .body("items.version", contains("3.0.0", "2.0.0-rc.1", "1.10.0", "1.4.0", "1.0.0", "0.9.0"))
                .body("items.findAll { it.newest }.version", contains("1.10.0"));
        team.get("/agents/walker/versions?size=2").body("next", equalTo("2.0.0-rc.1"));
        team.get("/agents/walker/versions?size=2&after=2.0.0-rc.1").body("items.version", contains("1.10.0", "1.4.0"));
        given().auth()
                .oauth2(TestTokens.service("runtime-service"))
                .get("/api/v1/agents/walker?version=1.x&team=ranges")
                .then()
                .statusCode(200)
                .body("definition.metadata.version", equalTo("1.10.0"))
                .body("team", equalTo("ranges"))
                .body("status", equalTo("published"));
    }

    @Test
    void aTeamsOwnDefinitionGoesBeforeAShippedOneOfTheSameId() {
        Author own = new Author("own");
        own.draft(Author.definition("chief-of-staff", "0.0.1"));
        own.get("/agents/chief-of-staff").body("team", equalTo("*"));
        own.publish("chief-of-staff", "0.0.1");
        own.get("/agents/chief-of-staff").body("name", equalTo("The chief-of-staff"));
        own.get("/agents?size=200").body("items.findAll { it.id == 'chief-of-staff' }.team", contains("own"));
        new Author("red").get("/agents/chief-of-staff").body("name", equalTo("Chief of Staff"));
        own.deprecate("chief-of-staff", "0.0.1");
        own.get("/agents/chief-of-staff").body("name", equalTo("Chief of Staff"));
    }

    /** REG-05. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/agents/secret-agent",
                "/agents/secret-agent?team=blue",
                "/agents/secret-agent?version=1.0.0",
                "/agents/secret-agent?version=>=1.0.0",
                "/agents/secret-agent/versions",
                "/agents/secret-agent/export?version=1.0.0"
            })
    void anotherTeamsDefinitionIsNotThere(String path) {
        Author blue = new Author("blue");
        if (blue.as("viewer").get("/api/v1/agents/secret-agent").statusCode() == 404) {
            blue.published("secret-agent", "1.0.0");
        }
        blue.get(path).statusCode(200);
        Author eve = new Author("red");
        eve.get(path).statusCode(404);
        eve.publish("secret-agent", "1.0.0").statusCode(404);
        eve.deprecate("secret-agent", "1.0.0").statusCode(404);
        eve.delete("secret-agent", "1.0.0").statusCode(404);
        eve.put("secret-agent", Author.definition("secret-agent", "1.0.0"), "*").statusCode(404);
        eve.get("/agents?size=200&team=blue").body("items.id", not(hasItem("secret-agent")));
        eve.get("/agents/search?q=secret&team=blue").body("items", hasSize(0));
        eve.get("/agents/events/green.leaf?team=blue").body("items", hasSize(0));
        eve.get("/agents/events/green.leaf?versions=all&team=blue").body("items", hasSize(0));
    }

    @Test
    void searchFindsWordsWhereverTheyAreAndTheBestFirst() {
        Author team = new Author("search");
        team.published("tomato-keeper", "1.0.0");
        team.published("irrigation", "1.0.0");
        team.draft(Author.definition("draft-only", "1.0.0"));
        team.importing("""
                        metadata: { id: salad, name: Tomato, version: 1.0.0, type: master_operator, tags: [kitchen] }
                        goal: { mode: on_demand }
                        skills: [{ name: plan.run }, { name: mcp.kitchen.Chop }]
                        """).statusCode(200);
        team.publish("salad", "1.0.0");

        team.get("/agents/search?q=tomato")
                .statusCode(200)
                .body("items.id", contains("tomato-keeper", "salad", "irrigation"));
        team.get("/agents/search?q=tomatoes greenhouse").body("items.id", hasItems("tomato-keeper", "irrigation"));
        team.get("/agents/search?q=irrig").body("items.id", contains("irrigation"));
        team.get("/agents/search?q=kitchen.chop").body("items.id", contains("salad"));
        team.get("/agents/search?q=soil").body("items.id", hasItems("tomato-keeper", "irrigation"));
        team.get("/agents/search?tag=kitchen").body("items.id", contains("salad"));
        team.get("/agents/search?tag=garden&type=master_operator").body("items", hasSize(0));
        team.get("/agents/search?type=chief_of_staff").body("items.id", contains("chief-of-staff"));
        team.get("/agents/search?q=draft&status=draft").body("items.id", contains("draft-only"));
        team.get("/agents/search?q=zzz").body("items", hasSize(0));
        String next = team.get("/agents/search?q=tomato&size=1")
                .body("items.id", contains("tomato-keeper"))
                .extract()
                .path("next");
        team.as("viewer")
                .queryParam("q", "tomato")
                .queryParam("size", 1)
                .queryParam("after", next)
                .get("/api/v1/agents/search")
                .then()
                .body("items.id", contains("salad"));
    }

    @ParameterizedTest
    @CsvSource({
        "/agents/search?q=%20, q",
        "/agents/search?q=!!!, q",
        "/agents/search?status=gone, status",
        "/agents/search?tag=%00, tag",
        "/agents/search?q=a&after=x/y, after",
        "/agents/search?q=a&after=1e9999999/y, after",
        "/agents?status=gone, status",
        "/agents?size=0, size",
        "/agents?size=201, size",
        "/agents/x?version=%00, version",
    })
    void badQuestionsAreAnsweredClearly(String path, String field) {
        new Author("default")
                .as("viewer")
                .urlEncodingEnabled(false)
                .get("/api/v1" + path)
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo(field));
    }

    @Test
    void odderQuestionsBreakNothing() {
        for (String q : List.of("the", "' OR 1=1 --", "a & | ! b", ":*", "\\", "(((", "日本", "a".repeat(200))) {
            int status = new Author("default")
                    .as("viewer")
                    .queryParam("q", q)
                    .get("/api/v1/agents/search")
                    .statusCode();
            assertTrue(status == 200 || status == 400, q + " gives " + status);
        }
    }

    @Test
    void theSchemaIsPublished() {
        String schema = new Author("default")
                .get("/agents/schema")
                .statusCode(200)
                .contentType("application/schema+json")
                .extract()
                .asString();
        assertEquals(
                "urn:skein:schema:agent-definition:1",
                DefinitionReader.stored(schema).path("$id").asText());
    }

    /** REG-04. */
    @Test
    void everyTemplateIsImportedIntoAnotherTeamAndPublished() {
        Author team = new Author("templates");
        List<String> ids = team.get("/templates").statusCode(200).extract().path("items.id");
        assertEquals(ShippedAgents.FILES, ids);
        StringBuilder all = new StringBuilder();
        for (String id : ids) {
            String yaml = team.get("/templates/" + id)
                    .statusCode(200)
                    .contentType(containsString("application/yaml"))
                    .extract()
                    .asString();
            all.append(yaml).append("\n---\n");
        }
        team.importing(all.toString())
                .statusCode(200)
                .body("items.id", contains(ids.toArray()))
                .body("items.outcome.unique()", contains("created"));
        for (String id : ids) {
            team.publish(id, "1.1.0").statusCode(200).body("team", equalTo("templates"));
        }
        team.get("/templates/nobody").statusCode(404);
        team.get("/templates/..%2fapplication").statusCode(404);
    }

    @Test
    void theExampleOfTheDocumentationIsADefinition() throws IOException {
        String text = Files.readString(Path.of("../docs/agents.md"));
        Matcher example = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL).matcher(text);
        assertTrue(example.find(), "docs/agents.md shows no definition");
        Author team = new Author("docs");
        team.importing(example.group(1)).statusCode(200).body("items", hasSize(1));
        assertTrue(!example.find(), "only the first example is tried");
    }

    @Test
    void exportAndImportGiveTheSameDefinitionToAnotherTeam() {
        SchemaSampler sampler = new SchemaSampler(7, DefinitionReader.stored(new DefinitionSchema().text()));
        Author here = new Author("export");
        Author there = new Author("import");
        for (int number = 0; number < 25; number++) {
            ObjectNode sample = (ObjectNode) sampler.next();
            String id = "sample-" + number;
            ((ObjectNode) sample.get("metadata")).put("id", id).put("version", "1.0.0");
            here.as("operator")
                    .contentType("application/json")
                    .body(sample.toString().getBytes(StandardCharsets.UTF_8))
                    .post("/api/v1/agents")
                    .then()
                    .statusCode(201);
            byte[] yaml = here.get("/agents/" + id + "/export?version=1.0.0")
                    .statusCode(200)
                    .extract()
                    .asByteArray();
            there.importing(new String(yaml, StandardCharsets.UTF_8)).statusCode(200);
            JsonNode served = DefinitionReader.stored(
                            new String(there.get("/agents/" + id).extract().asByteArray(), StandardCharsets.UTF_8))
                    .path("definition");
            assertTrue(
                    Documents.same(DefinitionReader.stored(sample.toString()), served), sample + "\nbecame\n" + served);
        }
    }

    @Test
    void aRestartPublishesNothingTwice() {
        long before = count();
        shipped.start(new StartupEvent());
        assertEquals(before, count());
        new Author("default").get("/agents/explorer/versions").body("items.createdBy", contains("skein"));
        new Author("default").get("/agents/explorer").body("deprecatedAt", nullValue());
    }

    private long count() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM agent_definition WHERE team = '*'")
                .mapTo(Long.class)
                .one());
    }
}
