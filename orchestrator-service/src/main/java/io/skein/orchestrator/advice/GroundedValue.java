package io.skein.orchestrator.advice;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.language.Values;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a value can be a variable's, and whether the person wrote it. */
final class GroundedValue {

    private static final int MAX_LENGTH = 500;
    private static final int SHORTEST_NAME = 3;
    private static final Pattern QUOTATION =
            Pattern.compile("\"[^\"]*\"|\u201c[^\u201d]*\u201d|`[^`]*`|(?<![\\p{L}\\p{N}])'[^']*'(?![\\p{L}\\p{N}])");

    private GroundedValue() {}

    /** Of the type the playbook says, or its default has; text when it says nothing. */
    static boolean fits(Playbook.Variable variable, JsonNode value) {
        String type = variable.type() != null ? variable.type() : Values.typeOf(variable.defaultValue());
        return switch (type == null ? "" : type.toLowerCase(Locale.ROOT)) {
            case "int", "integer", "port" -> value.isIntegralNumber() && value.canConvertToLong();
            case "number", "float", "double" ->
                value.isNumber() && value.asText().length() <= MAX_LENGTH;
            case "bool", "boolean" -> value.isBoolean();
            case "list", "array" -> value.isArray() && allPlain(value);
            case "dict", "object", "map" -> false;
            case "" -> isPlain(value) || value.isNumber() || value.isBoolean();
            default -> isPlain(value);
        };
    }

    private static boolean allPlain(JsonNode list) {
        for (JsonNode item : list) {
            if (!isPlain(item)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(JsonNode value) {
        return value.isTextual()
                && !value.textValue().isBlank()
                && value.textValue().length() <= MAX_LENGTH
                && value.textValue().chars().noneMatch(Character::isISOControl);
    }

    /**
     * Text and numbers have to stand in the words as they are, bounded by what is no part of a word. What is on or off is said in many
     * ways; then the words have to speak of the variable at least.
     */
    static boolean standsIn(String words, Playbook.Variable variable, JsonNode value) {
        if (value.isArray()) {
            for (JsonNode item : value) {
                if (!contains(words, item.asText())) {
                    return false;
                }
            }
            return !value.isEmpty();
        }
        return value.isBoolean() ? isSpokenOf(words, variable.name()) : contains(words, value.asText());
    }

    /** Within a quotation only as the whole of it: who quotes a log does not ask for what stands in it. */
    private static boolean contains(String words, String text) {
        if (PlanQuestion.isHidden(text)) {
            return false;
        }
        String wanted = text.strip();
        Matcher quotation = QUOTATION.matcher(words);
        while (quotation.find()) {
            String quoted = quotation.group();
            if (quoted.substring(1, quoted.length() - 1).strip().equals(wanted)) {
                return true;
            }
        }
        return Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(wanted) + "(?![\\p{L}\\p{N}])")
                .matcher(QUOTATION.matcher(words).replaceAll(" \u0000 "))
                .find();
    }

    private static boolean isSpokenOf(String words, String name) {
        for (String part : name.split("[^\\p{L}\\p{N}]+|_")) {
            if (part.length() >= SHORTEST_NAME
                    && contains(words.toLowerCase(Locale.ROOT), part.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }
}
