package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.BrokerRights;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sees to it that every exchange and queue is there before anything is sent. It looks first: the topology is the broker's
 * definitions' business, and a service needs no right to make any of it. What is missing it tries to make, which works where
 * the user is an administrator's. An agent makes the queue of its team.
 */
final class Topology {

    private static final int FINE = 0;

    private final Connection connection;
    private final List<String> missing = new ArrayList<>();

    private Topology(Connection connection) {
        this.connection = connection;
    }

    /**
     * @param shared the user is everybody's and may do all: declares everything, so that an update's new bindings are there too
     * @throws IOException saying what is not there and cannot be made
     */
    static void ensure(Connection connection, BrokerIdentity self, String user, boolean shared) throws IOException {
        Topology topology = new Topology(connection);
        if (shared && topology.attempt(channel -> declareAll(channel, self)) == FINE) {
            return;
        }
        Pattern own = Pattern.compile(BrokerRights.of(self).configure());
        for (Exchange exchange : Exchange.values()) {
            topology.ensure(
                    "exchange " + exchange.wire(),
                    channel -> channel.exchangeDeclarePassive(exchange.wire()),
                    channel -> declare(channel, exchange));
        }
        for (Queue.Declaration queue : queues(self)) {
            if (own.matcher(queue.name()).find()) {
                topology.ensure("queue " + queue.name(), channel -> declare(channel, queue), null);
            } else {
                topology.ensure(
                        "queue " + queue.name(),
                        channel -> channel.queueDeclarePassive(queue.name()),
                        channel -> declare(channel, queue));
            }
        }
        if (!topology.missing.isEmpty()) {
            throw new IOException("the broker lacks " + String.join(", ", topology.missing) + ", and its user " + user
                    + " may not make them; import broker-definitions.json (docs/broker.md) into the virtual host");
        }
    }

    private interface Action {
        void on(Channel channel) throws IOException;
    }

    private void ensure(String name, Action first, Action second) throws IOException {
        if (attempt(first) != FINE && (second == null || attempt(second) != FINE)) {
            missing.add(name);
        }
    }

    /** {@link #FINE}, or the code with which the broker closed the channel. */
    private int attempt(Action action) throws IOException {
        Channel channel = open(connection);
        try {
            action.on(channel);
            return FINE;
        } catch (IOException e) {
            if (e.getCause() instanceof ShutdownSignalException signal
                    && signal.getReason() instanceof AMQP.Channel.Close close
                    && (close.getReplyCode() == AMQP.NOT_FOUND || close.getReplyCode() == AMQP.ACCESS_REFUSED)) {
                return close.getReplyCode();
            }
            throw e;
        } finally {
            if (channel.isOpen()) {
                channel.abort();
            }
        }
    }

    private static void declareAll(Channel channel, BrokerIdentity self) throws IOException {
        for (Exchange exchange : Exchange.values()) {
            declare(channel, exchange);
        }
        for (Queue.Declaration queue : queues(self)) {
            declare(channel, queue);
        }
    }

    private static List<Queue.Declaration> queues(BrokerIdentity self) {
        return Queue.declarations(self.onlyTeam().map(List::of).orElse(List.of()));
    }

    private static void declare(Channel channel, Exchange exchange) throws IOException {
        channel.exchangeDeclare(exchange.wire(), BuiltinExchangeType.TOPIC, true);
    }

    private static void declare(Channel channel, Queue.Declaration queue) throws IOException {
        channel.queueDeclare(queue.name(), true, false, false, queue.arguments());
        for (String binding : queue.bindings()) {
            channel.queueBind(queue.name(), queue.exchange().wire(), binding);
        }
        if (queue.isReplayed()) {
            channel.queueBind(queue.name(), Exchange.REPLAY.wire(), queue.name());
        }
    }

    private static Channel open(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("no channel left on this connection");
        }
        return channel;
    }
}
