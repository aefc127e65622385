package io.skein.runtime.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import io.skein.platform.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code Skein-Timestamp}: seconds since 1970. {@code Skein-Signature}: {@code v1=} and the HMAC-SHA256, in hex, of the timestamp,
 * a dot and the body. Good for five minutes, and the same signed text once: a sender that repeats an attempt with the same
 * signature publishes nothing twice.
 */
final class GenericDialect implements Dialect {

    static final Duration WINDOW = Duration.ofMinutes(5);

    private static final Pattern TIMESTAMP = Pattern.compile("[1-9][0-9]{0,11}");
    private static final String VERSION = "v1=";

    @Override
    public Proof proof(Delivered delivered, List<byte[]> secrets, Instant now) {
        String timestamp = delivered.header(Delivered.TIMESTAMP);
        String signature = delivered.header(Delivered.SIGNATURE);
        if (timestamp == null || signature == null) {
            return Proof.MISSING;
        }
        Optional<byte[]> claimed = signature.startsWith(VERSION)
                ? Signatures.parse(signature.substring(VERSION.length()))
                : Optional.empty();
        if (!TIMESTAMP.matcher(timestamp).matches()
                || claimed.isEmpty()
                || !Signatures.isSigned(secrets, delivered.timed(timestamp), claimed.get())) {
            return Proof.WRONG;
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                .abs();
        return age.compareTo(WINDOW) > 0 ? Proof.STALE : Proof.GOOD;
    }

    @Override
    public List<Incoming> read(Delivered delivered, JsonNode body, Webhook webhook) {
        if (!body.isObject()) {
            throw ProblemException.invalid("body", "must be a JSON object");
        }
        String signed = Signatures.hash(delivered.timed(delivered.header(Delivered.TIMESTAMP)));
        return List.of(new Incoming(
                webhook.type(),
                webhook.priority() == null ? Priority.NORMAL : webhook.priority(),
                null,
                body,
                List.of("signed:" + signed)));
    }
}
