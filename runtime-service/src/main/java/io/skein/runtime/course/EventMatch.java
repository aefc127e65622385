package io.skein.runtime.course;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Patterns and filters of definitions, held against names and events. A pattern has the rules of the broker's topics: words joined by
 * dots, {@code *} is any one word, {@code #} any number of words. A filter's value is text in which {@code *} stands for anything.
 */
public final class EventMatch {

    private static final Pattern STAR = Pattern.compile("\\*");
    private static final String DATA = "data.";

    private EventMatch() {}

    /** Whether an event type, or a task's name, fits the pattern. */
    public static boolean fits(String pattern, String name) {
        return fits(pattern.split("\\."), 0, name.split("\\."), 0);
    }

    private static boolean fits(String[] pattern, int p, String[] name, int n) {
        if (p == pattern.length) {
            return n == name.length;
        }
        if (pattern[p].equals("#")) {
            for (int rest = n; rest <= name.length; rest++) {
                if (fits(pattern, p + 1, name, rest)) {
                    return true;
                }
            }
            return false;
        }
        return n < name.length
                && (pattern[p].equals("*") || pattern[p].equals(name[n]))
                && fits(pattern, p + 1, name, n + 1);
    }

    /**
     * Whether all of them hold; a path that does not exist does not.
     *
     * @param filters values by path: subject, actor, source, priority, team or {@code data.} and a path; missing is none
     * @param event as CloudEvents JSON
     */
    static boolean accepts(JsonNode filters, JsonNode event) {
        for (Map.Entry<String, JsonNode> filter : filters.properties()) {
            if (!matches(filter.getValue().asText(), value(filter.getKey(), event))) {
                return false;
            }
        }
        return true;
    }

    private static String value(String path, JsonNode event) {
        JsonNode node = event;
        for (String member : (path.startsWith(DATA) ? path : path.replace(".", "")).split("\\.")) {
            node = node.path(member);
        }
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }

    /** Whether a text fits one in which {@code *} stands for anything. */
    public static boolean matches(String glob, String value) {
        if (value == null) {
            return false;
        }
        String regex = STAR.splitAsStream(glob + "\0")
                .map(part -> Pattern.quote(part.replace("\0", "")))
                .collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.DOTALL).matcher(value).matches();
    }
}
