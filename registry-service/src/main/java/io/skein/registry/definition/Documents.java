package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;

/** Documents held against each other. */
final class Documents {

    private Documents() {}

    /** Whether both say the same: the order of members does not matter, nor do zeros at a number's end. */
    static boolean same(JsonNode one, JsonNode other) {
        return one.equals((a, b) -> sameValue(a, b) ? 0 : 1, other);
    }

    private static boolean sameValue(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }
}
