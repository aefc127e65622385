package io.skein.orchestrator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An agent of another team answers, truthfully named, for a step that is none of its team's. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class ForeignAnswerQuarkusTest extends Scenario {

    @Test
    void anAgentOfAnotherTeamEndsNoneOfOurSteps() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel();
                TestBroker broker = new TestBroker()) {
            String heard = channel.queueDeclare().getQueue();
            channel.queueBind(heard, Exchange.EVENTS.wire(), "high.message.refused");
            agent.held.put(DEPLOY, true);
            UUID plan = plan(BOTH);
            approve(plan);
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> stepStatuses(plan).getFirst().equals("running"));
            AgentMessage order = agent.ordersFor(plan, DEPLOY).getFirst();

            BrokerIdentity.Agent foreign = new BrokerIdentity.Agent("blue", "infra-agent-9");
            broker.as(foreign).send("result.infra.infra-agent-9", failed(foreign.agentId(), plan, order.requestId()));
            GetResponse[] refused = new GetResponse[1];
            await().atMost(Duration.ofSeconds(15)).until(() -> {
                refused[0] = channel.basicGet(heard, true);
                return refused[0] != null;
            });
            SkeinEvent event = WireFormat.read(refused[0].getBody(), SkeinEvent.class);
            assertEquals(foreign.userName(), event.subject());
            assertEquals("work", event.data().path("reason").asText());
            assertEquals("blue", event.team());
            assertEquals(1, channel.messageCount(Queue.DEAD_LETTERS.wire()));
            assertEquals("running", stepStatuses(plan).getFirst());

            agent.finish(order, WorkResult.Outcome.COMPLETED);
            awaitStatus(plan, "completed");
        }
    }

    private static AgentMessage failed(String agent, UUID plan, UUID step) {
        return AgentMessage.create(
                agent,
                "orchestrator",
                null,
                step,
                new WorkResult(
                        plan,
                        step,
                        WorkResult.Outcome.FAILED,
                        2,
                        "forged",
                        4,
                        Map.of(),
                        List.of(),
                        List.of(),
                        null,
                        Instant.now(),
                        Instant.now()));
    }
}
