package io.skein.orchestrator.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/** Turns the words of a value into a value of the variable's type. */
public final class Values {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Values() {}

    /** Empty when the words cannot be a value of that type ("port soon"). */
    public static Optional<JsonNode> of(String type, String words) {
        boolean quoted = !Quotes.unquote(words).equals(words);
        String text = Quotes.unquote(words.strip());
        return switch (type == null ? "" : type.toLowerCase(Locale.ROOT)) {
            case "int", "integer", "port" ->
                text.matches("-?\\d{1,18}") ? Optional.of(JSON.numberNode(Long.parseLong(text))) : Optional.empty();
            case "number" -> text.contains(".") ? of("float", text) : of("int", text);
            case "float", "double" ->
                text.matches("-?\\d{1,15}(?:\\.\\d{1,15})?")
                        ? Optional.of(JSON.numberNode(Double.parseDouble(text)))
                        : Optional.empty();
            case "bool", "boolean" -> bool(text);
            case "list", "array" -> Optional.of(list(text));
            case "dict", "object", "map" -> Optional.empty();
            case "" -> Optional.of(quoted ? JSON.textNode(text) : guess(text));
            default -> Optional.of(JSON.textNode(text));
        };
    }

    /** The type a default value has, for playbooks that do not say. */
    public static String typeOf(JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        return switch (value.getNodeType()) {
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            case BOOLEAN -> "bool";
            case ARRAY -> "list";
            case OBJECT -> "dict";
            default -> "str";
        };
    }

    private static Optional<JsonNode> bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "enabled", "1" -> Optional.of(JSON.booleanNode(true));
            case "false", "no", "off", "disabled", "0" -> Optional.of(JSON.booleanNode(false));
            default -> Optional.empty();
        };
    }

    private static JsonNode list(String text) {
        ArrayNode items = JSON.arrayNode();
        for (String item : text.replaceAll("^\\[|\\]$", "").split("\\s*(?:,|\\band\\b)\\s*")) {
            if (!item.isBlank()) {
                items.add(Quotes.unquote(item.strip()));
            }
        }
        return items;
    }

    private static JsonNode guess(String text) {
        if (text.matches("-?(?:0|[1-9]\\d{0,17})")) {
            return JSON.numberNode(Long.parseLong(text));
        }
        if (text.matches("-?[1-9]\\d{18,}")) {
            return JSON.numberNode(new BigInteger(text));
        }
        return text.equals("true") || text.equals("false")
                ? JSON.booleanNode(text.equals("true"))
                : JSON.textNode(text);
    }
}
