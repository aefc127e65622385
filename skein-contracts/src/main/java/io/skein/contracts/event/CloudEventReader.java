package io.skein.contracts.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads a CloudEvents 1.0 event in either of its two content modes, whatever carried it: structured (one JSON document) or binary
 * (attributes as headers, the data as body). What it gives is the structured form, checked. Data is JSON here, always.
 */
public final class CloudEventReader {

    private static final String STRUCTURED = "application/cloudevents";
    private static final String DATA_TYPE = "datacontenttype";
    private static final List<String> REQUIRED = List.of("id", "source", "type");
    private static final Pattern FOUR_DIGITS = Pattern.compile("\\d{4}-");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}");
    private static final Pattern JSON_TYPE = Pattern.compile("[^;/]+/([^;/]+\\+)?json\\s*(;.*)?");
    /** How the AMQP binding marks attributes among the headers; the second is for those who cannot write a colon. */
    private static final List<String> AMQP_PREFIXES = List.of("cloudEvents:", "cloudEvents_");

    /** It is no CloudEvents 1.0 event. */
    public static final class InvalidCloudEventException extends MalformedMessageException {

        private static final long serialVersionUID = 1L;

        private final String attribute;
        private final String problem;

        InvalidCloudEventException(String attribute, String problem) {
            super("no CloudEvent: " + attribute + " " + problem, null);
            this.attribute = attribute;
            this.problem = problem;
        }

        /** Which attribute is wrong. */
        public String attribute() {
            return attribute;
        }

        /** What is wrong with it. */
        public String problem() {
            return problem;
        }
    }

    private CloudEventReader() {}

    /** True for the content type of the structured mode. */
    public static boolean isStructured(String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(STRUCTURED);
    }

    /**
     * An event as a message of the broker carries it.
     *
     * @param headers the AMQP application headers
     * @throws MalformedMessageException when it is none
     */
    public static SkeinEvent fromAmqp(String contentType, Map<String, String> headers, byte[] body) {
        Map<String, String> attributes = new LinkedHashMap<>();
        headers.forEach((name, value) -> AMQP_PREFIXES.stream()
                .filter(name::startsWith)
                .forEach(prefix -> attributes.put(name.substring(prefix.length()), value)));
        if (!isStructured(contentType) && attributes.containsKey("specversion")) {
            return event(binary(attributes, contentType, body));
        }
        // Structured, also of senders that do not say so.
        if (!(WireFormat.read(body, JsonNode.class) instanceof ObjectNode event)) {
            throw new MalformedMessageException("a CloudEvent is a JSON object", null);
        }
        JsonNode version = event.path("specversion");
        if (!version.isMissingNode() && !version.asText().equals("1.0")) {
            throw new InvalidCloudEventException("specversion", "must be 1.0");
        }
        return event(event);
    }

    private static SkeinEvent event(ObjectNode structured) {
        try {
            return WireFormat.mapper().treeToValue(structured, SkeinEvent.class);
        } catch (JsonProcessingException e) {
            throw new MalformedMessageException("not a SkeinEvent: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * @param body the JSON document
     * @throws InvalidCloudEventException naming the attribute that is wrong
     * @throws MalformedMessageException when it is not JSON
     */
    public static ObjectNode structured(byte[] body) {
        if (!(WireFormat.read(body, JsonNode.class) instanceof ObjectNode event)) {
            throw new MalformedMessageException("a CloudEvent is a JSON object", null);
        }
        JsonNode base64 = event.remove("data_base64");
        if (base64 != null) {
            requireJson(event);
            try {
                event.set("data", json(Base64.getDecoder().decode(base64.asText())));
            } catch (IllegalArgumentException e) {
                throw new InvalidCloudEventException("data_base64", "is not Base64");
            }
        }
        return checked(event);
    }

    /**
     * @param attributes by their names without any prefix
     * @param contentType of the data
     * @throws InvalidCloudEventException naming the attribute that is wrong
     */
    public static ObjectNode binary(Map<String, String> attributes, String contentType, byte[] body) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        attributes.forEach(event::put);
        if (contentType != null) {
            event.put(DATA_TYPE, contentType);
        }
        requireJson(event);
        if (body != null && body.length > 0) {
            event.set("data", json(body));
        }
        return checked(event);
    }

    private static ObjectNode checked(ObjectNode event) {
        JsonNode version = event.path("specversion");
        if (!version.isTextual() || !version.asText().equals("1.0")) {
            throw new InvalidCloudEventException("specversion", "must be 1.0");
        }
        for (String name : REQUIRED) {
            if (!event.path(name).isTextual() || event.path(name).asText().isBlank()) {
                throw new InvalidCloudEventException(name, "is required");
            }
        }
        event.fieldNames().forEachRemaining(name -> {
            if (!NAME.matcher(name).matches()) {
                throw new InvalidCloudEventException(
                        name.length() > 64 ? name.substring(0, 64) : name,
                        "is no name of an attribute: these are lower-case letters and digits");
            }
        });
        if (event.hasNonNull("time")) {
            // The parser takes years of five digits and more; RFC 3339 does not.
            if (!FOUR_DIGITS.matcher(event.path("time").asText()).lookingAt()) {
                throw new InvalidCloudEventException("time", "must be an RFC 3339 time");
            }
            try {
                OffsetDateTime.parse(event.path("time").asText());
            } catch (DateTimeException e) {
                throw new InvalidCloudEventException("time", "must be an RFC 3339 time");
            }
        }
        requireJson(event);
        return event;
    }

    private static void requireJson(ObjectNode event) {
        JsonNode type = event.get(DATA_TYPE);
        if (type != null
                && !type.isNull()
                && !JSON_TYPE.matcher(type.asText().toLowerCase(Locale.ROOT)).matches()) {
            throw new InvalidCloudEventException(DATA_TYPE, "must be JSON");
        }
    }

    private static JsonNode json(byte[] data) {
        try {
            return WireFormat.mapper().readTree(data);
        } catch (IOException e) {
            throw new InvalidCloudEventException("data", "is not JSON");
        }
    }
}
