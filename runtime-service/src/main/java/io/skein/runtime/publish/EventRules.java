package io.skein.runtime.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.log.Storable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What an event may say that somebody outside of the fleet thought of. */
public final class EventRules {

    /** Dotted lower-case words. */
    public static final String TYPE = "[a-z0-9_-]{1,64}(\\.[a-z0-9_-]{1,64}){1,15}";

    public static final String TYPE_MESSAGE =
            "must be two or more lower-case words joined by dots, like backup.finished";

    public static final int MAX_TYPE = 200;

    public static final String ONE_LINE = "\\P{Cntrl}*";
    public static final String ONE_LINE_MESSAGE = "must not hold control characters";
    public static final int MAX_SUBJECT = 255;

    private static final int MAX_DATA_BYTES = 64 * 1024;

    /** An event is shown inside of lists, tasks and records, which a parser must still read. */
    private static final int MAX_DEPTH = 100;

    private EventRules() {}

    /**
     * A type of somebody's own.
     *
     * @throws ProblemException validation_failed when only the fleet itself publishes it
     */
    public static void requireOwnType(String field, String type) {
        if (ReservedTypes.isReserved(type)) {
            throw ProblemException.invalid(
                    field, "is one only the fleet itself publishes; begin it with a word of your own");
        }
    }

    /**
     * Not nested deeper than anybody means it.
     *
     * @throws ProblemException validation_failed when it is
     */
    public static void requireShallow(String field, JsonNode data) {
        List<JsonNode> level = List.of(data);
        for (int depth = 0; !level.isEmpty(); depth++) {
            if (depth > MAX_DEPTH) {
                throw ProblemException.invalid(field, "must not be nested deeper than " + MAX_DEPTH + " levels");
            }
            List<JsonNode> next = new ArrayList<>();
            level.forEach(node -> node.forEach(child -> {
                if (child.isContainerNode()) {
                    next.add(child);
                }
            }));
            level = next;
        }
    }

    /**
     * A JSON object of at most 64 KiB; an empty one for none.
     *
     * @throws ProblemException when it is anything else
     */
    public static JsonNode data(String field, JsonNode data) {
        if (data == null || data.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!data.isObject()) {
            throw ProblemException.invalid(field, "must be a JSON object");
        }
        requireShallow(field, data);
        String json = WireFormat.writeString(data);
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_DATA_BYTES) {
            throw new ProblemException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    field + " may have " + MAX_DATA_BYTES + " bytes; put large things elsewhere.");
        }
        if (!Storable.isStorable(data)) {
            throw ProblemException.invalid(field, "must not hold the character NUL or half a character");
        }
        return data;
    }
}
