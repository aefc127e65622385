package io.skein.cli.list;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.cli.Terminal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Rows under headings, each column as wide as it must be. */
public final class Table {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** A row for each item, a cell for each function. */
    @SafeVarargs
    public final Table rows(JsonNode items, Function<JsonNode, String>... cells) {
        for (JsonNode item : items) {
            List<String> row = new ArrayList<>();
            for (Function<JsonNode, String> cell : cells) {
                String text = cell.apply(item);
                row.add(text == null || text.isBlank() ? "-" : text.replace('\n', ' '));
            }
            rows.add(row);
        }
        return this;
    }

    public void print(Terminal terminal, String whenEmpty) {
        if (rows.isEmpty()) {
            terminal.say(whenEmpty);
            return;
        }
        terminal.say(terminal.style().bold(line(headings)));
        rows.forEach(row -> terminal.say(line(row)));
    }

    /** How to get the next page, when there is one. */
    public static void more(Terminal terminal, JsonNode page) {
        if (page.hasNonNull("next")) {
            terminal.say(
                    terminal.style().dim("More: --after " + page.path("next").asText()));
        }
    }

    /** Local time, for a person. */
    public static String time(JsonNode instant) {
        try {
            return instant.asText("").isEmpty() ? "-" : TIME.format(Instant.parse(instant.asText()));
        } catch (DateTimeParseException e) {
            return instant.asText();
        }
    }

    public static String shortened(String text, int length) {
        return text.length() > length ? text.substring(0, length - 3) + "..." : text;
    }

    /** The elements of an array, separated by commas. */
    public static String joined(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return String.join(", ", texts);
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(cell);
            if (column < cells.size() - 1) {
                line.append(" ".repeat(width(column) - cell.length() + 2));
            }
        }
        return line.toString();
    }

    private int width(int column) {
        int width = headings.get(column).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }
}
