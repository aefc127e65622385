package io.skein.orchestrator;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.AgentError;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class BreakerQuarkusTest extends Scenario {

    private static final String NGINX = "web/nginx.yml";

    @AfterEach
    void close() throws Exception {
        execute("DELETE FROM agent_breaker");
    }

    private static void failing(AgentError.Code... codes) {
        agent.errors.put(NGINX, new CopyOnWriteArrayList<>(List.of(codes)));
    }

    @Test
    void fiveFailuresInARowLeaveAnAgentAloneForAMinute() throws Exception {
        failing(
                AgentError.Code.TIMEOUT,
                AgentError.Code.AGENT_UNAVAILABLE,
                AgentError.Code.RESOURCE_LIMIT_EXCEEDED,
                AgentError.Code.AGENT_UNAVAILABLE);
        UUID first = plan("Restart nginx");
        approve(first);
        awaitStatus(first, "failed");
        get(first).then().body("steps[0].statusReason", containsString("5002"));
        assertEquals(4, agent.ordersFor(first, NGINX).size(), "the first time and three retries");
        assertEquals(
                1,
                agent.ordersFor(first, NGINX).stream()
                        .map(order -> order.requestId())
                        .distinct()
                        .count());

        failing(AgentError.Code.AGENT_UNAVAILABLE);
        UUID second = plan("Restart nginx");
        approve(second);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> get(second)
                .then()
                .body("statusReason", containsString("infra-agent-1 failed 5 times in a row and is left alone until")));
        int orders = agent.ordersFor(second, NGINX).size();
        assertEquals(1, orders);
        await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
        assertEquals(orders, agent.ordersFor(second, NGINX).size(), "it is left alone");
        assertEquals(
                List.of("t"),
                query("SELECT open_until BETWEEN now() + interval '40 s' AND now() + interval '60 s' FROM"
                        + " agent_breaker"));

        execute("UPDATE agent_breaker SET open_until = now()");
        awaitStatus(second, "completed");
        assertTrue(query("SELECT agent FROM agent_breaker").isEmpty(), "what works closes it");
    }

    @Test
    void oneThatWorksBetweenStartsTheCountAnew() throws Exception {
        failing(AgentError.Code.UNSUPPORTED_WORK_TYPE);
        UUID failed = plan("Restart nginx");
        approve(failed);
        awaitStatus(failed, "failed");
        assertEquals(1, agent.ordersFor(failed, NGINX).size(), "5006 is not tried again");
        assertEquals(List.of("1"), query("SELECT failures FROM agent_breaker"));
        UUID good = plan("Restart nginx");
        approve(good);
        awaitStatus(good, "completed");
        assertTrue(query("SELECT agent FROM agent_breaker").isEmpty());
    }
}
