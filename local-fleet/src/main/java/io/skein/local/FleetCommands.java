package io.skein.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.local.fleet.Fleet;
import io.skein.local.fleet.FleetOptions;
import io.skein.local.fleet.ServiceState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code skein down}, {@code status} and {@code restart}. */
final class FleetCommands {
    private FleetCommands() {}

    private static Fleet recall(LocalFleet fleet) {
        FleetHome home = fleet.home();
        FleetHome.Profile profile = home.profile(LocalFleet.PROFILE);
        return new Fleet(home, profile, FleetOptions.recall(home, profile), fleet.console());
    }

    /** {@code skein down}. */
    @Command(
            name = "down",
            description = "Stop what up started, and nothing else; data is kept.",
            mixinStandardHelpOptions = true)
    static final class Down implements Callable<Integer> {
        @ParentCommand
        LocalFleet fleet;

        @Override
        public Integer call() {
            if (!recall(fleet).down()) {
                fleet.console().say("nothing was running");
            }
            return ExitCode.OK;
        }
    }

    /** {@code skein restart}. */
    @Command(name = "restart", description = "Stop and start one service.", mixinStandardHelpOptions = true)
    static final class Restart implements Callable<Integer> {
        @ParentCommand
        LocalFleet fleet;

        @Parameters(paramLabel = "SERVICE", description = "Its name, such as orchestrator-service.")
        String service;

        @Option(names = "--timeout", defaultValue = "60", description = "Seconds it has to become ready.")
        int timeout;

        @Override
        public Integer call() {
            recall(fleet).restart(LocalFleet.service(service), Duration.ofSeconds(timeout));
            return ExitCode.OK;
        }
    }

    /** {@code skein status}. */
    @Command(
            name = "status",
            description = {
                "What runs, since when, and how much memory it takes.",
                "Exit codes: 0 every service is ready, 5 not all of them."
            },
            mixinStandardHelpOptions = true)
    static final class Status implements Callable<Integer> {
        private static final ObjectMapper JSON = new ObjectMapper();

        @ParentCommand
        LocalFleet fleet;

        @Option(names = "--output", defaultValue = "text", description = "text or json.")
        Output output;

        enum Output {
            TEXT,
            JSON
        }

        @Override
        public Integer call() throws Exception {
            Fleet running = recall(fleet);
            List<ServiceState> services = running.states();
            List<ServiceState> infrastructure = running.infrastructureStates();
            boolean ready = services.stream().allMatch(ServiceState::isReady);
            if (output == Output.JSON) {
                System.out.println(JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(json(running.url(), services, infrastructure)));
            } else {
                table(running.url(), services, infrastructure);
            }
            return ready ? ExitCode.OK : ExitCode.NOT_RUNNING;
        }

        static ObjectNode json(String url, List<ServiceState> services, List<ServiceState> infrastructure) {
            ObjectNode root = JSON.createObjectNode();
            root.put("url", url);
            root.put("status", summary(services));
            root.put("rssBytes", sum(services));
            ArrayNode rows = root.putArray("services");
            services.forEach(state -> row(rows.addObject(), state));
            ArrayNode servers = root.putArray("infrastructure");
            infrastructure.forEach(state -> row(servers.addObject(), state));
            return root;
        }

        private static void row(ObjectNode row, ServiceState state) {
            row.put("name", state.name())
                    .put("url", state.url())
                    .put("status", state.status())
                    .put("pid", state.pid())
                    .put("rssBytes", state.rssBytes())
                    .put("startedAt", Objects.toString(state.startedAt(), null));
        }

        private static String summary(List<ServiceState> services) {
            if (services.stream().allMatch(ServiceState::isReady)) {
                return "ready";
            }
            return services.stream().allMatch(ServiceState::isStopped) ? "stopped" : "degraded";
        }

        private static void table(String url, List<ServiceState> services, List<ServiceState> infrastructure) {
            System.out.printf("%-22s %-9s %8s %9s  %-10s %s%n", "NAME", "STATUS", "PID", "MEMORY", "SINCE", "ADDRESS");
            services.forEach(Status::line);
            infrastructure.forEach(Status::line);
            System.out.printf(
                    Locale.ROOT,
                    "%nServices take %.0f MB, all together %.0f MB.%n",
                    sum(services) / 1048576.0,
                    (sum(services) + sum(infrastructure)) / 1048576.0);
            switch (summary(services)) {
                case "ready" -> System.out.println("Skein is ready at " + url);
                case "stopped" -> System.out.println("Skein does not run; start it with ./skein up");
                default -> System.out.println("Not everything is ready; ./skein up starts what is missing.");
            }
        }

        private static void line(ServiceState state) {
            System.out.printf(
                    Locale.ROOT,
                    "%-22s %-9s %8s %9s  %-10s %s%n",
                    state.name(),
                    state.status(),
                    Objects.toString(state.pid(), "-"),
                    state.rssBytes() == null ? "-" : "%.0f MB".formatted(state.rssBytes() / 1048576.0),
                    state.startedAt() == null ? "-" : age(state.startedAt()),
                    state.url());
        }

        private static long sum(List<ServiceState> states) {
            return states.stream()
                    .map(ServiceState::rssBytes)
                    .filter(Objects::nonNull)
                    .mapToLong(Long::longValue)
                    .sum();
        }

        private static String age(Instant startedAt) {
            Duration age = Duration.between(startedAt.truncatedTo(ChronoUnit.SECONDS), Instant.now());
            if (age.toDays() > 0) {
                return age.toDays() + "d " + age.toHoursPart() + "h";
            }
            if (age.toHours() > 0) {
                return age.toHours() + "h " + age.toMinutesPart() + "m";
            }
            return age.toMinutes() > 0 ? age.toMinutes() + "m " + age.toSecondsPart() + "s" : age.toSeconds() + "s";
        }
    }
}
