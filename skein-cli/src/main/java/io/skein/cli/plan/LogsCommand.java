package io.skein.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.cli.ExitCode;
import io.skein.cli.Invocation;
import io.skein.cli.api.SkeinApi;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skein logs}. */
@Command(
        name = "logs",
        description = {
            "What a plan did, task by task.",
            "With -f the exit code is that of request: 0 completed, 1 failed or interrupted, 3 rejected or cancelled."
        },
        mixinStandardHelpOptions = true)
public final class LogsCommand implements Callable<Integer> {
    private static final Duration QUIET = Duration.ofMillis(1500);

    @Mixin
    Invocation invocation;

    @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
    String id;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the plan ends.")
    boolean follow;

    @Override
    public Integer call() {
        JsonNode plan = invocation.api().get("/plans/" + SkeinApi.encode(id));
        PlanWatch watch = new PlanWatch(invocation.api(), invocation.terminal(), false);
        if (!follow) {
            watch.replay(plan, QUIET);
            return ExitCode.OK;
        }
        JsonNode ended = watch.awaitAuditCommit(watch.follow(plan));
        PlanResult.text(ended, invocation.api().url(), invocation.terminal().style())
                .forEach(invocation.terminal()::say);
        return PlanResult.exitCode(ended.path("status").asText());
    }
}
