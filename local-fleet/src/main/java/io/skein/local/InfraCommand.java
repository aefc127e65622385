package io.skein.local;

import io.skein.local.infrastructure.ExternalServers;
import io.skein.local.infrastructure.Infrastructure;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code skein infra}: only the servers, for tests. */
@Command(
        name = "infra",
        description = "Start and stop private PostgreSQL, Redis and RabbitMQ servers for tests.",
        mixinStandardHelpOptions = true)
final class InfraCommand {
    @ParentCommand
    LocalFleet fleet;

    @Option(names = "--profile", defaultValue = "test", description = "Which set of servers and data (default: test).")
    String profile;

    @Command(name = "up", description = "Start them and wait until they answer; nothing to do when they run.")
    int up() {
        Infrastructure infrastructure = infrastructure();
        infrastructure.up(fleet.console());
        fleet.console().say("described in " + infrastructure.description().path());
        return ExitCode.OK;
    }

    @Command(name = "down", description = "Stop them; their data is kept.")
    int down() {
        if (!infrastructure().down(fleet.console())) {
            fleet.console().say("nothing was running");
        }
        return ExitCode.OK;
    }

    @Command(name = "env", description = "Print addresses and credentials as key=value lines.")
    int env() {
        Infrastructure infrastructure = infrastructure();
        if (!infrastructure.isReady()) {
            fleet.console().warn("The servers do not run; start them with ./skein infra up.");
            return ExitCode.NOT_RUNNING;
        }
        infrastructure.description().all().forEach((key, value) -> System.out.println(key + "=" + value));
        return ExitCode.OK;
    }

    private Infrastructure infrastructure() {
        FleetHome home = fleet.home();
        return new Infrastructure(home, home.profile(profile), ExternalServers.NONE, List.of());
    }
}
