package io.skein.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.cli.api.ApiException;
import io.skein.cli.list.AuditCommand;
import io.skein.cli.list.ListCommands;
import io.skein.cli.plan.DecideCommands;
import io.skein.cli.plan.LogsCommand;
import io.skein.cli.plan.PlansCommand;
import io.skein.cli.plan.RequestCommand;
import io.skein.cli.token.TokenCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The {@code skein} command line. */
@Command(
        name = "skein",
        description = "Ask a fleet of agents for something in plain language.",
        mixinStandardHelpOptions = true,
        version = "skein 0.1.0",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 rejected or cancelled, 4 needs your answer or approval,",
            "5 the fleet is not reachable or nobody is signed in.",
            "",
            "Environment: SKEIN_URL, SKEIN_TOKEN (an API token from skein token create, or an access token) or"
                    + " SKEIN_USER",
            "and SKEIN_PASSWORD; otherwise the sign-in kept by ./skein up is used."
        },
        subcommands = {
            RequestCommand.class,
            PlansCommand.class,
            DecideCommands.Approve.class,
            DecideCommands.Reject.class,
            DecideCommands.Cancel.class,
            DecideCommands.Rollback.class,
            DecideCommands.Resume.class,
            LogsCommand.class,
            ListCommands.Nodes.class,
            ListCommands.Agents.class,
            ListCommands.Locks.class,
            ListCommands.Events.class,
            ListCommands.Playbooks.class,
            AuditCommand.class,
            TokenCommand.class
        })
public final class SkeinCli implements Runnable {

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new SkeinCli())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    if (exception instanceof ApiException e) {
                        return report(e, parsed);
                    }
                    throw exception;
                });
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    private static int report(ApiException e, ParseResult parsed) {
        System.err.println("skein: " + Terminal.printable(e.getMessage()) + " [" + e.code() + "]");
        if (e.code().equals("duplicate_request")) {
            System.err.println("skein: --again asks once more all the same.");
        }
        if (wantsJson(parsed)) {
            ObjectNode answer = new ObjectMapper().createObjectNode();
            answer.putObject("error")
                    .put("code", e.code())
                    .put("status", e.status())
                    .put("message", e.getMessage());
            System.out.println(answer);
        }
        if (e.code().equals(ApiException.UNREACHABLE) || e.status() == 401) {
            return ExitCode.UNREACHABLE;
        }
        return e.code().equals("usage") ? ExitCode.USAGE : ExitCode.FAILED;
    }

    private static boolean wantsJson(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return last.hasMatchedOption("--output")
                && Invocation.Output.JSON.equals(last.matchedOptionValue("--output", Invocation.Output.TEXT));
    }
}
