package io.skein.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.cli.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A plan as a person reads it before saying yes: every figure the decision hangs on, nothing else. */
final class PlanText {
    private final Style style;

    PlanText(Style style) {
        this.style = style;
    }

    List<String> render(JsonNode plan) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold("Plan " + plan.path("id").asText())
                + style.dim("  version " + plan.path("version").asInt(1) + ", "
                        + status(plan)
                        + planner(plan.path("planner"))));
        lines.add("\"" + plan.path("text").asText() + "\"");
        lines.addAll(around(plan));
        for (JsonNode step : plan.path("steps")) {
            lines.add("");
            lines.addAll(step(step));
        }
        lines.add("");
        if (plan.path("estimatedSeconds").asInt(0) > 0) {
            lines.add("In all about " + duration(plan.path("estimatedSeconds").asInt()) + hosts(plan.path("hosts"))
                    + ".");
        }
        cost(plan.path("cost")).ifPresent(lines::add);
        for (JsonNode question : plan.path("questions")) {
            lines.addAll(question(question));
        }
        return lines;
    }

    private static Optional<String> cost(JsonNode cost) {
        List<String> parts = new ArrayList<>();
        double run = cost.path("runUsd").asDouble(0);
        if (run > 0) {
            parts.add(String.format(Locale.ROOT, "about $%.4f to run", run));
        }
        if (cost.path("modelCalls").asLong(0) > 0) {
            parts.add(String.format(
                    Locale.ROOT,
                    "$%.4f for models so far",
                    cost.path("modelsUsd").asDouble(0)));
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of("It costs " + String.join(", ", parts) + ".");
    }

    /** What bears on the decision and is in no step. */
    private List<String> around(JsonNode plan) {
        List<String> lines = new ArrayList<>();
        if (plan.hasNonNull("rollbackOf")) {
            lines.add("Undoes plan " + plan.path("rollbackOf").asText() + ".");
        }
        if (plan.hasNonNull("rolledBackBy")) {
            lines.add("Plan " + plan.path("rolledBackBy").asText() + " undoes it.");
        }
        for (JsonNode note : plan.path("notes")) {
            lines.add(style.notable("! ") + note.asText());
        }
        if (plan.hasNonNull("lapsed")) {
            lines.add(style.notable("! ") + "Asks again: "
                    + plan.path("lapsed").path("reason").asText());
        }
        if (plan.hasNonNull("approval")) {
            String given = names(plan.path("approval").path("given"), "by");
            lines.add("Approval: " + plan.path("approval").path("reason").asText()
                    + (given.isEmpty() ? "" : " Given by " + given + "."));
        } else if (plan.hasNonNull("approvedBy")) {
            String rule = plan.path("approvalRule").asText("");
            lines.add("Approved by " + plan.path("approvedBy").asText()
                    + (rule.isEmpty() ? "" : " (rule \"" + rule + "\")"));
        }
        return lines;
    }

    private static String names(JsonNode items, String member) {
        List<String> names = new ArrayList<>();
        items.forEach(item -> names.add(item.path(member).asText()));
        return String.join(", ", names);
    }

    private String preview(JsonNode preview) {
        String reason = preview.path("reason").asText("");
        return switch (preview.path("status").asText("")) {
            case "ready" -> {
                int changes = preview.path("changes").asInt();
                yield changes == 0
                        ? "would change nothing"
                        : style.notable("would change " + changes + (changes == 1 ? " thing" : " things"));
            }
            case "asked" -> reason.isEmpty() ? "being made" : reason;
            default -> "none: " + (reason.isEmpty() ? preview.path("status").asText() : reason);
        };
    }

    private String status(JsonNode plan) {
        String reason = plan.path("statusReason").asText("");
        String status = plan.path("status").asText();
        return reason.isBlank() ? status : status + " (" + reason + ")";
    }

    private List<String> step(JsonNode step) {
        List<String> lines = new ArrayList<>();
        String status = step.path("status").asText("pending");
        String head = "%2d  %s"
                .formatted(
                        step.path("number").asInt(),
                        style.bold(step.path("name").asText()));
        lines.add(head + "   " + risk(step.path("risk").asText("?")) + estimate(step) + after(step.path("dependsOn"))
                + (status.equals("pending") ? "" : "   " + style.status(status)));
        if (!step.path("statusReason").asText("").isBlank()) {
            lines.add(row("because", step.path("statusReason").asText()));
        }
        if (!step.path("clause").asText("").isBlank()) {
            lines.add(row("for", "\"" + step.path("clause").asText() + "\""));
        }
        lines.add(row("playbook", step.path("playbook").asText("-") + match(step)));
        lines.add(row("runs on", runsOn(step)));
        String label = "variables";
        for (JsonNode variable : step.path("variables")) {
            lines.add(row(label, variable(variable)));
            label = "";
        }
        String resources = resources(step.path("resources"));
        if (!resources.isEmpty()) {
            lines.add(row("needs", resources));
        }
        if (step.hasNonNull("preview")) {
            lines.add(row("preview", preview(step.path("preview"))));
        }
        lines.add(row("agent", agent(step)));
        String reason = step.path("score").path("reason").asText("");
        if (!reason.isBlank()) {
            lines.add(row("why", reason));
        }
        return lines;
    }

    private String risk(String risk) {
        String text = risk + " risk";
        return switch (risk) {
            case "high" -> style.bad(text);
            case "medium" -> style.notable(text);
            default -> style.good(text);
        };
    }

    private static String estimate(JsonNode step) {
        int seconds = step.path("estimatedSeconds").asInt(0);
        return seconds == 0 ? "" : ", about " + duration(seconds);
    }

    private static String after(JsonNode dependsOn) {
        List<String> numbers = new ArrayList<>();
        dependsOn.forEach(number -> numbers.add(number.asText()));
        return numbers.isEmpty() ? "" : ", after step " + String.join(" and ", numbers);
    }

    private static String match(JsonNode step) {
        return step.path("matchConfidence").isNumber()
                ? "  (matches with %.2f)".formatted(step.path("matchConfidence").asDouble())
                : "";
    }

    private static String runsOn(JsonNode step) {
        List<String> hosts = new ArrayList<>();
        step.path("hosts").forEach(host -> hosts.add(host.asText()));
        String inventory = step.path("inventory").asText("");
        String source = step.path("inventorySource").asText("");
        return (hosts.isEmpty() ? "-" : String.join(", ", hosts))
                + (inventory.isBlank() ? "" : " of " + inventory)
                + (source.isBlank() ? "" : "  (" + source + ")");
    }

    private String variable(JsonNode variable) {
        JsonNode value = variable.path("value");
        String shown = variable.path("secret").asBoolean()
                ? "(secret)"
                : value.isMissingNode() || value.isNull() ? style.bad("missing") : shortened(value);
        String quote = variable.path("quote").asText("");
        String source = variable.path("source").asText("").replace('_', ' ');
        return variable.path("name").asText() + " = " + shown
                + style.dim("  " + source + (quote.isBlank() ? "" : ": \"" + quote + "\""));
    }

    private static String shortened(JsonNode value) {
        String text = value.isTextual() ? value.asText() : value.toString();
        return text.length() > 100 ? text.substring(0, 97) + "..." : text;
    }

    private static String resources(JsonNode resources) {
        List<String> parts = new ArrayList<>();
        if (resources.path("cpuCores").asDouble(0) > 0) {
            double cores = resources.path("cpuCores").asDouble();
            parts.add((cores == Math.rint(cores) ? Long.toString((long) cores) : Double.toString(cores)) + " CPU "
                    + (cores == 1 ? "core" : "cores"));
        }
        if (resources.path("memoryBytes").asLong(0) > 0) {
            parts.add(bytes(resources.path("memoryBytes").asLong()) + " memory");
        }
        if (resources.path("vramBytes").asLong(0) > 0) {
            parts.add(bytes(resources.path("vramBytes").asLong()) + " video memory");
        }
        return String.join(", ", parts);
    }

    private static String agent(JsonNode step) {
        JsonNode score = step.path("score");
        String agent = step.path("agent").asText("");
        if (agent.isBlank()) {
            return "none yet";
        }
        return score.path("total").isNumber()
                ? "%s  score %s of 100: past success %s/40, recent context %s/30, specialisation %s/20, load %s/10"
                        .formatted(
                                agent,
                                score.path("total").asText(),
                                score.path("pastSuccess").asText("0"),
                                score.path("recentContext").asText("0"),
                                score.path("specialisation").asText("0"),
                                score.path("load").asText("0"))
                : agent;
    }

    private List<String> question(JsonNode question) {
        List<String> lines = new ArrayList<>();
        String clause = question.path("clause").asText("");
        lines.add(style.notable("? ")
                + question.path("message").asText()
                + (clause.isBlank() ? "" : style.dim("  (\"" + clause + "\")")));
        for (JsonNode candidate : question.path("candidates")) {
            lines.add("    %.2f  %s  %s"
                    .formatted(
                            candidate.path("confidence").asDouble(),
                            candidate.path("playbook").asText(),
                            style.dim(candidate.path("name").asText(""))));
        }
        return lines;
    }

    private static String planner(JsonNode planner) {
        String reason = planner.path("reason").asText("");
        return planner.path("name").asText("").isBlank()
                ? ""
                : ", by the " + planner.path("name").asText() + " planner"
                        + (reason.isBlank() ? "" : " (" + reason + ")");
    }

    private static String hosts(JsonNode hosts) {
        List<String> names = new ArrayList<>();
        hosts.forEach(host -> names.add(host.asText()));
        return names.isEmpty() ? "" : " on " + String.join(", ", names);
    }

    private static String row(String label, String text) {
        return "    %-10s %s".formatted(label, text);
    }

    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        return seconds % 60 == 0 ? minutes + " min" : minutes + " min " + seconds % 60 + " s";
    }

    static String bytes(long bytes) {
        double value = bytes;
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return (value == Math.rint(value) ? "%.0f %s" : "%.1f %s")
                .formatted(value, units[unit])
                .toString();
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
