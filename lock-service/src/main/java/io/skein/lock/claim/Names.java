package io.skein.lock.claim;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;

/** What a name may look like. */
public final class Names {

    private static final int MAX_LENGTH = 200;
    private static final int MAX_METADATA_BYTES = 4096;

    private Names() {}

    /**
     * A name of 1..200 characters, not blank, without control characters and without halves of surrogate pairs (which no
     * database can store).
     */
    public static String checked(String field, String name) {
        require(name != null && !name.isBlank() && name.length() <= MAX_LENGTH, field, "must have 1..200 characters");
        boolean clean = name.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        require(clean, field, "must not contain control characters");
        return name;
    }

    static JsonNode metadata(JsonNode metadata) {
        if (metadata == null || metadata.isNull()) {
            return null;
        }
        require(metadata.isObject(), "metadata", "must be a JSON object");
        String json = json(metadata);
        require(
                json.getBytes(StandardCharsets.UTF_8).length <= MAX_METADATA_BYTES,
                "metadata",
                "must not exceed 4096 bytes");
        require(!json.contains("\\u0000"), "metadata", "must not contain NUL characters");
        return metadata;
    }

    /** As text; writing it as bytes would quietly replace what is not Unicode. */
    private static String json(JsonNode metadata) {
        String json = metadata.toString();
        require(StandardCharsets.UTF_8.newEncoder().canEncode(json), "metadata", "holds text that is not Unicode");
        return json;
    }

    static void require(boolean condition, String field, String message) {
        if (!condition) {
            throw ProblemException.invalid(field, message);
        }
    }
}
