package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Makes dead letters of messages that no retry can help. */
@ApplicationScoped
class Burial {

    private static final int MAX_DEAD_BYTES = 64 * 1024;
    /** Who sent a dead letter that a consumer put there. */
    private static final String SENDER_HEADER = "x-skein-sender";

    @Inject
    Broker broker;

    /** Settles a delivered message for good. */
    void die(Queue queue, Channel channel, Message message) throws IOException {
        if (queue.kind() == Queue.Kind.TRANSIENT) {
            // Without a dead-letter exchange of its own, or every heartbeat that expires would end there.
            bury(channel, queue.wire(), message);
        }
        channel.basicReject(message.tag(), false);
    }

    /** Puts somebody else's message among the dead letters: under our name, with the sender's in a header. */
    void bury(Channel channel, String queue, Message message) throws IOException {
        AMQP.BasicProperties properties = message.properties();
        byte[] body = message.body();
        Map<String, Object> headers = new HashMap<>();
        headers.put(SENDER_HEADER, properties.getUserId() == null ? "" : properties.getUserId());
        channel.basicPublish(
                Exchange.DEAD.wire(),
                queue,
                new AMQP.BasicProperties.Builder()
                        .messageId(properties.getMessageId())
                        .contentType(properties.getContentType())
                        .userId(broker.user())
                        .headers(headers)
                        .deliveryMode(2)
                        .build(),
                Arrays.copyOf(body, Math.min(body.length, MAX_DEAD_BYTES)));
    }
}
