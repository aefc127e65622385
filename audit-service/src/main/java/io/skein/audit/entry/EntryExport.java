package io.skein.audit.entry;

import io.skein.contracts.wire.WireFormat;
import io.skein.platform.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** How entries are written out. */
enum EntryExport {
    /** JSON Lines: an entry per line, complete. */
    JSONL("application/jsonl") {
        @Override
        void begin(OutputStream out) {}

        @Override
        void write(OutputStream out, Entry entry) throws IOException {
            out.write(WireFormat.write(entry));
            out.write('\n');
        }
    },
    /** RFC 4180 with a header, for spreadsheets; without the data. */
    CSV("text/csv; charset=utf-8; header=present") {
        @Override
        void begin(OutputStream out) throws IOException {
            line(
                    out,
                    List.of(
                            "seq",
                            "at",
                            "type",
                            "status",
                            "actor",
                            "team",
                            "subject",
                            "planId",
                            "taskId",
                            "traceId",
                            "resources",
                            "source",
                            "hash",
                            "owner"));
        }

        @Override
        void write(OutputStream out, Entry entry) throws IOException {
            line(
                    out,
                    Arrays.asList(
                            entry.seq(),
                            entry.at(),
                            entry.type(),
                            entry.status(),
                            entry.actor(),
                            entry.team(),
                            entry.subject(),
                            entry.planId(),
                            entry.taskId(),
                            entry.traceId(),
                            String.join(" ", entry.resources()),
                            entry.source(),
                            entry.hash(),
                            entry.owner()));
        }
    };

    private final String mediaType;

    EntryExport(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    abstract void begin(OutputStream out) throws IOException;

    abstract void write(OutputStream out, Entry entry) throws IOException;

    /**
     * @throws ProblemException validation_failed when it is none of ours
     */
    static EntryExport of(String format) {
        if (format == null || format.isBlank()) {
            return JSONL;
        }
        return Arrays.stream(values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(format))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid("format", "must be jsonl or csv"));
    }

    private static void line(OutputStream out, List<?> cells) throws IOException {
        String line = cells.stream().map(EntryExport::cell).collect(Collectors.joining(",")) + "\r\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
    }

    /** Quoted when needed; text a spreadsheet would take for a formula gets an apostrophe in front. */
    static String cell(Object value) {
        String text = Objects.toString(value, "");
        if (!text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
