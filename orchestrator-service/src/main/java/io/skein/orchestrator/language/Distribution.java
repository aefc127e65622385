package io.skein.orchestrator.language;

import java.util.List;
import java.util.stream.Stream;

/**
 * "deploy Grafana and Prometheus" may be one thing to do or two with a shared verb. Words alone cannot tell; this gives the
 * second reading, and the playbooks there are decide.
 */
public final class Distribution {

    private static final int MAX_PARTS = 5;

    private Distribution() {}

    /** The clause once per object; empty when there is only one object. */
    public static List<String> of(String clause) {
        String masked = Quotes.mask(clause);
        Verbs.Head head = Verbs.atSentenceStart(clause).orElse(null);
        if (head == null || !masked.matches("(?is).+\\s(?:and|&|plus)\\s.+")) {
            return List.of();
        }
        Quotes.Hidden hidden = Quotes.hide(clause.substring(head.length()).strip());
        String verb = clause.substring(0, head.length());
        List<String> parts = Stream.of(hidden.text().split("(?i)\\s*,\\s*(?:and\\s+)?|\\s+(?:and|&|plus)\\s+"))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(part -> verb + " " + hidden.restore(part))
                .toList();
        return parts.size() < 2 || parts.size() > MAX_PARTS ? List.of() : parts;
    }
}
