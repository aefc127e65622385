package io.skein.orchestrator.language;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of a request: an item of a numbered or bulleted list, or plain text. */
record Item(Kind kind, String text) {

    enum Kind {
        NUMBERED,
        BULLET,
        PLAIN
    }

    private static final Pattern NUMBER =
            Pattern.compile("\\s*(?:\\(?\\d{1,2}[.)]|step\\s+\\d{1,2}\\s*[:.)])\\s+", Pattern.CASE_INSENSITIVE);
    private static final Pattern BULLET = Pattern.compile("\\s*[-*•–]\\s+");
    private static final Pattern INLINE_NUMBER = Pattern.compile("(?<=^|\\s|:)\\(?(\\d{1,2})[.)]\\s+");

    static List<Item> of(String text) {
        List<Item> items = new ArrayList<>();
        for (String line : breakInlineList(text).split("\n")) {
            if (line.isBlank()) {
                continue;
            }
            Matcher number = NUMBER.matcher(line);
            Matcher bullet = BULLET.matcher(line);
            if (number.lookingAt()) {
                items.add(new Item(Kind.NUMBERED, line.substring(number.end()).strip()));
            } else if (bullet.lookingAt()) {
                items.add(new Item(Kind.BULLET, line.substring(bullet.end()).strip()));
            } else {
                items.add(new Item(Kind.PLAIN, line.strip()));
            }
        }
        return items;
    }

    /** "1. do this 2. do that" on one line becomes two lines, when the numbers really count up from 1. */
    private static String breakInlineList(String text) {
        Matcher matcher = INLINE_NUMBER.matcher(text);
        List<Integer> starts = new ArrayList<>();
        int expected = 1;
        while (matcher.find()) {
            if (Integer.parseInt(matcher.group(1)) == expected) {
                starts.add(matcher.start());
                expected++;
            }
        }
        if (starts.size() < 2) {
            return text;
        }
        StringBuilder out = new StringBuilder(text);
        for (int i = starts.size() - 1; i >= 0; i--) {
            out.insert(starts.get(i), "\n");
        }
        return out.toString();
    }
}
