package io.skein.local;

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
        subcommands = {InfraCommand.class},
        scope = ScopeType.LOCAL)
public final class LocalFleet implements Runnable {
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

    Console console() {
        if (console == null) {
            console = new Console(System.err, quiet);
        }
        return console;
    }

    FleetHome home() {
        Path repository = Path.of(System.getProperty("skein.repository", "."));
        String fromEnvironment = System.getenv("SKEIN_HOME");
        Path state = home != null
                ? home
                : fromEnvironment != null && !fromEnvironment.isBlank()
                        ? Path.of(fromEnvironment)
                        : repository.resolve(".skein");
        return new FleetHome(repository, state);
    }
}
