package io.skein.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.cli.Invocation;
import io.skein.cli.Terminal;
import io.skein.cli.api.SkeinApi;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skein request}: the main job, from a sentence to the evidence. */
@Command(
        name = "request",
        description = {
            "Ask for something in plain language: shows the plan, asks for approval, shows it run, ends with the result.",
            "Exit codes: 0 completed, 1 failed or interrupted, 2 wrong usage, 3 rejected or cancelled,",
            "4 waits for your answer or approval, 5 the fleet is not reachable."
        },
        mixinStandardHelpOptions = true)
public final class RequestCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    Invocation invocation;

    @Parameters(paramLabel = "TEXT", arity = "1..*", description = "What should be done.")
    List<String> words;

    @ArgGroup
    Decision decision = new Decision();

    /** What to answer without asking. */
    static final class Decision {
        @Option(
                names = {"--yes", "-y"},
                description = "Approve the plan without asking.")
        boolean yes;

        @Option(names = "--reject", paramLabel = "WHY", description = "Reject the plan with this reason.")
        String reject;

        @Option(names = "--no-input", description = "Never ask: show the plan and leave it for somebody to approve.")
        boolean noInput;
    }

    @Option(names = "--inventory", description = "Run against this inventory.")
    String inventory;

    @Option(names = "--priority", description = "critical, high, normal or low.")
    String priority;

    @Option(names = "--again", description = "Ask even when the same request is still under way.")
    boolean again;

    @Option(names = "--high-value", description = "Prefer the strongest planner there is.")
    boolean highValue;

    @Override
    public Integer call() {
        SkeinApi api = invocation.api();
        Terminal terminal = invocation.terminal();
        JsonNode plan = api.post(
                "/requests", body(), Map.of("Idempotency-Key", UUID.randomUUID().toString()));
        if (!invocation.json()) {
            new PlanText(terminal.style()).render(plan).forEach(terminal::say);
        }
        String path = "/plans/" + SkeinApi.encode(plan.path("id").asText());
        if (decision.reject != null) {
            return end(api.post(path + "/reject", JSON.createObjectNode().put("reason", decision.reject)));
        }
        if (!plan.path("status").asText().equals("awaiting_approval")) {
            if (!invocation.json() && plan.path("status").asText().equals("needs_input")) {
                terminal.say("Answer by asking again more precisely, or at " + PlanResult.planUrl(plan, api.url()));
            }
            return PlanWatch.isTerminal(plan.path("status").asText())
                            || plan.path("status").asText().equals("needs_input")
                    ? answer(plan)
                    : watch(plan); // an idempotent repeat of a plan that runs already
        }
        if (!decision.yes) {
            Optional<JsonNode> decided = ask(plan, path);
            if (decided.isPresent()) {
                return end(decided.get());
            }
        }
        JsonNode approved = api.post(
                path + "/approve",
                JSON.createObjectNode().put("planHash", plan.path("planHash").asText(null)));
        return watch(approved.hasNonNull("id") ? approved : plan);
    }

    /** Empty when the person says yes; otherwise the plan as it is after their answer. */
    private Optional<JsonNode> ask(JsonNode plan, String path) {
        Terminal terminal = invocation.terminal();
        if (decision.noInput || invocation.json() || !terminal.interactive()) {
            if (!invocation.json()) {
                terminal.say("It waits for approval: ./skein approve "
                        + plan.path("id").asText());
            }
            return Optional.of(plan);
        }
        while (true) {
            String answer = terminal.ask("Approve? [y]es, [n]o, [l]ater: ")
                    .map(text -> text.toLowerCase(Locale.ROOT))
                    .orElse("l");
            switch (answer) {
                case "y", "yes" -> {
                    return Optional.empty();
                }
                case "n", "no" -> {
                    String reason = terminal.ask("Why not? ")
                            .filter(text -> !text.isEmpty())
                            .orElse("No reason given");
                    return Optional.of(invocation
                            .api()
                            .post(path + "/reject", JSON.createObjectNode().put("reason", reason)));
                }
                case "l", "later" -> {
                    terminal.say("It waits for approval: ./skein approve "
                            + plan.path("id").asText());
                    return Optional.of(plan);
                }
                default -> terminal.say("Please answer y, n or l.");
            }
        }
    }

    private int watch(JsonNode plan) {
        Thread hint = new Thread(() -> invocation
                .terminal()
                .err()
                .println("\nThe plan goes on without you: ./skein logs -f "
                        + plan.path("id").asText()));
        if (!invocation.json()) {
            Runtime.getRuntime().addShutdownHook(hint);
        }
        JsonNode ended = new PlanWatch(invocation.api(), invocation.terminal(), invocation.json()).follow(plan);
        if (!invocation.json()) {
            Runtime.getRuntime().removeShutdownHook(hint);
        }
        return end(ended);
    }

    /** An ended plan gets its evidence first. */
    private int end(JsonNode plan) {
        if (PlanWatch.isTerminal(plan.path("status").asText())) {
            return answer(new PlanWatch(invocation.api(), invocation.terminal(), true).awaitAuditCommit(plan));
        }
        return answer(plan);
    }

    private int answer(JsonNode plan) {
        String url = invocation.api().url();
        if (invocation.json()) {
            invocation.print(PlanResult.json(plan, url));
        } else {
            PlanResult.text(plan, url, invocation.terminal().style())
                    .forEach(line -> invocation.terminal().say(line));
        }
        return PlanResult.exitCode(plan.path("status").asText());
    }

    private ObjectNode body() {
        ObjectNode body = JSON.createObjectNode().put("text", String.join(" ", words));
        if (priority != null) {
            body.put("priority", priority.toLowerCase(Locale.ROOT));
        }
        if (inventory != null) {
            body.put("inventory", inventory);
        }
        if (again) {
            body.put("allowDuplicate", true);
        }
        if (highValue) {
            body.put("highValue", true);
        }
        return body;
    }
}
