package io.skein.contracts.topology;

import java.util.Map;

/**
 * A dead letter given back to the queue it died in: the message as it was, and how it once came there. Whoever reads it treats it
 * as if it came that way again, and checks its sender again: who may replay cannot make a forged message believed.
 *
 * @param exchange the exchange it was published to
 * @param routingKey with which key
 * @param sender the broker's user who published it, as the broker vouched; empty when nobody did
 * @param messageId its AMQP message id; the inbox knows it by that
 * @param headers its AMQP headers that are text
 */
public record ReplayedMessage(
        String exchange,
        String routingKey,
        String sender,
        String messageId,
        String contentType,
        Map<String, String> headers,
        byte[] body) {

    /** Content type of the message that carries it. */
    public static final String CONTENT_TYPE = "application/vnd.skein.replay+json";

    public ReplayedMessage {
        headers = headers == null ? Map.of() : Map.copyOf(headers);
    }
}
