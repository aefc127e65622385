package io.skein.orchestrator.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What of a request its author seems not to have written but pasted: fenced blocks, quoted lines, lines of logs, Ansible's output, data,
 * and what follows a line that announces such a thing. No model decides what it means; where the words alone leave it open, a person is
 * asked. It is a guess, and errs on the side of asking.
 */
final class Pasted {

    private static final Pattern FENCE = Pattern.compile("^\\s*(```|~~~).*");

    /** "The log says:", "Output of the last run:", "The tool returned:". */
    private static final Pattern ANNOUNCES = Pattern.compile(
            "(?i).*\\b(log|logs|output|result|results|returned|page|message|messages|answer|answered|said|says|prints|printed|error|errors"
                    + "|facts|comment|comments|description|readme|text|trace|traceback|stdout|stderr)\\b.*:\\s*$");

    private static final Pattern LINE = Pattern.compile("^\\s*(?:"
            // quoted, data, markup
            + ">.*|[\\[{<].*|\"[^\"]*\"\\s*:.*|#.*|//.*"
            // a time, a level, a process
            + "|\\[?\\d{4}-\\d{2}-\\d{2}[T ].*|\\d{1,2}:\\d{2}:\\d{2}.*|[A-Z][a-z]{2} +\\d{1,2} \\d{2}:.*"
            + "|(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\\b.*"
            + "|[\\w./-]+\\[\\d+]:.*"
            // Ansible
            + "|(?:PLAY|TASK|RUNNING HANDLER|HANDLER)\\b.*\\[.*|PLAY RECAP.*|(?:ok|changed|failed|fatal|skipping|unreachable|included): \\[?.*"
            + "|msg:.*|stdout:.*|stderr:.*"
            + ")$");

    private final List<String> lines;

    private Pasted(List<String> lines) {
        this.lines = lines;
    }

    static Pasted in(String text) {
        List<String> pasted = new ArrayList<>();
        boolean fenced = false;
        boolean announced = false;
        for (String line : text.split("\n", -1)) {
            if (FENCE.matcher(line).matches()) {
                fenced = !fenced;
                continue;
            }
            if (line.isBlank()) {
                announced = false;
            } else if (fenced || announced || LINE.matcher(line).matches()) {
                pasted.add(plain(line));
            } else if (ANNOUNCES.matcher(line).matches()) {
                announced = true;
            }
        }
        return new Pasted(pasted);
    }

    /** What its author wrote: the text without the lines that seem pasted. */
    static String without(String text) {
        Pasted pasted = in(text);
        return text.lines()
                .filter(line -> line.isBlank() || !pasted.covers(line))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    /** Whether these words, or a part of them, were pasted. */
    boolean covers(String words) {
        String wanted = plain(words);
        return !wanted.isEmpty()
                && lines.stream()
                        .filter(line -> !line.isEmpty())
                        .anyMatch(line -> line.contains(wanted) || wanted.contains(line));
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }
}
