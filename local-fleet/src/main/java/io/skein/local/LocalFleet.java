package io.skein.local;

import io.skein.local.fleet.Service;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The commands of {@code ./skein} that start, stop and look at processes of this machine. */
@Command(
        name = "skein",
        description = "Skein on one machine.",
        mixinStandardHelpOptions = true,
        subcommands = {
            UpCommand.class,
            FleetCommands.Down.class,
            FleetCommands.Status.class,
            FleetCommands.Restart.class,
            Doctor.class,
            InfraCommand.class,
            TestCommand.class
        },
        scope = ScopeType.LOCAL)
public final class LocalFleet implements Runnable {
    /** What {@code up} starts. */
    static final String PROFILE = "local";

    @Option(
            names = "--home",
            scope = ScopeType.INHERIT,
            description = "Where state is kept (default: SKEIN_HOME, else .skein in the source tree).")
    Path home;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress lines.")
    boolean quiet;

    private Console console;

    public static void main(String[] arguments) {
        System.exit(commandLine(new LocalFleet()).execute(arguments));
    }

    static CommandLine commandLine(LocalFleet fleet) {
        return new CommandLine(fleet)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    if (exception instanceof FleetException e) {
                        System.err.println("skein: " + e.getMessage());
                        return e.exitCode();
                    }
                    throw exception;
                });
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    static Service service(String name) {
        return Service.find(name)
                .orElseThrow(() -> new FleetException(
                        ExitCode.USAGE,
                        "There is no service " + name + "; there are " + UpCommand.names() + ".",
                        null));
    }

    Console console() {
        if (console == null) {
            console = new Console(System.err, quiet);
        }
        return console;
    }

    FleetHome home() {
        Path repository = Path.of(System.getProperty("skein.repository", "."));
        String fromEnvironment = System.getenv("SKEIN_HOME");
        Path shared = fromEnvironment != null && !fromEnvironment.isBlank()
                ? Path.of(fromEnvironment)
                : repository.resolve(".skein");
        return new FleetHome(repository, shared, home != null ? home : shared);
    }
}
