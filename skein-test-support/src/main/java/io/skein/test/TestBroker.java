package io.skein.test;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.skein.contracts.Ids;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.BrokerDefinitions;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.BrokerRights;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Speaks at the broker of the current test as anybody of the fleet, each over a connection of its own with exactly its rights.
 */
public final class TestBroker implements AutoCloseable {

    private static final int CONFIRM_MILLIS = 20_000;

    private final Map<BrokerIdentity, Speaker> speakers = new ConcurrentHashMap<>();

    /** An event with the source of the service that publishes such. */
    public static SkeinEvent.Builder event(String type) {
        return SkeinEvent.of(type).source(publisherOf(type).source());
    }

    /** Which service publishes events of this type. */
    public static BrokerIdentity publisherOf(String type) {
        BrokerIdentity runtime = new BrokerIdentity.Service("runtime-service");
        return BrokerDefinitions.SERVICES.stream()
                .filter(service -> !service.equals(runtime)
                        && BrokerRights.of(service).mayPublish(Exchange.EVENTS, "normal." + type))
                .findFirst()
                .orElse(runtime);
    }

    public Speaker as(BrokerIdentity identity) {
        return speakers.computeIfAbsent(identity, Speaker::new);
    }

    /** As the service its source names. */
    public void send(SkeinEvent event) throws Exception {
        as(new BrokerIdentity.Service(event.source().substring(1))).send(event);
    }

    /** As the machine it is about. */
    public void send(NodeHeartbeat heartbeat) throws Exception {
        as(new BrokerIdentity.Node(heartbeat.team(), heartbeat.node()))
                .send(Exchange.HEARTBEATS, "node." + heartbeat.node(), Ids.next(), WireFormat.write(heartbeat));
    }

    /** As the agent it is about. */
    public void send(AgentHeartbeat heartbeat) throws Exception {
        as(new BrokerIdentity.Agent(heartbeat.team(), heartbeat.agentId()))
                .send(Exchange.HEARTBEATS, "agent." + heartbeat.agentId(), Ids.next(), WireFormat.write(heartbeat));
    }

    @Override
    public void close() {
        speakers.values().forEach(Speaker::close);
    }

    /** One connection to the broker. */
    public static final class Speaker {

        private final String user;
        private final Connection connection;
        private final Channel channel;

        private Speaker(BrokerIdentity identity) {
            try {
                ConnectionFactory factory = new ConnectionFactory();
                factory.setUri(SkeinInfrastructure.rabbitUriOf(identity));
                user = identity.userName();
                connection = factory.newConnection("test as " + user);
                channel = connection.createChannel();
                channel.confirmSelect();
            } catch (Exception e) {
                throw new IllegalStateException("no connection as " + identity.userName(), e);
            }
        }

        /** For what is more than sending. */
        public Channel channel() {
            return channel;
        }

        public Connection connection() {
            return connection;
        }

        public void send(SkeinEvent event) throws Exception {
            send(Exchange.EVENTS, event.routingKey(), event.id(), WireFormat.write(event));
        }

        public void send(String routingKey, AgentMessage message) throws Exception {
            send(Exchange.WORK, routingKey, message.messageId(), message.toJson());
        }

        /** Returns when the broker has it. */
        public void send(Exchange exchange, String key, UUID messageId, byte[] body) throws Exception {
            hand(exchange, key, messageId, body);
            confirm();
        }

        /** Does not wait; {@link #confirm} does. */
        public synchronized void hand(Exchange exchange, String key, UUID messageId, byte[] body) throws IOException {
            channel.basicPublish(
                    exchange.wire(),
                    key,
                    new AMQP.BasicProperties.Builder()
                            .messageId(messageId.toString())
                            .userId(user)
                            .deliveryMode(2)
                            .build(),
                    body);
        }

        public void confirm() throws Exception {
            channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
        }

        private void close() {
            connection.abort(2000);
        }
    }
}
