package io.skein.registry.definition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is wrong with a definition, and where.
 *
 * @param at member names and list indexes (from 0) on the way there from the root
 */
record Violation(List<Object> at, String message) {

    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final int MAX_NAME = 100;

    Violation {
        at = List.copyOf(at);
    }

    static Violation at(String message, Object... at) {
        return new Violation(List.of(at), message);
    }

    /** As JSONPath: {@code $.rules[0].do[1].skill}. */
    String path() {
        StringBuilder path = new StringBuilder("$");
        for (Object step : at) {
            if (step instanceof Integer index) {
                path.append('[').append(index).append(']');
            } else {
                String name = step.toString();
                name = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "…" : name;
                path.append(
                        WORD.matcher(name).matches()
                                ? "." + name
                                : "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']");
            }
        }
        return path.toString();
    }

    /** A member of the problem document's {@code violations}. */
    Map<String, Object> toMember(Integer document) {
        Map<String, Object> member = new LinkedHashMap<>();
        if (document != null) {
            member.put("document", document);
        }
        String path = path();
        member.put("field", path.equals("$") ? path : path.substring(path.startsWith("$.") ? 2 : 1));
        member.put("path", path);
        member.put("message", message);
        return member;
    }

    static List<Object> append(List<Object> at, Object next) {
        List<Object> longer = new ArrayList<>(at);
        longer.add(next);
        return longer;
    }
}
