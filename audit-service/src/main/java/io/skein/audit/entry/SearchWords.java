package io.skein.audit.entry;

import io.skein.platform.problem.ProblemException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Text search without a dictionary: runs of letters and digits are the words, so that {@code kuma} is found in
 * {@code uptime-kuma/deploy.yml}.
 */
final class SearchWords {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]{1,200}");
    private static final int MAX_INDEXED = 100_000;

    private SearchWords() {}

    /** Words to index; what is beyond the first 100,000 characters is not found by text. */
    static String index(Entry entry) {
        String text = entry.type() + " " + entry.subject() + " " + entry.actor() + " " + entry.data();
        String part = text.length() <= MAX_INDEXED ? text : text.substring(0, MAX_INDEXED);
        return WORD.matcher(part).results().map(result -> result.group()).collect(Collectors.joining(" "));
    }

    /**
     * A {@code tsquery}: all words, the last one may go on.
     *
     * @throws ProblemException validation_failed when there is no word in it
     */
    static String query(String text) {
        if (text.length() > 200) {
            throw ProblemException.invalid("q", "must not exceed 200 characters");
        }
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        String query = matcher.results().map(result -> result.group()).collect(Collectors.joining(" & "));
        if (query.isEmpty()) {
            throw ProblemException.invalid("q", "must hold a word to look for");
        }
        return query + ":*";
    }
}
