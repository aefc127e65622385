package io.skein.cli.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.cli.ExitCode;
import io.skein.cli.Invocation;
import io.skein.cli.api.SkeinApi;
import io.skein.cli.list.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skein token}. */
@Command(
        name = "token",
        description = {
            "Print an access token, good for minutes; or make, list and revoke API tokens, good for months.",
            "A script puts an API token into SKEIN_TOKEN; a node or an agent uses its own at the broker."
        },
        mixinStandardHelpOptions = true,
        subcommands = {TokenCommand.Create.class, TokenCommand.Tokens.class, TokenCommand.Revoke.class})
public final class TokenCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    Invocation invocation;

    @Override
    public Integer call() {
        String token = invocation.api().token();
        if (invocation.json()) {
            invocation.print(JSON.createObjectNode()
                    .put("accessToken", token)
                    .put("url", invocation.api().url()));
        } else {
            invocation.terminal().out().println(token);
        }
        return ExitCode.OK;
    }

    /** {@code skein token create}. */
    @Command(
            name = "create",
            description = "Make an API token. It is printed this once, alone on standard output.",
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "NAME", description = "What it is for, to recognise it by.")
        String name;

        @ArgGroup(multiplicity = "1")
        Whom whom;

        @Option(names = "--days", description = "Days until it expires (default: 90).")
        Integer days;

        /** Whom it speaks for. */
        static final class Whom {
            @Option(
                    names = "--scope",
                    split = ",",
                    paramLabel = "ROLE",
                    description = "For you: which of your roles it has (viewer, operator, approver, admin).")
            List<String> scopes;

            @Option(names = "--node", description = "For the desktop agent of this node; administrators only.")
            String node;

            @Option(names = "--agent", description = "For the agent with this id; administrators only.")
            String agent;
        }

        @Override
        public Integer call() {
            ObjectNode wanted = JSON.createObjectNode().put("name", name);
            if (whom.scopes != null) {
                wanted.put("kind", "person");
                whom.scopes.forEach(wanted.putArray("scopes")::add);
            } else {
                wanted.put("kind", whom.node != null ? "node" : "agent");
                wanted.put("subject", whom.node != null ? whom.node : whom.agent);
            }
            if (days != null) {
                wanted.put("expiresInDays", days);
            }
            JsonNode made = invocation.api().post("/tokens", wanted);
            if (invocation.json()) {
                invocation.print(made);
                return ExitCode.OK;
            }
            // Standard output has nothing but the token, for $(skein token create …).
            invocation.terminal().out().println(made.path("token").asText());
            invocation
                    .terminal()
                    .err()
                    .println("skein: it expires " + Table.time(made.path("expiresAt")) + "; skein token revoke "
                            + made.path("id").asText() + " ends it before.");
            return ExitCode.OK;
        }
    }

    /** {@code skein token list}. */
    @Command(name = "list", description = "Your API tokens, newest first.", mixinStandardHelpOptions = true)
    static final class Tokens implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Option(names = "--all", description = "Everybody's of your team; administrators only.")
        boolean all;

        @Option(names = "--size", defaultValue = "50", description = "How many (default: 50).")
        int size;

        @Option(names = "--after", description = "Where the page before this one ended.")
        String after;

        @Override
        public Integer call() {
            Map<String, Object> query = new LinkedHashMap<>();
            query.put("all", all ? "true" : "");
            query.put("size", size);
            query.put("after", after);
            JsonNode page = invocation.api().get("/tokens", query);
            if (invocation.json()) {
                invocation.print(page);
                return ExitCode.OK;
            }
            new Table("TOKEN", "NAME", "OF", "MAY", "EXPIRES", "LAST USED")
                    .rows(
                            page.path("items"),
                            token -> token.path("id").asText(),
                            token -> Table.shortened(token.path("name").asText(), 40),
                            Tokens::of,
                            token -> Table.joined(token.path("scopes")),
                            token ->
                                    token.path("expired").asBoolean() ? "expired" : Table.time(token.path("expiresAt")),
                            token -> Table.time(token.path("lastUsedAt")))
                    .print(invocation.terminal(), "No API tokens.");
            Table.more(invocation.terminal(), page);
            return ExitCode.OK;
        }

        private static String of(JsonNode token) {
            String kind = token.path("kind").asText();
            return kind.equals("person")
                    ? token.path("owner").asText()
                    : kind + " " + token.path("subject").asText();
        }
    }

    /** {@code skein token revoke}. */
    @Command(
            name = "revoke",
            description = "End an API token; within two seconds it is refused everywhere.",
            mixinStandardHelpOptions = true)
    static final class Revoke implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Parameters(paramLabel = "TOKEN", description = "Its id, from skein token list.")
        String id;

        @Override
        public Integer call() {
            invocation.api().delete("/tokens/" + SkeinApi.encode(id));
            if (invocation.json()) {
                invocation.print(JSON.createObjectNode().put("id", id).put("revoked", true));
            } else {
                invocation.terminal().say("Revoked.");
            }
            return ExitCode.OK;
        }
    }
}
