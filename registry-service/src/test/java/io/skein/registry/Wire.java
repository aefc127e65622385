package io.skein.registry;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The broker as a desktop agent and a listener see it. */
public final class Wire implements AutoCloseable {

    private final TestBroker broker = new TestBroker();
    private final Connection connection;
    private final Channel channel;
    private final String heard;
    private final List<SkeinEvent> events = new ArrayList<>();

    public Wire() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        connection = factory.newConnection();
        channel = connection.createChannel();
        heard = channel.queueDeclare().getQueue();
        channel.queueBind(heard, Exchange.EVENTS.wire(), "#");
    }

    public static NodeHeartbeat.Resources resources(double cpu) {
        return new NodeHeartbeat.Resources(
                "Debian 12",
                "amd64",
                8,
                cpu,
                List.of(0.5, 0.4, 0.3),
                16L << 30,
                8L << 30,
                List.of(new NodeHeartbeat.Disk("/", 100L << 30, 40L << 30)),
                List.of(new NodeHeartbeat.Gpu("RTX 3090", "nvidia-smi", 24L << 30, 20L << 30)));
    }

    public static NodeHeartbeat alive(String node, Instant sentAt, double cpu) {
        return new NodeHeartbeat(node, "default", "0.1.0", sentAt, 30, false, Map.of("room", "attic"), resources(cpu));
    }

    public static NodeHeartbeat goodbye(String node, Instant sentAt) {
        return new NodeHeartbeat(node, "default", "0.1.0", sentAt, 30, true, Map.of(), null);
    }

    public void send(NodeHeartbeat heartbeat) throws Exception {
        broker.send(heartbeat);
    }

    public void send(AgentHeartbeat heartbeat) throws Exception {
        broker.send(heartbeat);
    }

    public void send(SkeinEvent event) throws Exception {
        broker.send(event);
    }

    /** Somebody of the fleet. */
    public TestBroker.Speaker as(BrokerIdentity identity) {
        return broker.as(identity);
    }

    /** Events of this type about this subject heard since the start. */
    public List<SkeinEvent> events(String type, String subject) {
        try {
            GetResponse next;
            while ((next = channel.basicGet(heard, true)) != null) {
                events.add(WireFormat.read(next.getBody(), SkeinEvent.class));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return events.stream()
                .filter(event -> event.type().equals(type) && subject.equals(event.subject()))
                .toList();
    }

    public SkeinEvent awaitEvent(String type, String subject, int number) {
        await().atMost(Duration.ofSeconds(15)).until(() -> events(type, subject).size() >= number);
        return events(type, subject).get(number - 1);
    }

    public GetResponse awaitDeadLetter() {
        GetResponse[] dead = new GetResponse[1];
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            dead[0] = channel.basicGet(Queue.DEAD_LETTERS.wire(), true);
            return dead[0] != null;
        });
        return dead[0];
    }

    @Override
    public void close() throws Exception {
        broker.close();
        connection.close();
    }
}
