package io.skein.cli.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.skein.cli.ExitCode;
import io.skein.cli.Invocation;
import io.skein.cli.api.SkeinApi;
import io.skein.cli.list.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skein plans}: the list, or one. */
@Command(
        name = "plans",
        description = "List plans, newest first; show one of them with \"show\".",
        mixinStandardHelpOptions = true,
        subcommands = {PlansCommand.Show.class, PlansCommand.All.class, PlansCommand.Preview.class})
public final class PlansCommand implements Callable<Integer> {
    @Mixin
    Listing listing;

    @Mixin
    Invocation invocation;

    @Override
    public Integer call() {
        return listing.print(invocation);
    }

    /** {@code skein plans list}. */
    @Command(name = "list", description = "List plans, newest first.", mixinStandardHelpOptions = true)
    static final class All implements Callable<Integer> {
        @Mixin
        Listing listing;

        @Mixin
        Invocation invocation;

        @Override
        public Integer call() {
            return listing.print(invocation);
        }
    }

    /** {@code skein plans show}. */
    @Command(name = "show", description = "Show a plan.", mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
        String id;

        @Override
        public Integer call() {
            JsonNode plan = invocation.api().get("/plans/" + SkeinApi.encode(id));
            if (invocation.json()) {
                invocation.print(plan);
            } else {
                new PlanText(invocation.terminal().style()).render(plan).forEach(invocation.terminal()::say);
                PlanResult.text(
                                plan,
                                invocation.api().url(),
                                invocation.terminal().style())
                        .forEach(invocation.terminal()::say);
            }
            return ExitCode.OK;
        }
    }

    /** {@code skein plans preview}. */
    @Command(
            name = "preview",
            description = "Show what a plan would change, or why that is not known.",
            mixinStandardHelpOptions = true)
    static final class Preview implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "PLAN", description = "Id of the plan.")
        String id;

        @Option(names = "--again", description = "Ask anew first; the answer takes a while.")
        boolean again;

        @Override
        public Integer call() {
            String path = "/plans/" + SkeinApi.encode(id) + "/preview";
            JsonNode preview = again
                    ? invocation.api().post(path, JsonNodeFactory.instance.objectNode())
                    : invocation.api().get(path);
            if (invocation.json()) {
                invocation.print(preview);
            } else {
                new PreviewText(invocation.terminal().style()).render(preview).forEach(invocation.terminal()::say);
            }
            return ExitCode.OK;
        }
    }

    /** The list and its options. */
    static final class Listing {
        @Option(names = "--size", defaultValue = "20", description = "How many (default: 20).")
        int size;

        @Option(names = "--status", description = "Only plans of this status.")
        String status;

        @Option(names = "--after", description = "The \"next\" of the page before.")
        String after;

        int print(Invocation invocation) {
            Map<String, Object> query = new LinkedHashMap<>();
            query.put("size", size);
            query.put("status", status);
            query.put("after", after);
            JsonNode page = invocation.api().get("/plans", query);
            if (invocation.json()) {
                invocation.print(page);
                return ExitCode.OK;
            }
            new Table("PLAN", "STATUS", "CREATED", "BY", "TEXT")
                    .rows(
                            page.path("items"),
                            plan -> plan.path("id").asText(),
                            plan -> plan.path("status").asText(),
                            plan -> Table.time(plan.path("createdAt")),
                            plan -> plan.path("requestedBy").asText("-"),
                            plan -> Table.shortened(plan.path("text").asText(), 70))
                    .print(invocation.terminal(), "There are no plans yet.");
            Table.more(invocation.terminal(), page);
            return ExitCode.OK;
        }
    }
}
