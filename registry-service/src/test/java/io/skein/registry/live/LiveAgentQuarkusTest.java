package io.skein.registry.live;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.registry.MovableClock;
import io.skein.registry.Wire;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class LiveAgentQuarkusTest {

    @Inject
    MovableClock clock;

    @Inject
    LiveAgentService agents;

    @Test
    void anAgentIsOnlineWhileItsHeartbeatsComeAndJudgedByItsWork() throws Exception {
        try (Wire wire = new Wire()) {
            wire.as(TestBroker.publisherOf(EventTypes.STEP_COMPLETED)); // the clock runs while somebody signs in
            wire.send(heartbeat("infra-agent-1", "ansible.playbook", false));
            SkeinEvent online = wire.awaitEvent(EventTypes.AGENT_ONLINE, "infra-agent-1", 1);
            assertEquals("nas01", online.data().path("node").asText());
            live("ansible.playbook")
                    .body("items", hasSize(1))
                    .body("items[0].agentId", equalTo("infra-agent-1"))
                    .body("items[0].online", equalTo(true))
                    .body("items[0].slots", equalTo(2))
                    .body("items[0].busy", equalTo(1))
                    .body("items[0].tasks", equalTo(0))
                    .body("items[0].successRate", nullValue());
            live("paint.house").body("items", hasSize(0));

            SkeinEvent completed = ended(EventTypes.STEP_COMPLETED, Map.of("agent", "infra-agent-1"));
            wire.send(completed);
            wire.send(completed);
            wire.send(ended(EventTypes.STEP_COMPLETED, Map.of("record", Map.of("agent", "infra-agent-1"))));
            wire.send(ended(
                    EventTypes.STEP_COMPLETED, Map.of("record", Map.of("step", Map.of("agent", "infra-agent-1")))));
            wire.send(ended(EventTypes.STEP_FAILED, Map.of("agent", "infra-agent-1")));
            wire.send(ended(EventTypes.STEP_FAILED, Map.of("reason", "no agent took it")));
            await().untilAsserted(() -> live("ansible.playbook")
                    .body("items[0].tasks", equalTo(4))
                    .body("items[0].successRate", equalTo(0.75f)));

            // A fresh one: the clock went on meanwhile, and on a busy machine for longer than a heartbeat lasts.
            String before = live("ansible.playbook").extract().path("items[0].lastHeartbeatAt");
            wire.send(heartbeat("infra-agent-1", "ansible.playbook", false));
            await().untilAsserted(
                            () -> live("ansible.playbook").body("items[0].lastHeartbeatAt", not(equalTo(before))));
            clock.push(Duration.ofSeconds(20));
            agents.sweep();
            live("ansible.playbook").body("items[0].online", equalTo(true));
            clock.push(Duration.ofSeconds(11));
            agents.sweep();
            agents.sweep();
            SkeinEvent offline = wire.awaitEvent(EventTypes.AGENT_OFFLINE, "infra-agent-1", 1);
            assertEquals("missed 3 heartbeats", offline.data().path("reason").asText());
            live("ansible.playbook").body("items[0].online", equalTo(false));

            wire.send(heartbeat("infra-agent-1", "ansible.playbook", false));
            wire.awaitEvent(EventTypes.AGENT_ONLINE, "infra-agent-1", 2);
            wire.send(heartbeat("infra-agent-1", "ansible.playbook", true));
            wire.awaitEvent(EventTypes.AGENT_OFFLINE, "infra-agent-1", 2);
            assertEquals(
                    2, wire.events(EventTypes.AGENT_OFFLINE, "infra-agent-1").size());
        }
    }

    @Test
    void anotherTeamSeesNone() throws Exception {
        try (Wire wire = new Wire()) {
            wire.send(heartbeat("infra-agent-9", "container.run", false));
            wire.awaitEvent(EventTypes.AGENT_ONLINE, "infra-agent-9", 1);
        }
        given().auth()
                .oauth2(TestTokens.userOfTeam("eve", "red", "viewer"))
                .get("/api/v1/agents/live?team=default")
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        given().auth()
                .oauth2(TestTokens.service("orchestrator-service"))
                .get("/api/v1/agents/live?team=default&capability=container.run")
                .then()
                .body("items.find { it.agentId == 'infra-agent-9' }.node", equalTo("nas01"));
        given().get("/api/v1/agents/live").then().statusCode(401);
    }

    /** Work goes to an agent by its id: another team must not get hold of it, nor end its presence. */
    @Test
    void anAgentIdStaysItsTeams() throws Exception {
        try (Wire wire = new Wire()) {
            wire.send(heartbeat("infra-agent-7", "container.stop", false));
            wire.awaitEvent(EventTypes.AGENT_ONLINE, "infra-agent-7", 1);
            for (boolean goodbye : List.of(true, false)) {
                wire.send(new AgentHeartbeat(
                        "infra-agent-7",
                        "infra",
                        "evil01",
                        "red",
                        "6.6.6",
                        List.of("container.stop"),
                        99,
                        0,
                        clock.instant().plusSeconds(5),
                        10,
                        goodbye));
            }
            wire.send(heartbeat("infra-agent-8", "container.stop", false));
            wire.awaitEvent(EventTypes.AGENT_ONLINE, "infra-agent-8", 1);

            live("container.stop")
                    .body("items.find { it.agentId == 'infra-agent-7' }.node", equalTo("nas01"))
                    .body("items.find { it.agentId == 'infra-agent-7' }.online", equalTo(true));
            given().auth()
                    .oauth2(TestTokens.userOfTeam("eve", "red", "viewer"))
                    .get("/api/v1/agents/live?capability=container.stop")
                    .then()
                    .body("items", hasSize(0));
        }
    }

    private AgentHeartbeat heartbeat(String id, String capability, boolean goodbye) {
        return new AgentHeartbeat(
                id, "infra", "nas01", "default", "0.1.0", List.of(capability), 2, 1, clock.instant(), 10, goodbye);
    }

    private static SkeinEvent ended(String type, Map<String, Object> data) {
        return SkeinEvent.of(type).source("/orchestrator-service").data(data).build();
    }

    private static ValidatableResponse live(String capability) {
        return given().auth()
                .oauth2(TestTokens.user("ada", "viewer"))
                .get("/api/v1/agents/live?capability=" + capability)
                .then()
                .statusCode(200);
    }
}
