package io.skein.cli.list;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.cli.ExitCode;
import io.skein.cli.Invocation;
import io.skein.cli.api.SkeinApi;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skein audit}: what happened, and whether somebody touched the record. */
@Command(
        name = "audit",
        description = "What happened, provably.",
        mixinStandardHelpOptions = true,
        subcommands = {AuditCommand.Entries.class, AuditCommand.Task.class, AuditCommand.Verify.class})
public final class AuditCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine.usage(spec, System.out);
        return ExitCode.USAGE;
    }

    /** {@code skein audit entries}. */
    @Command(name = "entries", description = "Entries, newest first.", mixinStandardHelpOptions = true)
    static final class Entries extends ListCommands.Listing {
        @Option(names = "--plan", description = "Only of this plan.")
        String plan;

        @Option(names = "--type", description = "Only this type.")
        String type;

        @Option(names = "--actor", description = "Only by this actor.")
        String actor;

        @Option(names = "--search", description = "Only with this text.")
        String search;

        @Override
        String path() {
            return "/audit/entries";
        }

        @Override
        Map<String, Object> query() {
            Map<String, Object> query = new HashMap<>();
            query.put("planId", plan);
            query.put("type", type);
            query.put("actor", actor);
            query.put("q", search);
            return query;
        }

        @Override
        Table table(JsonNode items) {
            return new Table("TIME", "TYPE", "ACTOR", "STATUS", "SUBJECT")
                    .rows(
                            items,
                            entry -> Table.time(first(entry, "at", "time")),
                            entry -> entry.path("type").asText(),
                            entry -> entry.path("actor").asText(""),
                            entry -> first(entry, "status", "outcome").asText(""),
                            entry -> first(entry, "resource", "subject").asText(""));
        }

        @Override
        String whenEmpty() {
            return "No such entries.";
        }

        private static JsonNode first(JsonNode entry, String... names) {
            for (String name : names) {
                if (entry.hasNonNull(name)) {
                    return entry.get(name);
                }
            }
            return entry.path(names[0]);
        }
    }

    /** {@code skein audit task}. */
    @Command(
            name = "task",
            description = "The record of a plan or step, as committed to git.",
            mixinStandardHelpOptions = true)
    static final class Task implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "ID", description = "Id of the plan or step.")
        String id;

        @Override
        public Integer call() {
            invocation.print(invocation.api().get("/audit/tasks/" + SkeinApi.encode(id)));
            return ExitCode.OK;
        }
    }

    /** {@code skein audit verify}. */
    @Command(
            name = "verify",
            description = {
                "Check the whole chain of entries.",
                "Exit codes: 0 nothing was changed, 1 something was; the first bad entry is named."
            },
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Override
        public Integer call() {
            JsonNode answer = invocation.api().get("/audit/verify");
            boolean intact =
                    answer.path("intact").asBoolean(answer.path("valid").asBoolean(false));
            if (invocation.json()) {
                invocation.print(answer);
            } else {
                invocation
                        .terminal()
                        .say(
                                intact
                                        ? invocation.terminal().style().good("The audit trail is intact.")
                                        : invocation.terminal().style().bad("The audit trail was changed."));
                answer.properties().forEach(field -> {
                    if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                        invocation
                                .terminal()
                                .say("  %-16s %s"
                                        .formatted(
                                                field.getKey(), field.getValue().asText()));
                    }
                });
            }
            return intact ? ExitCode.OK : ExitCode.FAILED;
        }
    }
}
