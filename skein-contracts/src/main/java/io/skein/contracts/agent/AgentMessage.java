package io.skein.contracts.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.Ids;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * The envelope of agent protocol v1. On the wire it is one JSON object with snake_case members; {@code type} says which
 * {@link AgentPayload} the {@code payload} is.
 *
 * @param messageId unique per message; consumers deduplicate by it
 * @param fromAgent sender, for example {@code orchestrator} or {@code infra-agent-1}
 * @param toAgent recipient: an agent id, or an agent type when any of that type may take it
 * @param traceId W3C trace id, 32 hex digits, or null
 * @param requestId one piece of work: a retry carries the same id and returns the first result
 */
public record AgentMessage(
        UUID messageId,
        String fromAgent,
        String toAgent,
        Instant timestamp,
        String traceId,
        UUID requestId,
        AgentPayload payload) {

    /** The protocol version this class speaks. */
    public static final String PROTOCOL_VERSION = "1.0";

    public AgentMessage {
        Objects.requireNonNull(messageId, "message_id");
        Objects.requireNonNull(fromAgent, "from_agent");
        Objects.requireNonNull(toAgent, "to_agent");
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(requestId, "request_id");
        Objects.requireNonNull(payload, "payload");
    }

    public static AgentMessage create(String from, String to, String traceId, UUID requestId, AgentPayload payload) {
        return new AgentMessage(Ids.next(), from, to, Instant.now(), traceId, requestId, payload);
    }

    /** The message as UTF-8 JSON. */
    public byte[] toJson() {
        ObjectNode node = WireFormat.mapper().createObjectNode();
        node.put("protocol_version", PROTOCOL_VERSION);
        node.put("message_id", messageId.toString());
        node.put("from_agent", fromAgent);
        node.put("to_agent", toAgent);
        node.put("timestamp", timestamp.toString());
        if (traceId != null) {
            node.put("trace_id", traceId);
        }
        node.put("request_id", requestId.toString());
        node.put("type", payload.type());
        node.set("payload", WireFormat.mapper().valueToTree(payload));
        return WireFormat.write(node);
    }

    /**
     * @throws MalformedMessageException when it is not a message of protocol 1.x, or of a type nobody defined
     */
    public static AgentMessage fromJson(byte[] json) {
        try {
            JsonNode node = WireFormat.mapper().readTree(json);
            if (node == null || !node.isObject()) {
                throw new MalformedMessageException("not a JSON object", null);
            }
            String version = text(node, "protocol_version");
            if (!version.startsWith("1.")) {
                throw new MalformedMessageException("protocol_version " + version + " is not 1.x", null);
            }
            Class<? extends AgentPayload> type = AgentPayload.classOf(text(node, "type"));
            return new AgentMessage(
                    UUID.fromString(text(node, "message_id")),
                    text(node, "from_agent"),
                    text(node, "to_agent"),
                    Instant.parse(text(node, "timestamp")),
                    node.path("trace_id").asText(null),
                    UUID.fromString(text(node, "request_id")),
                    WireFormat.mapper().treeToValue(node.path("payload"), type));
        } catch (IOException | IllegalArgumentException | NullPointerException | java.time.DateTimeException e) {
            throw new MalformedMessageException("not an agent message: " + e.getMessage(), e);
        }
    }

    private static String text(JsonNode node, String member) {
        JsonNode value = node.get(member);
        if (value == null || !value.isTextual()) {
            throw new MalformedMessageException(member + " is missing or not a string", null);
        }
        return value.asText();
    }
}
