package io.skein.contracts.agent;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;

/**
 * A part of a message that is too long to be sent in one. It has the routing key, sender and request id of the whole; the parts may
 * come in any order and more than once. {@link Chunks} cuts and joins.
 *
 * @param ofType the {@code type} of the whole
 * @param ofMessage the {@code message_id} of the whole; the same in all parts
 * @param index 0, 1, 2 …
 * @param count how many parts there are
 * @param sha256 of the whole message
 * @param data bytes of the whole from {@code index} · 256 KiB on; Base64 in JSON
 */
public record WorkChunk(
        @JsonProperty("of_type") String ofType,
        @JsonProperty("of_message") UUID ofMessage,
        @JsonProperty("index") int index,
        @JsonProperty("count") int count,
        @JsonProperty("sha256") String sha256,
        @JsonProperty("data") byte[] data)
        implements AgentPayload {

    @Override
    public boolean equals(Object other) {
        return other instanceof WorkChunk chunk
                && ofType.equals(chunk.ofType)
                && ofMessage.equals(chunk.ofMessage)
                && index == chunk.index
                && count == chunk.count
                && sha256.equals(chunk.sha256)
                && java.util.Arrays.equals(data, chunk.data);
    }

    @Override
    public int hashCode() {
        return ofMessage.hashCode() * 31 + index;
    }

    @Override
    public String toString() {
        return "part " + (index + 1) + " of " + count + " of " + ofType + " " + ofMessage;
    }
}
