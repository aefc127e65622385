package io.skein.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.cli.ExitCode;
import io.skein.cli.Style;
import java.util.ArrayList;
import java.util.List;

/** How a plan ended: the last lines for a person, one object for a script, the exit code for both. */
final class PlanResult {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanResult() {}

    static int exitCode(String status) {
        return switch (status) {
            case "completed" -> ExitCode.OK;
            case "rejected", "cancelled", "superseded" -> ExitCode.REJECTED;
            case "needs_input", "awaiting_approval" -> ExitCode.NEEDS_INPUT;
            case "failed", "interrupted" -> ExitCode.FAILED;
            default -> ExitCode.OK; // approved, running: it goes on
        };
    }

    static ObjectNode json(JsonNode plan, String url) {
        ObjectNode result = JSON.createObjectNode();
        result.put("planId", plan.path("id").asText());
        result.put("status", plan.path("status").asText());
        ArrayNode steps = result.putArray("steps");
        for (JsonNode step : plan.path("steps")) {
            ObjectNode row = steps.addObject();
            row.put("name", step.path("name").asText());
            row.set("playbook", orNull(step.path("playbook")));
            row.put("status", step.path("status").asText());
            row.set("risk", orNull(step.path("risk")));
            row.set("agent", orNull(step.path("agent")));
            JsonNode score = step.path("score");
            row.set("score", orNull(score.isObject() ? score.path("total") : score));
        }
        result.set("auditCommit", orNull(plan.path("auditCommit")));
        result.put("url", planUrl(plan, url));
        result.put("auditUrl", auditUrl(plan, url));
        if (!plan.path("statusReason").asText("").isBlank()) {
            result.set("statusReason", plan.get("statusReason"));
        }
        if (!plan.path("questions").isEmpty()) {
            result.set("questions", plan.get("questions"));
        }
        return result;
    }

    static List<String> text(JsonNode plan, String url, Style style) {
        List<String> lines = new ArrayList<>();
        String status = plan.path("status").asText();
        String reason =
                plan.path("statusReason").asText(plan.path("rejectedReason").asText(""));
        lines.add("");
        lines.add(style.bold("Result: ") + style.status(status) + (reason.isBlank() ? "" : " (" + reason + ")"));
        for (JsonNode step : plan.path("steps")) {
            lines.add("  %d  %s  %s%s"
                    .formatted(
                            step.path("number").asInt(),
                            style.status(step.path("status").asText()),
                            step.path("name").asText(),
                            recap(step.path("recap"))));
            if (!step.path("statusReason").asText("").isBlank()) {
                lines.add("       " + step.path("statusReason").asText());
            }
            for (JsonNode notice : step.path("notices")) {
                lines.add("       " + style.notable("notice: ")
                        + (notice.isTextual()
                                ? notice.asText()
                                : notice.path("message").asText(notice.toString())));
            }
            for (JsonNode suggestion : step.path("suggestions")) {
                lines.add("       " + style.notable("suggestion: ")
                        + suggestion.path("category").asText() + ": "
                        + suggestion.path("message").asText() + " ("
                        + suggestion.path("path").asText()
                        + (suggestion.path("line").asInt(0) > 0
                                ? ":" + suggestion.path("line").asInt()
                                : "") + ")");
            }
        }
        if (PlanWatch.isTerminal(status)) {
            lines.add("Audit record: "
                    + (plan.hasNonNull("auditCommit")
                            ? "git commit " + plan.path("auditCommit").asText()
                            : "not committed yet"));
            lines.add("Trail: " + auditUrl(plan, url));
        } else {
            lines.add("Plan: " + planUrl(plan, url));
        }
        return lines;
    }

    static String planUrl(JsonNode plan, String url) {
        return url + "/plans/" + plan.path("id").asText();
    }

    static String auditUrl(JsonNode plan, String url) {
        return url + "/audit?plan=" + plan.path("id").asText();
    }

    private static String recap(JsonNode recap) {
        List<String> hosts = new ArrayList<>();
        recap.properties().forEach(host -> {
            JsonNode counts = host.getValue();
            StringBuilder text = new StringBuilder(host.getKey()).append(':');
            for (String name : List.of("ok", "changed", "failed", "skipped", "unreachable")) {
                if (counts.path(name).asInt(0) > 0) {
                    text.append(' ')
                            .append(counts.path(name).asInt())
                            .append(' ')
                            .append(name);
                }
            }
            hosts.add(text.toString());
        });
        return hosts.isEmpty() ? "" : "  (" + String.join("; ", hosts) + ")";
    }

    private static JsonNode orNull(JsonNode node) {
        return node.isMissingNode() ? JSON.nullNode() : node;
    }
}
