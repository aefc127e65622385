package io.skein.orchestrator.language;

import io.skein.orchestrator.language.Place.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds where to act. A known name counts when it stands where a place stands ("to the homelab", "on nas01", "the web
 * servers"), not when it is part of another name ("the homelab dashboard").
 */
public final class TargetFinder {

    private static final String PREPOSITION = "(?:to|on|onto|in|at|for|across|from|against|into|within|over)";
    private static final String NOUN =
            "(?:hosts?|servers?|machines?|nodes?|boxe?s?|inventory|group|cluster|environment)";
    private static final String AFTER =
            "(?=\\s*(?:$|[,;:!?)]|\\.(?:\\s|$))|\\s+(?:and|with|using|on|at|in|to|for|from|as|please|by|via|then|but"
                    + "|of|only|port|version|if|now|first|again|\\w+=)\\b|\\s+\\w+=)";
    private static final Pattern UNKNOWN = Pattern.compile(
            "\\b(to|on|onto|in|at|into|across)\\s+(?:(?:the|our|my|all|every)\\s+)*"
                    + "(?!(?:the|our|my|all|every|it|them|that|this|a|an|port|version)\\b)"
                    + "([\\p{L}\\p{N}][\\p{L}\\p{N}._-]*(?:\\s+[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*){0,2}?)"
                    + AFTER,
            Pattern.CASE_INSENSITIVE);
    private static final Pattern HOST_LIKE = Pattern.compile(".*(?:\\d|[-.]).*");
    /** "deploy X to Y": Y is a place. "add X to Y": Y is a thing. */
    private static final Set<String> PLACING = Set.of(
            "deploy",
            "install",
            "roll out",
            "rollout",
            "release",
            "push",
            "ship",
            "provision",
            "launch",
            "set up",
            "setup",
            "spin up",
            "stand up",
            "bring up",
            "publish",
            "upgrade",
            "update",
            "redeploy",
            "reinstall",
            "apply",
            "bootstrap",
            "uninstall",
            "put",
            "host",
            "run",
            "start");
    /** Words after "on" or "in" that are times, ways or parts of a machine, not machines. */
    private static final Set<String> NO_PLACE = Set.of(
            "config",
            "configuration",
            "settings",
            "list",
            "file",
            "files",
            "folder",
            "directory",
            "disk",
            "database",
            "parallel",
            "order",
            "general",
            "detail",
            "background",
            "foreground",
            "boot",
            "startup",
            "failure",
            "error",
            "demand",
            "time",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "today",
            "tomorrow",
            "tonight",
            "midnight",
            "noon",
            "once",
            "least",
            "most",
            "latest",
            "newest",
            "default",
            "date",
            "docker",
            "container",
            "containers",
            "minutes",
            "hours",
            "seconds",
            "days",
            "dry",
            "check",
            "debug",
            "mode",
            "full",
            "systemd",
            "there",
            "place",
            "addition",
            "case",
            "use");

    private record Hit(int start, int end, Place place) {}

    private final List<Place> places;

    /**
     * @param places every known place; a name may stand for several
     */
    public TargetFinder(Collection<Place> places) {
        this.places = places.stream()
                .sorted(Comparator.comparingInt((Place place) -> -place.name().length())
                        .thenComparing(Place::kind))
                .toList();
    }

    public Target find(String clause) {
        String masked = Quotes.mask(clause);
        List<Hit> hits = new ArrayList<>();
        for (Place place : places) {
            collect(masked, place, hits);
        }
        hits.sort(Comparator.comparingInt(Hit::start));
        StringBuilder rest = new StringBuilder(clause);
        StringBuilder maskedRest = new StringBuilder(masked);
        for (int i = hits.size() - 1; i >= 0; i--) {
            rest.delete(hits.get(i).start(), hits.get(i).end());
            maskedRest.delete(hits.get(i).start(), hits.get(i).end());
        }
        String quote = hits.stream()
                .map(hit -> clause.substring(hit.start(), hit.end()).strip())
                .distinct()
                .collect(Collectors.joining(" "));
        return new Target(
                hits.stream().map(Hit::place).distinct().toList(),
                quote.isEmpty() ? null : withoutPreposition(quote),
                unknown(maskedRest.toString()),
                tidy(rest.toString()));
    }

    /** Whether the words after this preposition really name a place, judged by the verb. */
    public static boolean looksLikePlace(String action, Target.Unknown unknown, Set<String> vocabulary) {
        List<String> words = List.of(unknown.words().toLowerCase(Locale.ROOT).split("\\s+"));
        if (words.stream().anyMatch(NO_PLACE::contains) || words.getFirst().matches("\\d.*")) {
            return false;
        }
        if (words.stream().allMatch(word -> vocabulary.contains(word) || vocabulary.contains(singular(word)))) {
            return false;
        }
        boolean placing = action == null || PLACING.contains(action);
        return switch (unknown.preposition().toLowerCase(Locale.ROOT)) {
            case "on", "onto", "across" -> true;
            case "to", "in", "into" ->
                placing || HOST_LIKE.matcher(words.getLast()).matches() && words.size() == 1;
            default -> placing && HOST_LIKE.matcher(words.getLast()).matches();
        };
    }

    /** The words without what looks like a place nobody knows: the playbook that is meant shows better without it. */
    public static String withoutUnknown(String words, String action, Target target) {
        String rest = words;
        for (Target.Unknown unknown : target.unknown()) {
            if (looksLikePlace(action, unknown, Set.of())) {
                rest = rest.replaceFirst(
                        "(?i)\\s+" + unknown.preposition() + "\\s+(?:(?:the|our|my|all|every)\\s+)*"
                                + Pattern.quote(unknown.words()),
                        "");
            }
        }
        String tidied = tidy(rest);
        return tidied.isEmpty() ? words : tidied;
    }

    private static String singular(String word) {
        return word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
    }

    private static void collect(String masked, Place place, List<Hit> hits) {
        Matcher matcher = pattern(place.name()).matcher(masked);
        while (matcher.find()) {
            boolean preposition = matcher.group(1) != null;
            boolean noun = matcher.group(3) != null;
            boolean plainHost =
                    place.kind() == Kind.HOST && HOST_LIKE.matcher(place.name()).matches();
            boolean whole = matcher.start() == 0 && matcher.end() == masked.length();
            if (preposition || noun || plainHost || whole || continues(masked, matcher.start(), hits)) {
                Hit hit = new Hit(matcher.start(), matcher.end(), place);
                if (hits.stream().noneMatch(other -> hides(other, hit))) {
                    hits.add(hit);
                }
            }
        }
    }

    /** A longer name found before covers this one, unless both are the same words with two meanings. */
    private static boolean hides(Hit other, Hit hit) {
        boolean overlaps = other.start() < hit.end() && hit.start() < other.end();
        boolean same = other.start() == hit.start()
                && other.end() == hit.end()
                && !other.place().inventory().equals(hit.place().inventory());
        return overlaps && !same;
    }

    /** "on nas01 and nas02": the second has no preposition of its own. */
    private static boolean continues(String masked, int start, List<Hit> hits) {
        return hits.stream()
                .anyMatch(hit -> hit.end() <= start
                        && masked.substring(hit.end(), start).matches("(?i)\\s*(?:,|and|&|,\\s*and)?\\s*"));
    }

    private static Pattern pattern(String name) {
        String words =
                Stream.of(name.strip().split("[\\s_-]+")).map(Pattern::quote).collect(Collectors.joining("[\\s_-]+"));
        return Pattern.compile(
                "(?<![\\p{L}\\p{N}._/-])(" + PREPOSITION
                        + "\\s+)?(?:(?:the|our|my|all|all\\s+of|every|each|both)\\s+)*(" + words + ")(\\s+" + NOUN
                        + ")?" + AFTER,
                Pattern.CASE_INSENSITIVE);
    }

    private static List<Target.Unknown> unknown(String masked) {
        List<Target.Unknown> found = new ArrayList<>();
        Matcher matcher = UNKNOWN.matcher(masked);
        while (matcher.find()) {
            found.add(new Target.Unknown(matcher.group(1), matcher.group(2)));
        }
        return found;
    }

    private static String withoutPreposition(String quote) {
        return quote.replaceFirst("(?i)^" + PREPOSITION + "\\s+", "");
    }

    static String tidy(String text) {
        return text.replaceAll("\\s{2,}", " ")
                .replaceAll("\\s+([,.;:])", "$1")
                .replaceAll("^[\\s,]+|(?:[\\s,]+|\\s+and)+$", "");
    }
}
