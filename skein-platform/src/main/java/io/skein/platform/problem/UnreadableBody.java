package io.skein.platform.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** What is wrong with a JSON body and where, in the words of whoever sent it: no class of ours is named. */
final class UnreadableBody {

    private static final int MAX_CHOICES = 12;

    private UnreadableBody() {}

    static String describe(JacksonException e) {
        if (e instanceof StreamConstraintsException) {
            return "The JSON is nested too deeply, or a text or a number in it is too long.";
        }
        if (e instanceof MismatchedInputException mismatch) {
            String what = field(mismatch).isEmpty() ? "The body" : field(mismatch);
            String wanted = name(mismatch.getTargetType());
            return wanted.isEmpty() ? what + " cannot be read." : what + " must be " + wanted + ".";
        }
        if (e instanceof JsonMappingException mapping && !field(mapping).isEmpty()) {
            return field(mapping) + " cannot be read.";
        }
        return "The body is not JSON"
                + (e.getLocation() == null
                        ? "."
                        : ": line " + e.getLocation().getLineNr() + ", column "
                                + e.getLocation().getColumnNr() + ".");
    }

    /** {@code steps[2].variables.port}. */
    private static String field(JsonMappingException e) {
        StringBuilder field = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                field.append('[').append(reference.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return field.toString();
    }

    private static String name(Class<?> type) {
        if (type == null) {
            return "";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .limit(MAX_CHOICES)
                            .map(choice -> choice.toString().toLowerCase(java.util.Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a text";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "a list";
        }
        if (type == java.util.UUID.class) {
            return "an id";
        }
        if (java.time.temporal.Temporal.class.isAssignableFrom(type)) {
            return "a time like 2026-01-31T12:00:00Z";
        }
        return Map.class.isAssignableFrom(type) || type.isRecord() ? "an object" : "";
    }
}
