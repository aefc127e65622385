package io.skein.cli.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.cli.Terminal;
import io.skein.cli.api.ServerSentEvents;
import io.skein.cli.api.SkeinApi;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Shows a plan's life as it happens, whatever happens to the connection. */
final class PlanWatch {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> TERMINAL =
            Set.of("completed", "failed", "interrupted", "cancelled", "rejected", "superseded");
    private static final Duration SILENCE = Duration.ofSeconds(40);
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(20);

    private final SkeinApi api;
    private final Terminal terminal;
    private final boolean silent;
    private final Map<Integer, String> stepNames = new HashMap<>();

    PlanWatch(SkeinApi api, Terminal terminal, boolean silent) {
        this.api = api;
        this.terminal = terminal;
        this.silent = silent;
    }

    static boolean isTerminal(String status) {
        return TERMINAL.contains(status);
    }

    /** Until the plan has ended; returns it as it ended. */
    JsonNode follow(JsonNode plan) {
        String path = path(plan);
        learnNames(plan);
        new ServerSentEvents(api, path + "/stream", SILENCE, FIRST_WAIT)
                .follow(
                        event -> {
                            JsonNode data = read(event.data());
                            show(data);
                            return !(isPlan(event, data)
                                    && isTerminal(data.path("status").asText()));
                        },
                        () -> isTerminal(api.get(path).path("status").asText()));
        return api.get(path);
    }

    /** What happened so far, then no more. */
    void replay(JsonNode plan, Duration quiet) {
        learnNames(plan);
        new ServerSentEvents(api, path(plan) + "/stream", quiet, FIRST_WAIT)
                .follow(
                        event -> {
                            show(read(event.data()));
                            return true;
                        },
                        () -> true);
    }

    /** The plan once its audit record is committed to git, or as it is when that takes too long. */
    JsonNode awaitAuditCommit(JsonNode plan) {
        Instant deadline = Instant.now().plus(COMMIT_PATIENCE);
        JsonNode current = plan;
        while (!current.hasNonNull("auditCommit") && Instant.now().isBefore(deadline)) {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return current;
            }
            current = api.get(path(plan));
        }
        return current;
    }

    void show(JsonNode event) {
        if (silent) {
            return;
        }
        switch (event.path("kind").asText()) {
            case "plan" ->
                terminal.say(time(event)
                        + terminal.style().bold("plan ")
                        + terminal.style().status(event.path("status").asText())
                        + reason(event));
            case "step" ->
                terminal.say(time(event)
                        + step(event)
                        + terminal.style().status(event.path("status").asText())
                        + reason(event));
            case "task" -> task(event);
            default -> {
                // A newer fleet may tell more than this command knows.
            }
        }
    }

    private void task(JsonNode event) {
        JsonNode task = event.path("task");
        String outcome = task.path("outcome").asText("");
        if (outcome.isBlank()) {
            return;
        }
        String shown = task.path("ignored").asBoolean() ? outcome + " (ignored)" : outcome;
        StringBuilder line = new StringBuilder(time(event));
        line.append("  ")
                .append(event.path("stepNumber").asInt())
                .append("  ")
                .append(terminal.style().status(shown))
                .append(" ".repeat(Math.max(1, 12 - shown.length())))
                .append(task.path("host").asText("-"))
                .append("  ")
                .append(task.path("task").asText(task.path("action").asText()));
        if (task.path("durationMillis").asLong(0) >= 100) {
            line.append(terminal.style()
                    .dim("  " + PlanText.seconds(task.path("durationMillis").asLong())));
        }
        terminal.say(line.toString());
        String message = task.path("message").asText("");
        if (!message.isBlank() && !outcome.equals("ok")) {
            message.lines().limit(20).forEach(text -> terminal.say("               " + text));
        }
    }

    private String step(JsonNode event) {
        int number = event.path("stepNumber").asInt();
        return "step " + number + " " + stepNames.getOrDefault(number, "") + " ";
    }

    private static String reason(JsonNode event) {
        String reason = event.path("reason").asText("");
        return reason.isBlank() ? "" : ": " + reason;
    }

    private String time(JsonNode event) {
        String at = event.path("at").asText("");
        int t = at.indexOf('T');
        return terminal.style().dim(t > 0 && at.length() >= t + 9 ? at.substring(t + 1, t + 9) + "  " : "");
    }

    private static boolean isPlan(ServerSentEvents.Event event, JsonNode data) {
        return event.name().equals("plan") || data.path("kind").asText().equals("plan");
    }

    private void learnNames(JsonNode plan) {
        plan.path("steps")
                .forEach(step -> stepNames.put(
                        step.path("number").asInt(), "\"" + step.path("name").asText() + "\""));
    }

    private static String path(JsonNode plan) {
        return "/plans/" + SkeinApi.encode(plan.path("id").asText());
    }

    private static JsonNode read(String data) {
        try {
            return JSON.readTree(data);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }
}
