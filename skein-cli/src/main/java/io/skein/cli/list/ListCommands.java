package io.skein.cli.list;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.cli.ExitCode;
import io.skein.cli.Invocation;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code skein nodes}, {@code agents}, {@code locks}, {@code events} and {@code playbooks}. */
public final class ListCommands {
    private ListCommands() {}

    /** A page of something: as it came for scripts, as a table for people. */
    abstract static class Listing implements Callable<Integer> {
        @Mixin
        Invocation invocation;

        @Option(names = "--size", defaultValue = "50", description = "How many at most (default: 50).")
        int size;

        @Option(names = "--after", description = "The \"next\" of the page before.")
        String after;

        abstract String path();

        abstract Table table(JsonNode items);

        abstract String whenEmpty();

        Map<String, Object> query() {
            return new HashMap<>();
        }

        @Override
        public Integer call() {
            Map<String, Object> query = query();
            query.put("size", size);
            query.put("after", after);
            JsonNode page = invocation.api().get(path(), query);
            if (invocation.json()) {
                invocation.print(page);
                return ExitCode.OK;
            }
            table(page.path("items")).print(invocation.terminal(), whenEmpty());
            Table.more(invocation.terminal(), page);
            return ExitCode.OK;
        }
    }

    /** {@code skein nodes}. */
    @Command(name = "nodes", description = "The machines and what they have free.", mixinStandardHelpOptions = true)
    public static final class Nodes extends Listing {
        @Override
        String path() {
            return "/nodes";
        }

        @Override
        Table table(JsonNode items) {
            return new Table("NODE", "STATUS", "CORDONED", "CPU", "MEMORY FREE", "LAST HEARTBEAT", "AGENT")
                    .rows(
                            items,
                            node -> node.path("name").asText(),
                            node -> node.path("status").asText(),
                            node -> node.path("cordoned").asBoolean() ? "yes" : "no",
                            node -> Figures.cpu(node.path("resources")),
                            node -> Figures.memory(node.path("resources")),
                            node -> Table.time(node.path("lastHeartbeatAt")),
                            node -> node.path("agentVersion").asText(""));
        }

        @Override
        String whenEmpty() {
            return "No machine has reported yet.";
        }
    }

    /** {@code skein agents}. */
    @Command(name = "agents", description = "The agents that work now.", mixinStandardHelpOptions = true)
    public static final class Agents extends Listing {
        @Option(names = "--capability", description = "Only those that can do this, such as ansible.playbook.")
        String capability;

        @Override
        String path() {
            return "/agents/live";
        }

        @Override
        Map<String, Object> query() {
            Map<String, Object> query = super.query();
            query.put("capability", capability);
            return query;
        }

        @Override
        Table table(JsonNode items) {
            return new Table("AGENT", "TYPE", "NODE", "ONLINE", "BUSY", "TASKS", "SUCCESS", "CAPABILITIES")
                    .rows(
                            items,
                            agent -> agent.path("agentId").asText(),
                            agent -> agent.path("agentType").asText(),
                            agent -> agent.path("node").asText(""),
                            agent -> agent.path("online").asBoolean() ? "yes" : "no",
                            agent -> agent.path("busy").asText("0") + "/"
                                    + agent.path("slots").asText("?"),
                            agent -> agent.path("tasks").asText("0"),
                            agent -> agent.path("successRate").isNumber()
                                    ? Math.round(agent.path("successRate").asDouble() * 100) + " %"
                                    : "",
                            agent -> Table.joined(agent.path("capabilities")));
        }

        @Override
        String whenEmpty() {
            return "No agent has reported yet.";
        }
    }

    /** {@code skein locks}. */
    @Command(name = "locks", description = "Who holds what.", mixinStandardHelpOptions = true)
    public static final class Locks extends Listing {
        @Override
        String path() {
            return "/locks";
        }

        @Override
        Table table(JsonNode items) {
            return new Table("RESOURCES", "OWNER", "STATUS", "PRIORITY", "GRANTED", "EXPIRES", "LOCK")
                    .rows(
                            items,
                            lock -> Table.joined(lock.path("resourceIds")),
                            lock -> lock.path("ownerId").asText(),
                            lock -> lock.path("status").asText(""),
                            lock -> lock.path("priority").asText(""),
                            lock -> Table.time(lock.path("grantedAt")),
                            lock -> Table.time(lock.path("expiresAt")),
                            lock -> lock.path("id").asText());
        }

        @Override
        String whenEmpty() {
            return "Nothing is locked.";
        }
    }

    /** {@code skein events}. */
    @Command(name = "events", description = "The event log, newest first.", mixinStandardHelpOptions = true)
    public static final class Events extends Listing {
        @Option(names = "--type", description = "Only this type.")
        String type;

        @Option(names = "--priority", description = "Only this priority.")
        String priority;

        @Option(names = "--plan", description = "Only of this plan.")
        String plan;

        @Override
        String path() {
            return "/events";
        }

        @Override
        Map<String, Object> query() {
            Map<String, Object> query = super.query();
            query.put("type", type);
            query.put("priority", priority);
            query.put("planId", plan);
            return query;
        }

        @Override
        Table table(JsonNode items) {
            return new Table("TIME", "PRIORITY", "TYPE", "SUBJECT", "ROUTED TO")
                    .rows(
                            items,
                            event -> Table.time(event.hasNonNull("time") ? event.path("time") : event.path("at")),
                            event -> event.path("priority").asText(""),
                            event -> event.path("type").asText(),
                            event -> event.path("subject").asText(""),
                            event -> Table.joined(event.path("routedTo")));
        }

        @Override
        String whenEmpty() {
            return "No such events.";
        }
    }

    /** {@code skein playbooks}. */
    @Command(name = "playbooks", description = "What the fleet can do.", mixinStandardHelpOptions = true)
    public static final class Playbooks extends Listing {
        @Option(names = "--search", description = "Only those with this text.")
        String search;

        @Override
        String path() {
            return "/playbooks";
        }

        @Override
        Map<String, Object> query() {
            Map<String, Object> query = super.query();
            query.put("q", search);
            return query;
        }

        @Override
        Table table(JsonNode items) {
            return new Table("PLAYBOOK", "NAME", "HOSTS", "RISK", "BROKEN")
                    .rows(
                            items,
                            playbook -> playbook.path("path").asText(),
                            playbook -> Table.shortened(playbook.path("name").asText(), 50),
                            playbook -> playbook.path("hosts").asText(""),
                            playbook -> playbook.path("risk").asText(""),
                            playbook -> playbook.path("broken").asText(""));
        }

        @Override
        String whenEmpty() {
            return "No playbook was found.";
        }
    }
}
