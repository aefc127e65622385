package io.skein.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.cli.Style;
import java.util.ArrayList;
import java.util.List;

/** What a plan would change, as a person reads it. */
final class PreviewText {
    private static final int MAX_LINES = 40;

    private final Style style;

    PreviewText(Style style) {
        this.style = style;
    }

    List<String> render(JsonNode preview) {
        List<String> lines = new ArrayList<>();
        for (JsonNode step : preview.path("steps")) {
            lines.add("%2d  %s   %s"
                    .formatted(
                            step.path("number").asInt(),
                            style.bold(step.path("name").asText()),
                            headline(step)));
            for (JsonNode task : step.path("tasks")) {
                lines.addAll(task(task));
            }
            if (step.path("truncated").asBoolean()) {
                lines.add("    " + style.notable("there is more than is kept"));
            }
            lines.add("");
        }
        return lines;
    }

    private String headline(JsonNode step) {
        String status = step.path("status").asText();
        String reason = step.path("reason").asText("");
        if (status.equals("ready")) {
            return step.path("changes").asInt() + " of " + step.path("total").asInt() + " tasks would change something";
        }
        return (status.equals("asked") ? "is being made" : status) + (reason.isEmpty() ? "" : ": " + reason);
    }

    private List<String> task(JsonNode task) {
        List<String> lines = new ArrayList<>();
        String outcome = task.path("outcome").asText();
        String words = task.path("message").asText("").strip();
        lines.add("    " + style.status(outcome) + "  " + task.path("host").asText() + "  "
                + task.path("task").asText()
                + (outcome.equals("changed") || words.isEmpty()
                        ? ""
                        : style.dim("  " + words.lines().findFirst().orElse(""))));
        for (JsonNode diff : task.path("diff")) {
            lines.addAll(diff(diff));
        }
        return lines;
    }

    private List<String> diff(JsonNode diff) {
        if (diff.hasNonNull("prepared")) {
            return cut(diff.path("prepared")
                    .asText()
                    .lines()
                    .map(line -> "      " + line)
                    .toList());
        }
        List<String> lines = new ArrayList<>();
        String header =
                diff.path("after_header").asText(diff.path("before_header").asText(""));
        if (!header.isEmpty()) {
            lines.add("      " + style.dim(header));
        }
        List<String> before = diff.path("before").asText("").lines().toList();
        List<String> after = diff.path("after").asText("").lines().toList();
        int same = 0;
        while (same < before.size() && same < after.size() && before.get(same).equals(after.get(same))) {
            same++;
        }
        int tail = 0;
        while (tail < before.size() - same
                && tail < after.size() - same
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        before.subList(same, before.size() - tail).forEach(line -> lines.add("      " + style.bad("- " + line)));
        after.subList(same, after.size() - tail).forEach(line -> lines.add("      " + style.good("+ " + line)));
        return cut(lines);
    }

    private static List<String> cut(List<String> lines) {
        if (lines.size() <= MAX_LINES) {
            return lines;
        }
        List<String> shown = new ArrayList<>(lines.subList(0, MAX_LINES));
        shown.add("      ... and " + (lines.size() - MAX_LINES) + " more lines");
        return shown;
    }
}
