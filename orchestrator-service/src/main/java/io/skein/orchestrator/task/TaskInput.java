package io.skein.orchestrator.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.problem.ProblemException;
import java.util.UUID;
import java.util.regex.Pattern;

/** The rules for what people and agents write about tasks, said with the field that breaks them. */
public final class TaskInput {

    static final int MAX_TITLE = 200;
    static final int MAX_DESCRIPTION = 8000;
    private static final int MAX_METADATA_BYTES = 16 * 1024;
    private static final int MAX_METADATA_DEPTH = 8;
    private static final Pattern AGENT = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

    private TaskInput() {}

    /** Text that is there, is not too long and has nothing in it that is no text. */
    public static String text(String field, String value, int max) {
        if (value == null || value.isBlank()) {
            throw ProblemException.invalid(field, "is missing");
        }
        String clean = value.strip();
        if (clean.length() > max) {
            throw ProblemException.invalid(field, "must be at most " + max + " characters");
        }
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            boolean half = Character.isHighSurrogate(c)
                    ? i + 1 == clean.length() || !Character.isLowSurrogate(clean.charAt(i + 1))
                    : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(clean.charAt(i - 1)));
            if (half || Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r') {
                throw ProblemException.invalid(
                        field, "is not plain text: character " + (i + 1) + " is U+" + String.format("%04X", (int) c));
            }
        }
        return clean;
    }

    /** The same, where nothing said is fine. */
    public static String optionalText(String field, String value, int max) {
        return value == null || value.isBlank() ? null : text(field, value, max);
    }

    static String agent(String agent) {
        if (agent != null && !AGENT.matcher(agent).matches()) {
            throw ProblemException.invalid("agent", "must be the id of an agent, like monitoring-manager");
        }
        return agent;
    }

    static TaskPriority priority(String priority) {
        return TaskPriority.fromWire(priority)
                .orElseThrow(() -> ProblemException.invalid("priority", "must be low, medium, high or urgent"));
    }

    static TaskStatus status(String status) {
        return TaskStatus.fromWire(status)
                .orElseThrow(() -> ProblemException.invalid(
                        "status", "must be pending, in_progress, completed, failed or cancelled"));
    }

    static JsonNode metadata(JsonNode metadata) {
        if (metadata == null || metadata.isNull()) {
            return WireFormat.mapper().createObjectNode();
        }
        if (!metadata.isObject()) {
            throw ProblemException.invalid("metadata", "must be a JSON object");
        }
        if (depth(metadata) > MAX_METADATA_DEPTH) {
            throw ProblemException.invalid("metadata", "must be at most " + MAX_METADATA_DEPTH + " levels deep");
        }
        byte[] json = WireFormat.write(metadata);
        if (json.length > MAX_METADATA_BYTES) {
            throw ProblemException.invalid("metadata", "must be at most " + MAX_METADATA_BYTES + " bytes");
        }
        // PostgreSQL's jsonb has no place for it.
        if (new String(json, java.nio.charset.StandardCharsets.UTF_8).contains("\\u0000")) {
            throw ProblemException.invalid("metadata", "must not have the character U+0000 in it");
        }
        return metadata;
    }

    private static int depth(JsonNode node) {
        int deepest = 0;
        for (JsonNode child : node) {
            deepest = Math.max(deepest, depth(child));
        }
        return deepest + 1;
    }

    /** An id in a parameter or a member; null when there is none. */
    public static UUID id(String field, String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        try {
            return UUID.fromString(value.strip());
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(field, "is no id");
        }
    }

    /** A body that has to be there. */
    public static <T> T body(T body) {
        if (body == null) {
            throw new ProblemException(
                    io.skein.contracts.error.ErrorCode.MALFORMED_BODY,
                    "Send a JSON object; the OpenAPI document has its shape.");
        }
        return body;
    }
}
