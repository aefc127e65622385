package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;

/** What the broker delivered, not looked at yet. */
record Message(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {

    long tag() {
        return envelope.getDeliveryTag();
    }

    /** How often the queue has given it out before. */
    long deliveries() {
        return properties.getHeaders() != null
                        && properties.getHeaders().get("x-delivery-count") instanceof Number count
                ? count.longValue()
                : 0;
    }
}
