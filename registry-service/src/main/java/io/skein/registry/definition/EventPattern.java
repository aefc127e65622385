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
        return matches(pattern.split("\\."), type.split("\\."));
    }

    /** Of several # only the latest is ever tried again: many of them cost no more than one. */
    private static boolean matches(String[] pattern, String[] type) {
        int p = 0;
        int t = 0;
        int any = -1;
        int taken = 0;
        while (t < type.length) {
            if (p < pattern.length && pattern[p].equals("#")) {
                any = p++;
                taken = t;
            } else if (p < pattern.length && (pattern[p].equals("*") || pattern[p].equals(type[t]))) {
                p++;
                t++;
            } else if (any >= 0) {
                p = any + 1;
                t = ++taken;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p].equals("#")) {
            p++;
        }
        return p == pattern.length;
    }
}
