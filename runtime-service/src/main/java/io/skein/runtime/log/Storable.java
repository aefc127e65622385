package io.skein.runtime.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What PostgreSQL cannot store, and what is stored in its place, so that an event with it is logged all the same: NUL and half a
 * character become U+FFFD, a time beyond the years 1 to 9999 the nearest in them.
 */
public final class Storable {

    /** An escaped NUL that is not itself behind an escaped backslash. */
    private static final Pattern NUL = Pattern.compile("((?<!\\\\)(?:\\\\\\\\)*)\\\\u0000");

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private Storable() {}

    /** Whether it can be stored as it is. */
    public static boolean isStorable(JsonNode data) {
        try {
            String json = WireFormat.mapper().writeValueAsString(data);
            return json(WireFormat.wellFormed(json)).equals(json);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    static String text(String text) {
        return text == null ? null : WireFormat.wellFormed(text).replace('\0', '\uFFFD');
    }

    static String json(JsonNode data) {
        return json(WireFormat.writeString(data));
    }

    static Instant time(Instant time) {
        return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    }

    private static String json(String json) {
        return json.contains("\\u0000") ? NUL.matcher(json).replaceAll("$1\uFFFD") : json;
    }
}
