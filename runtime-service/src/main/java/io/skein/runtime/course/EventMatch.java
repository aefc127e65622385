package io.skein.runtime.course;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Patterns and filters of definitions, held against names and events. A pattern has the rules of the broker's topics: words joined by
 * dots, {@code *} is any one word, {@code #} any number of words. A filter's value is text in which {@code *} stands for anything.
 */
public final class EventMatch {

    private static final String DATA = "data.";

    private EventMatch() {}

    /** Whether an event type, or a task's name, fits the pattern. */
    public static boolean fits(String pattern, String name) {
        String[] words = name.split("\\.");
        // Which numbers of words the pattern's words up to here can stand for: a # never makes us look twice.
        boolean[] reached = new boolean[words.length + 1];
        reached[0] = true;
        for (String word : pattern.split("\\.")) {
            boolean[] next = new boolean[words.length + 1];
            boolean any = false;
            for (int n = 0; n <= words.length; n++) {
                any |= reached[n];
                next[n] = word.equals("#")
                        ? any
                        : n > 0 && reached[n - 1] && (word.equals("*") || word.equals(words[n - 1]));
            }
            reached = next;
        }
        return reached[words.length];
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

    /**
     * Whether a text fits one in which {@code *} stands for anything. The text is a stranger's and may be long: each part is looked
     * for once, where a regular expression would go back and try again for minutes.
     */
    public static boolean matches(String glob, String value) {
        if (value == null) {
            return false;
        }
        String[] parts = glob.split("\\*", -1);
        String first = parts[0];
        String last = parts[parts.length - 1];
        if (parts.length == 1) {
            return glob.equals(value);
        }
        if (value.length() < first.length() + last.length() || !value.startsWith(first) || !value.endsWith(last)) {
            return false;
        }
        int from = first.length();
        int end = value.length() - last.length();
        for (int i = 1; i < parts.length - 1; i++) {
            int at = value.indexOf(parts[i], from);
            if (at < 0 || at + parts[i].length() > end) {
                return false;
            }
            from = at + parts[i].length();
        }
        return true;
    }
}
