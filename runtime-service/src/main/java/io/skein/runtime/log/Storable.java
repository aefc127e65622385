package io.skein.runtime.log;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import java.util.regex.Pattern;

/** PostgreSQL stores no NUL; an event with one is logged all the same, with U+FFFD in its place. */
final class Storable {

    /** An escaped NUL that is not itself behind an escaped backslash. */
    private static final Pattern NUL = Pattern.compile("((?<!\\\\)(?:\\\\\\\\)*)\\\\u0000");

    private Storable() {}

    static String text(String text) {
        return text == null || text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }

    static String json(JsonNode data) {
        String json = WireFormat.writeString(data);
        return json.contains("\\u0000") ? NUL.matcher(json).replaceAll("$1\uFFFD") : json;
    }
}
