package io.skein.platform.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import io.skein.contracts.topology.ReplayedMessage;
import java.util.HashMap;
import java.util.Map;

/** What the broker delivered, not looked at yet. */
record Message(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {

    private static final String DELIVERY_COUNT = "x-delivery-count";

    long tag() {
        return envelope.getDeliveryTag();
    }

    /** The headers that are text. */
    Map<String, String> texts() {
        if (properties.getHeaders() == null || properties.getHeaders().isEmpty()) {
            return Map.of();
        }
        Map<String, String> texts = new HashMap<>();
        properties.getHeaders().forEach((name, value) -> {
            if (value instanceof LongString || value instanceof String) {
                texts.put(name, value.toString());
            }
        });
        return texts;
    }

    /** What this delivery carries instead of itself; settled as the one it is. */
    Message instead(ReplayedMessage carried) {
        Map<String, Object> headers = new HashMap<>(carried.headers());
        if (properties.getHeaders() != null && properties.getHeaders().containsKey(DELIVERY_COUNT)) {
            headers.put(DELIVERY_COUNT, properties.getHeaders().get(DELIVERY_COUNT));
        }
        return new Message(
                new Envelope(tag(), envelope.isRedeliver(), carried.exchange(), carried.routingKey()),
                new AMQP.BasicProperties.Builder()
                        .userId(carried.sender().isEmpty() ? null : carried.sender())
                        .messageId(carried.messageId())
                        .contentType(carried.contentType())
                        .headers(headers)
                        .build(),
                carried.body());
    }

    /** How often the queue has given it out before. */
    long deliveries() {
        return properties.getHeaders() != null && properties.getHeaders().get(DELIVERY_COUNT) instanceof Number count
                ? count.longValue()
                : 0;
    }
}
