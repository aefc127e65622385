package io.skein.audit.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * RFC 8785 canonical JSON and its SHA-256, and the JSON that can be kept: canonical numbers are IEEE doubles, so two different
 * large numbers could hash alike; such numbers become text before they are stored. NUL and halves of surrogate pairs, which
 * the database refuses, become U+FFFD.
 */
public final class CanonicalJson {

    private static final long MAX_SAFE = (1L << 53) - 1;

    private CanonicalJson() {}

    /** Lower-case hex. */
    public static String sha256(JsonNode node) {
        try {
            byte[] canonical = new JsonCanonicalizer(node.toString()).getEncodedUTF8();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("no canonical form: " + e.getMessage(), e);
        }
    }

    /** A copy that the database returns as it was given and that hashes without loss. */
    public static JsonNode storable(JsonNode node) {
        if (node.isTextual()) {
            return TextNode.valueOf(storable(node.textValue()));
        }
        if (node.isNumber()) {
            return isSafe(node) ? node : TextNode.valueOf(node.asText());
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(storable(element)));
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(member -> object.set(storable(member.getKey()), storable(member.getValue())));
            return object;
        }
        return node;
    }

    /** Text the database can keep; null stays null. */
    public static String storable(String text) {
        if (text == null || text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /** False when a stored number cannot have come from {@link #storable(JsonNode)}. */
    static boolean isSafe(JsonNode number) {
        if (number.isIntegralNumber()) {
            return number.canConvertToLong() && number.longValue() <= MAX_SAFE && number.longValue() >= -MAX_SAFE;
        }
        double value = number.doubleValue();
        if (!Double.isFinite(value)) {
            return false;
        }
        // A whole number comes back from the database as an integer, so the same bound applies.
        return Math.abs(value) <= MAX_SAFE
                && new BigDecimal(Double.toString(value)).compareTo(number.decimalValue()) == 0;
    }

    /** Whether every number in it is safe. */
    public static boolean isStorable(JsonNode node) {
        if (node.isNumber()) {
            return isSafe(node);
        }
        for (JsonNode child : node) {
            if (!isStorable(child)) {
                return false;
            }
        }
        return true;
    }
}
