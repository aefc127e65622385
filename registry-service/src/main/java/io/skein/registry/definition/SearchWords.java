package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.platform.problem.ProblemException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a definition is found by: runs of letters and digits, so that {@code plan} is found in {@code plan.run}. */
final class SearchWords {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]{1,200}");
    private static final int MAX_QUERY = 200;

    /** @param first the name and what it goes by, @param second tags and skills, @param third suggestions, @param last description */
    record Index(String first, String second, String third, String last) {}

    /**
     * @param all a {@code tsquery} of all words
     * @param begun the same, of which the last word may go on
     */
    record Query(String all, String begun) {}

    private SearchWords() {}

    static Index index(JsonNode document) {
        JsonNode metadata = document.path("metadata");
        StringBuilder skills = new StringBuilder();
        document.path("skills")
                .forEach(skill -> skills.append(skill.path("name").asText())
                        .append(' ')
                        .append(skill.path("description").asText())
                        .append(' '));
        return new Index(
                words(List.of(metadata.path("id"), metadata.path("name"), metadata.path("nickname"))),
                words(List.of(metadata.path("tags"))) + " " + words(skills.toString()),
                words(List.of(metadata.path("suggestions"))),
                words(List.of(metadata.path("description"))));
    }

    /** @throws ProblemException validation_failed when there is no word in it */
    static Query query(String text) {
        if (text.length() > MAX_QUERY) {
            throw ProblemException.invalid("q", "must not exceed " + MAX_QUERY + " characters");
        }
        String all = WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(result -> result.group())
                .collect(Collectors.joining(" & "));
        if (all.isEmpty()) {
            throw ProblemException.invalid("q", "must hold a word to look for");
        }
        return new Query(all, all + ":*");
    }

    private static String words(List<JsonNode> nodes) {
        StringBuilder text = new StringBuilder();
        for (JsonNode node : nodes) {
            if (node.isArray()) {
                node.forEach(item -> text.append(item.asText()).append(' '));
            } else {
                text.append(node.asText()).append(' ');
            }
        }
        return words(text.toString());
    }

    private static String words(String text) {
        return WORD.matcher(text).results().map(result -> result.group()).collect(Collectors.joining(" "));
    }
}
