package io.skein.orchestrator.language;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads values for a playbook's variables out of what a person wrote: {@code kuma_port=3002}, "set kuma port to 3002", "on port
 * 3002", "version 2.0.2", "called \"status\"". A short name ("port") counts only when one variable of the playbook ends so.
 */
public final class VariableExtractor {

    private static final String QUOTED = "\"[^\"\\n]*\"|“[^”\\n]*”|`[^`\\n]*`|'[^'\\n]+'";
    private static final String VALUE = "(" + QUOTED + "|[^\\s,;\"'“`]+)";
    private static final String LINK =
            "(?:\\s*[=:]\\s*|\\s+(?:number\\s+)?(?:(?:should\\s+be|must\\s+be|is|to|as|be)\\s+)?)";
    private static final Pattern EMAIL = Pattern.compile("[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+");
    private static final Pattern URL = Pattern.compile("https?://[^\\s,;\"'>]+");
    private static final Pattern PATH =
            Pattern.compile("(?<=^|\\s)(?:((?i:to|into))\\s+)?([~/][\\w.@+-]*(?:/[\\w.@+-]+)*/?)(?=$|[\\s,;:.!?)])");
    private static final String SOURCE = "(?i)(?:.*_)?(?:source|src|path|dir|directory|folder|file)";
    private static final String DESTINATION =
            "(?i)(?:.*_)?(?:dest|destination|target|to)(?:_(?:path|dir|directory|folder))?";
    private static final Pattern CALLED =
            Pattern.compile("\\b(?:called|named|(?:call|name)\\s+(?:it|them))\\s+" + VALUE, Pattern.CASE_INSENSITIVE);

    /** "add our portals to the config": what follows begins a place or a thing, it is no value. */
    private static final Pattern NO_VALUE =
            Pattern.compile("(?i)the|an?|our|my|your|their|its?|his|her|this|that|these|those|them|all|every|each|any");

    /**
     * What was found.
     *
     * @param assignments one per variable
     * @param unclear short names that several variables share, with those variables
     */
    public record Reading(Map<String, Assignment> assignments, Map<String, List<String>> unclear) {}

    private VariableExtractor() {}

    public static Reading read(String text, Collection<Variable> variables) {
        Map<String, Assignment> found = new LinkedHashMap<>();
        Map<String, List<String>> unclear = new LinkedHashMap<>();
        for (Variable variable : variables) {
            exact(text, variable).ifPresent(assignment -> found.put(variable.name(), assignment));
        }
        // Longest phrases first: "http port 80" must not be read as "port 80" of another variable.
        String rest = found.values().stream().reduce(text, (t, a) -> t.replace(a.quote(), " "), (a, b) -> b);
        for (int words = longestName(variables) - 1; words >= 1; words--) {
            for (Map.Entry<String, List<Variable>> named :
                    bySuffix(variables, words).entrySet()) {
                List<Variable> open = named.getValue().stream()
                        .filter(variable -> !found.containsKey(variable.name()))
                        .toList();
                if (open.size() == 1) {
                    Optional<Assignment> read = phrase(rest, named.getKey(), open.getFirst());
                    if (read.isPresent()) {
                        found.put(open.getFirst().name(), read.get());
                        rest = rest.replace(read.get().quote(), " ");
                    }
                } else if (open.size() > 1
                        && phrase(rest, named.getKey(), open.getFirst()).isPresent()) {
                    unclear.put(
                            named.getKey(), open.stream().map(Variable::name).toList());
                }
            }
        }
        byShape(rest, variables, "email", EMAIL, found);
        byShape(rest, variables, "url", URL, found);
        called(rest, variables, found);
        paths(rest, variables, found);
        unclear.values().removeIf(names -> names.stream().anyMatch(found::containsKey));
        return new Reading(found, unclear);
    }

    /** {@code name=value}, "name value", "name to value", with the name as it is or with spaces for underscores. */
    private static Optional<Assignment> exact(String text, Variable variable) {
        return phrase(text, variable.name().replace('_', ' '), variable);
    }

    private static Optional<Assignment> phrase(String text, String name, Variable variable) {
        String words = Stream.of(name.split(" ")).map(Pattern::quote).collect(Collectors.joining("[\\s_-]+"));
        Pattern pattern = Pattern.compile("(?<![\\p{L}\\p{N}_./-])" + words + LINK + VALUE, Pattern.CASE_INSENSITIVE);
        Matcher matcher = pattern.matcher(text);
        boolean ownName = name.replace(' ', '_').equalsIgnoreCase(variable.name());
        while (matcher.find()) {
            String words2 = matcher.group(1).replaceAll("[.!?]+$", "");
            boolean plain = !matcher.group()
                    .substring(0, matcher.start(1) - matcher.start())
                    .matches("(?is).*(?:=|:|\\bto|\\bis|\\bbe|\\bas)\\s*");
            if ((plain && !ownName && !sure(words2)) || NO_VALUE.matcher(words2).matches()) {
                continue;
            }
            Optional<JsonNode> value = Values.of(variable.type(), words2);
            if (value.isPresent()) {
                String quote = matcher.group().strip().replaceAll("[.!?]+$", "");
                return Optional.of(new Assignment(variable.name(), value.get(), quote));
            }
        }
        return Optional.empty();
    }

