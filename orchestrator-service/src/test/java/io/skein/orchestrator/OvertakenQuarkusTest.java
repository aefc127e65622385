package io.skein.orchestrator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Several processes read the answers of agents: what was sent last may be read first. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class OvertakenQuarkusTest extends Scenario {

    @Test
    void aResultThatOvertakesTheLastTaskWaitsForIt() throws Exception {
        assertEquals(List.of("Gather facts", "Do the work"), tasksOfTheRecord(order -> {
            agent.end(order, WorkResult.Outcome.COMPLETED);
            agent.lastTask(order);
        }));
    }

    @Test
    void aTaskThatNeverComesKeepsNoStepFromItsEnd() throws Exception {
        assertEquals(
                List.of("Gather facts"), tasksOfTheRecord(order -> agent.end(order, WorkResult.Outcome.COMPLETED)));
    }

    private interface Ending {
        void of(AgentMessage order) throws Exception;
    }

    private List<String> tasksOfTheRecord(Ending ending) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            String heard = channel.queueDeclare().getQueue();
            channel.queueBind(heard, Exchange.EVENTS.wire(), "*.step.completed");
            agent.held.put(DEPLOY, true);
            UUID plan = plan(BOTH);
            approve(plan);
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> stepStatuses(plan).getFirst().equals("running"));

            ending.of(agent.ordersFor(plan, DEPLOY).getFirst());

            awaitStatus(plan, "completed");
            return tasksOfTheFirst(channel, heard, plan);
        }
    }

    private static List<String> tasksOfTheFirst(Channel channel, String heard, UUID plan) {
        List<String> names = new ArrayList<>();
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            GetResponse message = channel.basicGet(heard, true);
            if (message == null) {
                return false;
            }
            SkeinEvent event = WireFormat.read(message.getBody(), SkeinEvent.class);
            JsonNode record = event.data().path("record");
            if (!plan.equals(event.planid()) || record.at("/step/number").asInt() != 1) {
                return false;
            }
            record.path("tasks").forEach(task -> names.add(task.path("task").asText()));
            return true;
        });
        return names;
    }
}
