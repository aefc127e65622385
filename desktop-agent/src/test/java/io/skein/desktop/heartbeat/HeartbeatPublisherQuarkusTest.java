package io.skein.desktop.heartbeat;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import io.skein.desktop.health.AgentStatus;
import io.skein.test.SkeinInfrastructure;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The publisher against a real broker behind a connection that can be cut. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class HeartbeatPublisherQuarkusTest {

    @Test
    void whileTheBrokerIsAwayOnlyTheNewestHeartbeatIsKept() throws Exception {
        URI real = URI.create(SkeinInfrastructure.currentRabbitUri());
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(real);
        AtomicInteger node = new AtomicInteger();
        try (TcpRelay relay = new TcpRelay(real.getHost(), real.getPort());
                Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            HeartbeatPublisher publisher = new HeartbeatPublisher(
                    Broker.at(
                            real.toString().replace(":" + real.getPort() + "/", ":" + relay.port() + "/"), "publisher"),
                    new AgentStatus(Duration.ofSeconds(30), Clock.systemUTC()));
            publisher.start();
            publisher.offer(heartbeat(node.incrementAndGet()));
            String queue = channel.queueDeclare().getQueue();
            channel.queueBind(queue, Exchange.HEARTBEATS.wire(), "node.#");
            await().until(() -> {
                publisher.offer(heartbeat(1));
                return channel.basicGet(queue, true) != null;
            });
            while (channel.basicGet(queue, true) != null) {
                Thread.sleep(50);
            }

            relay.cut();
            for (int i = 100; i <= 10_000; i++) {
                publisher.offer(heartbeat(i));
            }
            relay.mend();

            GetResponse response =
                    await().atMost(Duration.ofSeconds(20)).until(() -> channel.basicGet(queue, true), r -> r != null);
            NodeHeartbeat last = WireFormat.read(response.getBody(), NodeHeartbeat.class);
            // One may have been between the two threads when the line was cut; all the others made way.
            for (int i = 0; i < 2 && last.intervalSeconds() != 10_000; i++) {
                GetResponse following = await().until(() -> channel.basicGet(queue, true), r -> r != null);
                last = WireFormat.read(following.getBody(), NodeHeartbeat.class);
            }
            assertEquals(10_000, last.intervalSeconds());

            publisher.sayGoodbye(goodbye(), Duration.ofSeconds(5));
            GetResponse bye = await().until(() -> channel.basicGet(queue, true), r -> r != null);
            assertTrue(WireFormat.read(bye.getBody(), NodeHeartbeat.class).goodbye());
        }
    }

    @Test
    void aBrokerThatIsNotThereNeverHoldsUpTheSampler() {
        HeartbeatPublisher publisher = new HeartbeatPublisher(
                Broker.at("amqp://u:p@127.0.0.1:1/x", "nobody"),
                new AgentStatus(Duration.ofSeconds(30), Clock.systemUTC()));
        publisher.start();

        long start = System.nanoTime();
        for (int i = 0; i < 100_000; i++) {
            publisher.offer(goodbye());
        }
        publisher.sayGoodbye(goodbye(), Duration.ofSeconds(30));

        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 15, "waited for a broker that is away");
    }

    @Test
    void aWrongAddressIsExplainedWithoutItsPassword() {
        var e = assertThrows(IllegalArgumentException.class, () -> Broker.at("http://u:hunter2@broker", "x"));

        assertTrue(e.getMessage().contains("SKEIN_RABBITMQ_URI"), e.getMessage());
        assertFalse(e.getMessage().contains("hunter2"));
        assertFalse(Broker.at("amqp://u:hunter2@broker/x", "x").address().contains("hunter2"));
    }

    /** The tilde needs no escaping in a URI; whoever escapes it all the same means the same user. */
    @ParameterizedTest
    @ValueSource(strings = {"node~blue~attic.lan", "node%7Eblue%7Eattic.lan", "node%7eblue~attic%2Elan"})
    void theUserInTheAddressIsTheMachine(String user) {
        Broker broker = Broker.at("amqp://" + user + ":p@127.0.0.1:1/skein", "x");
        assertEquals(Optional.of(new BrokerIdentity.Node("blue", "attic.lan")), broker.node());
        assertEquals(
                Optional.empty(),
                Broker.at("amqp://skein:p@127.0.0.1:1/skein", "x").node());
    }

    @Test
    void aMachineMayNotSpeakForAnother() {
        BrokerIdentity.Node attic = new BrokerIdentity.Node("default", "attic");
        String cellar = SkeinInfrastructure.rabbitUriOf(new BrokerIdentity.Node("default", "cellar"));
        Broker broker = Broker.at(cellar.replace("node~", "node%7E"), "cellar");
        assertDoesNotThrow(() -> publish(broker, "cellar"));
        Exception refused = assertThrows(Exception.class, () -> publish(broker, attic.node()));
        assertTrue(refused.toString().contains("ACCESS_REFUSED"), refused::toString);
    }

    private static void publish(Broker broker, String node) throws Exception {
        try (Broker.Link link = broker.connect()) {
            link.publish(new NodeHeartbeat(node, "default", "1", Instant.now(), 30, true, Map.of(), null));
        }
    }

    private static NodeHeartbeat heartbeat(int number) {
        return new NodeHeartbeat("n", "default", "1", Instant.now(), number, false, Map.of(), null);
    }

    private static NodeHeartbeat goodbye() {
        return new NodeHeartbeat("n", "default", "1", Instant.now(), 1, true, Map.of(), null);
    }
}
