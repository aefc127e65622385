package io.skein.registry.definition;

import java.util.regex.Pattern;

/**
 * Event type patterns, with the rules of the broker's topics: words joined by dots, {@code *} is any one word, {@code #} any
 * number of words, none included. {@code step.*} is {@code step.failed} and not {@code step.log.line}; {@code auth.#} is both
 * {@code auth.signed.in} and {@code auth}.
 */
final class EventPattern {

    private static final Pattern SYNTAX =
            Pattern.compile("(?:[a-z0-9_-]{1,64}|\\*|#)(?:\\.(?:[a-z0-9_-]{1,64}|\\*|#)){0,15}");
    private static final Pattern TYPE = Pattern.compile("[a-z0-9_-]{1,64}(?:\\.[a-z0-9_-]{1,64}){0,15}");

    private EventPattern() {}

    static void check(String pattern) {
        if (pattern == null || !SYNTAX.matcher(pattern).matches()) {
            throw new IllegalArgumentException("\"" + pattern + "\" is not a pattern of event types");
        }
    }

    static boolean isType(String type) {
        return TYPE.matcher(type).matches();
    }

    static boolean matches(String pattern, String type) {
        return matches(pattern.split("\\."), 0, type.split("\\."), 0);
    }

    private static boolean matches(String[] pattern, int p, String[] type, int t) {
        if (p == pattern.length) {
            return t == type.length;
        }
        if (pattern[p].equals("#")) {
            for (int rest = t; rest <= type.length; rest++) {
                if (matches(pattern, p + 1, type, rest)) {
                    return true;
                }
            }
            return false;
        }
        return t < type.length
                && (pattern[p].equals("*") || pattern[p].equals(type[t]))
                && matches(pattern, p + 1, type, t + 1);
    }
}
