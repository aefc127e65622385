package io.skein.platform.messaging;

import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.event.CloudEventReader;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A message as it came from the broker. What it is read as is kept: the check of its sender and its handler read it once. */
public final class Delivery {

    private static final int MAX_HEARTBEAT_BYTES = 64 * 1024;

    private final UUID messageId;
    private final String routingKey;
    private final byte[] body;
    private final String contentType;
    private final Map<String, String> headers;
    private final BrokerIdentity sender;
    private final long deliveries;
    private Object read;

    /**
     * @param headers those that are text
     */
    Delivery(
            UUID messageId,
            String routingKey,
            byte[] body,
            String contentType,
            Map<String, String> headers,
            BrokerIdentity sender,
            long deliveries) {
        this.messageId = messageId;
        this.routingKey = routingKey;
        this.body = body;
        this.contentType = contentType;
        this.headers = headers;
        this.sender = sender;
        this.deliveries = deliveries;
    }

    /** The AMQP message id; the key of the inbox. */
    public UUID messageId() {
        return messageId;
    }

    public String routingKey() {
        return routingKey;
    }

    public byte[] body() {
        return body;
    }

    /** How often the queue has given it out before: 0, 1, 2 … */
    public long deliveries() {
        return deliveries;
    }

    /** Who sent it, as the broker vouches; empty only where {@link MessagingConfig#senderCheck()} is off. */
    public Optional<BrokerIdentity> sender() {
        return Optional.ofNullable(sender);
    }

    /**
     * In the structured or the binary mode of CloudEvents.
     *
     * @throws MalformedMessageException when it is no event
     */
    public SkeinEvent event() {
        if (!(read instanceof SkeinEvent)) {
            read = CloudEventReader.fromAmqp(contentType, headers, body);
        }
        return (SkeinEvent) read;
    }

    /**
     * @throws MalformedMessageException when it is no agent message
     */
    public AgentMessage agentMessage() {
        if (!(read instanceof AgentMessage)) {
            read = AgentMessage.fromJson(body);
        }
        return (AgentMessage) read;
    }

    /**
     * @throws MalformedMessageException when it is no heartbeat of a machine
     */
    public NodeHeartbeat nodeHeartbeat() {
        return heartbeat(NodeHeartbeat.class);
    }

    /**
     * @throws MalformedMessageException when it is no heartbeat of an agent
     */
    public AgentHeartbeat agentHeartbeat() {
        return heartbeat(AgentHeartbeat.class);
    }

    private <T> T heartbeat(Class<T> type) {
        if (body.length > MAX_HEARTBEAT_BYTES) {
            throw new MalformedMessageException("a heartbeat of " + body.length + " bytes", null);
        }
        return json(type);
    }

    private <T> T json(Class<T> type) {
        if (!type.isInstance(read)) {
            read = WireFormat.read(body, type);
        }
        return type.cast(read);
    }
}
