package io.skein.runtime;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.SkeinInfrastructure;

/** Publishes like the other services do. */
public final class EventPublisher implements AutoCloseable {

    private final Connection connection;
    private final Channel channel;

    public EventPublisher() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        connection = factory.newConnection();
        channel = connection.createChannel();
        channel.confirmSelect();
    }

    /** Hands it to the broker; {@link #confirm} waits. */
    public void hand(SkeinEvent event) throws Exception {
        channel.basicPublish(
                Exchange.EVENTS.wire(),
                event.routingKey(),
                new AMQP.BasicProperties.Builder()
                        .messageId(event.id().toString())
                        .build(),
                WireFormat.write(event));
    }

    public void confirm() throws Exception {
        channel.waitForConfirmsOrDie(20_000);
    }

    public void send(SkeinEvent event) throws Exception {
        hand(event);
        confirm();
    }

    @Override
    public void close() throws Exception {
        connection.close();
    }
}
