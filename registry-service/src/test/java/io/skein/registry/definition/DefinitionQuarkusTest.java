package io.skein.registry.definition;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.contracts.event.Priority;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class DefinitionQuarkusTest {

    @Inject
    Jdbi jdbi;

    @Inject
    DefinitionRepository definitions;

    @Inject
    ShippedAgents shipped;

    @Test
    void theShippedAgentsAreThereForEveryTeam() {
        for (String team : List.of("default", "red")) {
            get(team, "/api/v1/agents")
                    .body(
                            "items.id",
                            hasItems("chief-of-staff", "infra-operator", "monitoring-manager", "post-mortem-analyst"));
        }
        get("default", "/api/v1/agents/chief-of-staff")
                .body("default", equalTo(true))
                .body("type", equalTo("chief_of_staff"))
                .body("status", equalTo("published"))
                .body("version", equalTo("1.0.0"))
                .body("triggers.event", hasItems("request.received", "plan.*"));
        get("default", "/api/v1/agents?size=1").body("items", hasSize(1)).body("next", equalTo("chief-of-staff"));
        given().auth()
                .oauth2(TestTokens.user("ada", "viewer"))
                .get("/api/v1/agents/nobody")
                .then()
                .statusCode(404)
                .body("code", equalTo("not_found"));
    }

    @Test
    void anEventTypeNamesTheAgentsItWakesMostUrgentFirst() {
        get("default", "/api/v1/agents/events/device.offline")
                .body("items.id", contains("monitoring-manager"))
                .body("items[0].priority", equalTo("critical"));
        get("default", "/api/v1/agents/events/plan.failed")
                .body("items.id", contains("post-mortem-analyst", "chief-of-staff"))
                .body("items.priority", contains("high", "normal"));
        get("default", "/api/v1/agents/events/nobody.cares").body("items", hasSize(0));
        given().auth()
                .oauth2(TestTokens.user("ada", "viewer"))
                .get("/api/v1/agents/events/Not%20a%20type")
                .then()
                .statusCode(400)
                .body("code", equalTo("validation_failed"));
    }

    @Test
    void aPublishedVersionStaysAsItIsAndATeamsOwnGoesFirst() {
        AgentDefinition mine = definition("green-agent", "1.10.0", "Newer");
        assertTrue(publish("green", mine));
        assertTrue(publish("green", definition("green-agent", "1.9.0", "Older")));
        assertFalse(publish("green", definition("green-agent", "1.10.0", "Changed")), "a version is immutable");
        get("green", "/api/v1/agents/green-agent").body("name", equalTo("Newer"));
        given().auth()
                .oauth2(TestTokens.userOfTeam("eve", "red", "viewer"))
                .get("/api/v1/agents/green-agent?team=green")
                .then()
                .statusCode(404);
        get("green", "/api/v1/agents/events/green.leaf")
                .body("items.id", contains("green-agent"))
                .body("items[0].triggers[0].filters.subject", equalTo("tree*"));
        get("red", "/api/v1/agents/events/green.leaf").body("items", hasSize(0));

        assertTrue(publish("green", definition("chief-of-staff", "0.0.1", "Our own chief")));
        get("green", "/api/v1/agents/chief-of-staff").body("name", equalTo("Our own chief"));
        get("red", "/api/v1/agents/chief-of-staff").body("name", equalTo("Chief of Staff"));
    }

    @Test
    void aRestartPublishesNothingTwice() {
        long before = count();
        shipped.start(new StartupEvent());
        assertEquals(before, count());
    }

    private long count() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM agent_definition WHERE team = '*'")
                .mapTo(Long.class)
                .one());
    }

    private boolean publish(String team, AgentDefinition definition) {
        return jdbi.inTransaction(tx -> definitions.publish(tx, team, definition, Instant.now()));
    }

    private static AgentDefinition definition(String id, String version, String name) {
        return new AgentDefinition(
                new AgentDefinition.Metadata(
                        id, name, null, null, version, "test", "", List.of(), List.of(), true, false, "specialist"),
                null,
                List.of(new AgentDefinition.Trigger("green.*", Priority.HIGH, Map.of("subject", "tree*"))),
                List.of());
    }

    private static ValidatableResponse get(String team, String path) {
        return given().auth()
                .oauth2(TestTokens.userOfTeam("ada", team, "viewer"))
                .get(path)
                .then()
                .statusCode(200);
    }
}
