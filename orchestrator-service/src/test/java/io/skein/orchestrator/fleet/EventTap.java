package io.skein.orchestrator.fleet;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.SkeinInfrastructure;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Hears every event of the test's vhost, as it is on the wire. */
public final class EventTap implements AutoCloseable {

    private final Connection connection;
    private final List<JsonNode> heard = new CopyOnWriteArrayList<>();

    private EventTap(Connection connection) {
        this.connection = connection;
    }

    public static EventTap open() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        EventTap tap = new EventTap(factory.newConnection("event-tap"));
        Channel channel = tap.connection.createChannel();
        String queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, Exchange.EVENTS.wire(), "#");
        channel.basicConsume(
                queue,
                true,
                (tag, message) -> tap.heard.add(WireFormat.read(message.getBody(), JsonNode.class)),
                tag -> {});
        return tap;
    }

    /** The events of a plan, once they are as wanted. */
    public List<JsonNode> until(UUID plan, Predicate<List<JsonNode>> wanted) {
        await().atMost(Duration.ofSeconds(10)).until(() -> wanted.test(ofPlan(plan)));
        return ofPlan(plan);
    }

    /** The events with this subject, once there are as many. */
    public List<JsonNode> about(String subject, int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> about(subject).size() >= count);
        return about(subject);
    }

    private List<JsonNode> about(String subject) {
        return heard.stream()
                .filter(event -> event.path("subject").asText().equals(subject))
                .toList();
    }

    private List<JsonNode> ofPlan(UUID plan) {
        return heard.stream()
                .filter(event -> event.path("planid").asText().equals(plan.toString()))
                .toList();
    }

    @Override
    public void close() throws Exception {
        connection.close();
    }
}
