package io.skein.platform.messaging;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Declares every exchange, queue and binding of the fleet. Idempotent; each service does it on each connection. */
final class Topology {

    /** After so many deliveries without success a message is a dead letter. */
    static final int DELIVERY_LIMIT = 20;

    private static final int PRESENCE_TTL_MILLIS = 90_000;
    private static final int PRESENCE_MAX_MESSAGES = 10_000;

    private Topology() {}

    static void declare(Channel channel) throws IOException {
        for (Exchange exchange : Exchange.values()) {
            channel.exchangeDeclare(exchange.wire(), BuiltinExchangeType.TOPIC, true);
        }
        for (Queue queue : Queue.values()) {
            channel.queueDeclare(queue.wire(), true, false, false, arguments(queue));
            for (String binding : queue.bindings()) {
                channel.queueBind(queue.wire(), queue.exchange().wire(), binding);
            }
        }
    }

    private static Map<String, Object> arguments(Queue queue) {
        Map<String, Object> arguments = new HashMap<>();
        switch (queue.kind()) {
            case QUORUM -> {
                arguments.put("x-queue-type", "quorum");
                if (queue.exchange() != Exchange.DEAD) {
                    arguments.put("x-delivery-limit", DELIVERY_LIMIT);
                    arguments.put("x-dead-letter-exchange", Exchange.DEAD.wire());
                    arguments.put("x-dead-letter-routing-key", queue.wire());
                }
            }
            case TRANSIENT -> {
                arguments.put("x-message-ttl", PRESENCE_TTL_MILLIS);
                arguments.put("x-max-length", PRESENCE_MAX_MESSAGES);
            }
        }
        return arguments;
    }
}
