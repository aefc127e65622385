package io.skein.orchestrator.language;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hides quoted text, so that no rule cuts or reads inside it. */
final class Quotes {

    /** Characters that stand for hidden text: the private use area, which no rule matches as a letter. */
    static final String HIDDEN_CLASS = "\uE000-\uF8FF";

    private static final char MASK = '\uE000';
    private static final char FIRST = '\uE100';

    // A single quote opens only after a space or bracket: "router's" and "don't" are no quotations.
    private static final Pattern QUOTED =
            Pattern.compile("\"[^\"\\n]*\"|“[^”\\n]*”|`[^`\\n]*`|(?<![\\p{L}\\p{N}])'[^'\\n]+'(?![\\p{L}\\p{N}])");

    private Quotes() {}

    /** A text with one character for each quotation, and the quotations. */
    record Hidden(String text, List<String> quotations) {

        String restore(String part) {
            StringBuilder out = new StringBuilder(part.length());
            for (int i = 0; i < part.length(); i++) {
                int index = part.charAt(i) - FIRST;
                if (index >= 0 && index < quotations.size()) {
                    out.append(quotations.get(index));
                } else {
                    out.append(part.charAt(i));
                }
            }
            return out.toString();
        }
    }

    static Hidden hide(String text) {
        List<String> quotations = new ArrayList<>();
        Matcher matcher = QUOTED.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            char stand = (char) (FIRST + quotations.size());
            quotations.add(matcher.group());
            matcher.appendReplacement(out, String.valueOf(stand));
        }
        matcher.appendTail(out);
        return new Hidden(out.toString(), quotations);
    }

    /** The text with the inside of every quotation masked, character by character: positions stay the same. */
    static String mask(String text) {
        Matcher matcher = QUOTED.matcher(text);
        StringBuilder masked = new StringBuilder(text);
        while (matcher.find()) {
            for (int i = matcher.start(); i < matcher.end(); i++) {
                masked.setCharAt(i, MASK);
            }
        }
        return masked.toString();
    }

    /** The text without one pair of quotation marks around it. */
    static String unquote(String text) {
        if (text.length() >= 2 && QUOTED.matcher(text).matches()) {
            return text.substring(1, text.length() - 1);
        }
        return text;
    }
}
