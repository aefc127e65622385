package io.skein.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.cli.ExitCode;
import io.skein.cli.Invocation;
import io.skein.cli.api.SkeinApi;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skein approve}, {@code reject} and {@code cancel}. */
public final class DecideCommands {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DecideCommands() {}

    private static void show(Invocation invocation, JsonNode plan) {
        if (invocation.json()) {
            invocation.print(PlanResult.json(plan, invocation.api().url()));
        } else {
            PlanResult.text(plan, invocation.api().url(), invocation.terminal().style())
                    .forEach(invocation.terminal()::say);
        }
    }

    /** {@code skein approve}. */
    @Command(
            name = "approve",
            description = "Approve the plan as it is now; with -f watch it run. See \"plans preview\" for what it would"
                    + " change.",
            mixinStandardHelpOptions = true)
    public static final class Approve implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
        String id;

        @Option(
                names = {"-f", "--follow"},
                description = "Watch it until it ends.")
        boolean follow;

        @Option(names = "--hash", description = "Only if this is still its hash (planHash of the plan you read).")
        String hash;

        @Override
        public Integer call() {
            String path = "/plans/" + SkeinApi.encode(id);
            ObjectNode body = JSON.createObjectNode();
            if (hash != null) {
                body.put("planHash", hash);
            }
            JsonNode plan = invocation.api().post(path + "/approve", body);
            if (!follow) {
                show(invocation, plan);
                return ExitCode.OK;
            }
            PlanWatch watch = new PlanWatch(invocation.api(), invocation.terminal(), invocation.json());
            JsonNode ended = watch.awaitAuditCommit(watch.follow(plan));
            show(invocation, ended);
            return PlanResult.exitCode(ended.path("status").asText());
        }
    }

    /** {@code skein rollback}. */
    @Command(
            name = "rollback",
            description = "Propose a plan that undoes one that has ended; approve it like any other.",
            mixinStandardHelpOptions = true)
    public static final class Rollback implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "PLAN", description = "Id of the plan to undo.")
        String id;

        @Override
        public Integer call() {
            JsonNode plan =
                    invocation.api().post("/plans/" + SkeinApi.encode(id) + "/rollback", JSON.createObjectNode());
            if (invocation.json()) {
                invocation.print(PlanResult.json(plan, invocation.api().url()));
            } else {
                new PlanText(invocation.terminal().style()).render(plan).forEach(invocation.terminal()::say);
                invocation
                        .terminal()
                        .say("Plan: "
                                + PlanResult.planUrl(plan, invocation.api().url()));
            }
            return PlanResult.exitCode(plan.path("status").asText());
        }
    }

    /** {@code skein resume}. */
    @Command(
            name = "resume",
            description = "Go on with a paused plan, or from the step where a plan failed.",
            mixinStandardHelpOptions = true)
    public static final class Resume implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
        String id;

        @Override
        public Integer call() {
            JsonNode plan = invocation.api().post("/plans/" + SkeinApi.encode(id) + "/resume", JSON.createObjectNode());
            show(invocation, plan);
            return PlanResult.exitCode(plan.path("status").asText());
        }
    }

    /** {@code skein reject}. */
    @Command(name = "reject", description = "Reject a plan.", mixinStandardHelpOptions = true)
    public static final class Reject implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
        String id;

        @Option(names = "--reason", required = true, description = "Why; it goes into the audit trail.")
        String reason;

        @Override
        public Integer call() {
            show(
                    invocation,
                    invocation
                            .api()
                            .post(
                                    "/plans/" + SkeinApi.encode(id) + "/reject",
                                    JSON.createObjectNode().put("reason", reason)));
            return ExitCode.OK;
        }
    }

    /** {@code skein cancel}. */
    @Command(
            name = "cancel",
            description = "Cancel a plan; a playbook that runs is stopped.",
            mixinStandardHelpOptions = true)
    public static final class Cancel implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
        String id;

        @Option(names = "--reason", description = "Why; it goes into the audit trail.")
        String reason;

        @Override
        public Integer call() {
            ObjectNode body = JSON.createObjectNode();
            if (reason != null) {
                body.put("reason", reason);
            }
            show(invocation, invocation.api().post("/plans/" + SkeinApi.encode(id) + "/cancel", body));
            return ExitCode.OK;
        }
    }
}
