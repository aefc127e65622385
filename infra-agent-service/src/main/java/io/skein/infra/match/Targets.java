package io.skein.infra.match;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes out of a request what says where and with which values, so that what is left says what. */
final class Targets {

    private static final Pattern POLITE =
            Pattern.compile("(?i)^\\s*(?:(?:please|kindly|hey|hi|ok|okay|skein)[,!]?\\s+)*"
                    + "(?:(?:can|could|would|will) you (?:please )?|i(?:'d| would) like (?:you )?to |(?:i|we) (?:want|need|have) (?:you )?to "
                    + "|let'?s |go ahead and |help me (?:to )?)?(?:please )?");
    private static final Pattern VALUES = Pattern.compile("(?i)\\b(?:on|using|with|at|to|and)?\\s*(?:the )?port\\s+\\d+"
            + "|\\b(?:with|using|where|and)?\\s*[a-z_][a-z0-9_]*\\s*=\\s*(?:\"[^\"]*\"|'[^']*'|\\S+)"
            + "|\"[^\"]*\"|'[^']{2,}'|`[^`]*`"
            + "|\\bhttps?://\\S+");
    private static final Pattern NAMED_PATH =
            Pattern.compile("(?i)\\b(directory|folder|file|path)\\s+(?:called |named |at |in )?~?/[\\w./-]*\\w");
    private static final Pattern BARE_PATH = Pattern.compile("(?<![\\w.~/])~?/[\\w./-]*\\w");
    private static final String PLACE =
            "(?:on|in|to|onto|at|for|across|from|of)\\s+(?:all\\s+)?(?:of\\s+)?(?:the|our|my|every|each|all)?\\s*";
    private static final Pattern GENERIC = Pattern.compile(
            "(?i)\\b" + PLACE + "(?:home ?lab|home lab|lab|hosts?|machines?|servers?|nodes?|fleet|cluster|network)\\b");

    private final Pattern named;

    /**
     * @param names what people call inventories, hosts and groups
     */
    Targets(Collection<String> names) {
        List<String> longestFirst = names.stream()
                .map(n -> n.toLowerCase(Locale.ROOT).strip())
                .filter(n -> n.length() > 1)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        named = longestFirst.isEmpty()
                ? null
                : Pattern.compile(
                        "(?i)\\b" + PLACE + "(?:"
                                + longestFirst.stream().map(Pattern::quote).collect(Collectors.joining("|"))
                                + ")(?:\\s+(?:hosts?|machines?|servers?|group|inventory))?(?=\\s*(?:$|[,.;!?]|\\band\\b|\\bwith\\b|\\busing\\b|\\bat\\b|\\bon\\b))");
    }

    String strip(String text) {
        String rest = POLITE.matcher(text).replaceFirst("");
        rest = VALUES.matcher(rest).replaceAll(" ");
        rest = NAMED_PATH.matcher(rest).replaceAll("$1");
        rest = BARE_PATH.matcher(rest).replaceAll("the directory");
        if (named != null) {
            rest = named.matcher(rest).replaceAll(" ");
        }
        rest = GENERIC.matcher(rest).replaceAll(" ");
        rest = rest.replaceAll("\\s+", " ").strip().replaceAll("[\\s,.;!?]+$", "");
        return rest.isBlank() ? text.strip() : rest;
    }
}
