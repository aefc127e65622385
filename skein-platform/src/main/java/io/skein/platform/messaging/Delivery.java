package io.skein.platform.messaging;

import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import java.util.UUID;

/**
 * A message as it came from the broker.
 *
 * @param messageId the AMQP message id; the key of the inbox
 */
public record Delivery(UUID messageId, String routingKey, byte[] body) {

    /**
     * @throws io.skein.contracts.wire.MalformedMessageException when it is no event
     */
    public SkeinEvent event() {
        return WireFormat.read(body, SkeinEvent.class);
    }

    /**
     * @throws io.skein.contracts.wire.MalformedMessageException when it is no agent message
     */
    public AgentMessage agentMessage() {
        return AgentMessage.fromJson(body);
    }
}
