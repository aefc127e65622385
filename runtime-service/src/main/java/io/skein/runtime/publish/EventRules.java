package io.skein.runtime.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;

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
        String json = WireFormat.writeString(data);
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_DATA_BYTES) {
            throw new ProblemException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    field + " may have " + MAX_DATA_BYTES + " bytes; put large things elsewhere.");
        }
        if (json.contains("\\u0000")) {
            throw ProblemException.invalid(field, "must not hold the character NUL");
        }
        return data;
    }
}