    /** Without "=", "to" or "is" between them, only a number, a version, a path or a quotation is plainly a value. */
    private static boolean sure(String words) {
        return words.matches("(?:v?\\d[\\w.:-]*|[~/].*|true|false|yes|no|on|off|" + QUOTED + ")");
    }

    private static void byShape(
            String text, Collection<Variable> variables, String suffix, Pattern shape, Map<String, Assignment> found) {
        List<Variable> open = variables.stream()
                .filter(variable -> variable.name().matches("(?i)(?:.*_)?" + suffix))
                .filter(variable -> !found.containsKey(variable.name()))
                .toList();
        List<String> values = shape.matcher(text)
                .results()
                .map(result -> result.group().replaceAll("[.!?)]+$", ""))
                .toList();
        if (open.size() == 1 && values.size() == 1) {
            Values.of("str", values.getFirst())
                    .ifPresent(value -> found.put(
                            open.getFirst().name(),
                            new Assignment(open.getFirst().name(), value, values.getFirst())));
        }
    }

    /** "back up /srv/data to /mnt/backup": a path goes where a path is needed, if there is one such place only. */
    private static void paths(String text, Collection<Variable> variables, Map<String, Assignment> found) {
        for (boolean destination : new boolean[] {false, true}) {
            List<Variable> open = variables.stream()
                    .filter(Variable::required)
                    .filter(variable -> variable.name().matches(destination ? DESTINATION : SOURCE))
                    .filter(variable -> !found.containsKey(variable.name()))
                    .toList();
            List<String> values = PATH.matcher(text)
                    .results()
                    .filter(result -> (result.group(1) != null) == destination)
                    .map(result -> result.group(2).replaceAll("[.!?)]+$", ""))
                    .toList();
            if (open.size() == 1 && values.size() == 1) {
                Values.of("str", values.getFirst())
                        .ifPresent(value -> found.put(
                                open.getFirst().name(),
                                new Assignment(open.getFirst().name(), value, values.getFirst())));
            }
        }
    }

    private static void called(String text, Collection<Variable> variables, Map<String, Assignment> found) {
        List<Variable> open = variables.stream()
                .filter(variable -> variable.name().matches("(?i)(?:.*_)?name"))
                .filter(variable -> !found.containsKey(variable.name()))
                .toList();
        Matcher matcher = CALLED.matcher(text);
        if (open.size() == 1 && matcher.find()) {
            Values.of(open.getFirst().type(), matcher.group(1).replaceAll("[.!?]+$", ""))
                    .ifPresent(value -> found.put(
                            open.getFirst().name(),
                            new Assignment(open.getFirst().name(), value, matcher.group())));
        }
    }

    private static int longestName(Collection<Variable> variables) {
        return variables.stream()
                .mapToInt(variable -> variable.name().split("_").length)
                .max()
                .orElse(0);
    }

    /** The variables by the last so many words of their names. */
    private static Map<String, List<Variable>> bySuffix(Collection<Variable> variables, int words) {
        Map<String, List<Variable>> all = new LinkedHashMap<>();
        for (Variable variable : variables) {
            String[] parts = variable.name().toLowerCase(java.util.Locale.ROOT).split("_");
            if (parts.length >= words) {
                String suffix = IntStream.range(parts.length - words, parts.length)
                        .mapToObj(i -> parts[i])
                        .collect(Collectors.joining(" "));
                all.computeIfAbsent(suffix, key -> new ArrayList<>()).add(variable);
            }
        }
        return all;
    }

    /** All names a request assigns with "=", whether or not any playbook knows them. */
    public static Collection<String> namedExplicitly(String text) {
        return Pattern.compile("(?<![\\w./?&-])([a-z]\\w*)\\s?=\\s?(?=\\S)", Pattern.CASE_INSENSITIVE)
                .matcher(Quotes.mask(text))
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The clause without the words that only give values: they would blur which playbook is meant. */
    public static String withoutValues(String clause) {
        String text = clause.replaceAll(
                "(?i)(?:\\s*,)?(?:\\s+(?:with|using|on|at|and|use))?(?:\\s+(?:the|a))?\\s+(?:port|version)(?:\\s+(?:number|to|is))?\\s+v?\\d[\\w.]*",
                "");
        text = text.replaceAll("(?i)(?:\\s+(?:with|using|and))?\\s+[a-z]\\w*=(?:" + QUOTED + "|\\S+)", "");
        return TargetFinder.tidy(text);
    }
}
