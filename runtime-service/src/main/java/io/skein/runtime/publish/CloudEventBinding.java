package io.skein.runtime.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.CloudEventReader;
import io.skein.contracts.event.Priority;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.platform.problem.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The HTTP binding of CloudEvents 1.0: what of somebody's event becomes ours. */
final class CloudEventBinding {

    private static final String PREFIX = "ce-";

    /**
     * @param time when it happened, or null
     * @param identity source and id: one who repeats them repeats the event
     */
    record Received(PublishResource.Publication publication, Instant time, String identity) {}

    private CloudEventBinding() {}

    /**
     * The event when the request carries one, in the structured or the binary mode.
     *
     * @throws ProblemException validation_failed naming the attribute that is wrong
     */
    static Optional<Received> read(HttpHeaders headers, byte[] body) {
        String contentType = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
        try {
            if (CloudEventReader.isStructured(contentType)) {
                return Optional.of(received(CloudEventReader.structured(body)));
            }
            Map<String, String> attributes = attributes(headers);
            return attributes.isEmpty()
                    ? Optional.empty()
                    : Optional.of(received(CloudEventReader.binary(attributes, contentType, body)));
        } catch (CloudEventReader.InvalidCloudEventException e) {
            throw ProblemException.invalid(e.attribute(), e.problem());
        } catch (MalformedMessageException e) {
            throw new ProblemException(ErrorCode.MALFORMED_BODY, "The body is not a CloudEvent in JSON.");
        }
    }

    private static Map<String, String> attributes(HttpHeaders headers) {
        Map<String, String> attributes = new LinkedHashMap<>();
        headers.getRequestHeaders().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(PREFIX) && lower.length() > PREFIX.length() && !values.isEmpty()) {
                attributes.put(lower.substring(PREFIX.length()), decoded(values.getFirst()));
            }
        });
        return attributes;
    }

    /** Values are percent-encoded where they must be; a plus is a plus. */
    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    private static Received received(ObjectNode event) {
        var publication = new PublishResource.Publication(
                event.path("type").asText(),
                event.hasNonNull("subject") ? event.path("subject").asText() : null,
                event.hasNonNull("priority") ? priority(event.path("priority").asText()) : null,
                event.get("data"));
        Instant time = event.hasNonNull("time")
                ? OffsetDateTime.parse(event.path("time").asText()).toInstant()
                : null;
        return new Received(
                publication,
                time,
                event.path("source").asText() + "\n" + event.path("id").asText());
    }

    private static Priority priority(String text) {
        try {
            return Priority.fromWire(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("priority", "must be critical, high, normal or low");
        }
    }
}
