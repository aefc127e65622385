package io.skein.local;

import io.skein.local.fleet.Fleet;
import io.skein.local.fleet.FleetOptions;
import io.skein.local.fleet.Service;
import io.skein.local.infrastructure.ExternalServers;
import io.skein.local.infrastructure.PostgresAdmin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code skein up}. */
@Command(
        name = "up",
        description = {
            "Build what is not built, start everything, wait until it is ready.",
            "A second up starts only what does not run, and what was built anew.",
            "Exit codes: 0 ready, 1 something does not start, 2 wrong usage, 6 this machine lacks something."
        },
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @ParentCommand
    LocalFleet fleet;

    @Option(names = "--only", split = ",", description = "Only these services, by name.")
    List<String> only;

    @Option(
            names = "--playbooks",
            defaultValue = "${env:SKEIN_INFRA_AGENT_REPOSITORY}",
            description =
                    "Folder with Ansible playbooks (default: SKEIN_INFRA_AGENT_REPOSITORY, else examples/homelab-infra).")
    Path playbooks;

    @Option(names = "--no-build", description = "Start what is built, whatever the sources say.")
    boolean noBuild;

    @Option(names = "--timeout", defaultValue = "120", description = "Seconds the services have to become ready.")
    int timeout;

    @Option(
            names = "--postgres-url",
            defaultValue = "${env:SKEIN_POSTGRES_URL}",
            description = "JDBC address of a PostgreSQL of yours (default: SKEIN_POSTGRES_URL, else a private one).")
    String postgresUrl;

    @Option(
            names = "--postgres-user",
            defaultValue = "${env:SKEIN_POSTGRES_USER}",
            description = "Account there that may create roles and databases (SKEIN_POSTGRES_USER).")
    String postgresUser;

    @Option(
            names = "--postgres-password",
            defaultValue = "${env:SKEIN_POSTGRES_PASSWORD}",
            description = "Its password; better given as SKEIN_POSTGRES_PASSWORD.")
    String postgresPassword;

    @Option(
            names = "--redis-url",
            defaultValue = "${env:SKEIN_REDIS_URL}",
            description = "redis://:password@host:port/0 of a Redis of yours (SKEIN_REDIS_URL).")
    String redisUrl;

    @Option(
            names = "--rabbitmq-uri",
            defaultValue = "${env:SKEIN_RABBITMQ_URI}",
            description = "amqp://user:password@host:port/vhost of a broker of yours (SKEIN_RABBITMQ_URI); "
                    + "all services share that user, so nobody checks who sends a message.")
    String rabbitUri;

    @Override
    public Integer call() {
        FleetHome home = fleet.home();
        FleetHome.Profile profile = home.profile(LocalFleet.PROFILE);
        FleetOptions options = new FleetOptions(
                given(playbooks == null ? null : playbooks.toString())
                        .map(Path::of)
                        .map(Path::toAbsolutePath)
                        .map(Path::normalize)
                        .orElse(FleetOptions.defaultPlaybooks(home)),
                new ExternalServers(
                        given(postgresUrl)
                                .map(url -> new PostgresAdmin(
                                        url,
                                        given(postgresUser).orElse("postgres"),
                                        given(postgresPassword).orElse(""))),
                        given(redisUrl),
                        given(rabbitUri)));
        Fleet.Up up = new Fleet(home, profile, options, fleet.console())
                .up(services(), !noBuild, Duration.ofSeconds(timeout));
        if (!services().contains(Service.FRONTDOOR)) {
            System.out.println("Ready: "
                    + String.join(", ", services().stream().map(Service::module).toList()));
            return ExitCode.OK;
        }
        System.out.println();
        System.out.println("Skein is ready at " + up.url());
        if (up.signIn().isPresent()) {
            System.out.println("Sign in as " + up.username() + " with the password " + up.password());
        } else {
            System.out.println("Sign in with your account.");
        }
        System.out.println("Ask for something: ./skein request \"Deploy Uptime Kuma to the homelab\"");
        return ExitCode.OK;
    }

    private Set<Service> services() {
        if (only == null) {
            return EnumSet.allOf(Service.class);
        }
        EnumSet<Service> chosen = EnumSet.noneOf(Service.class);
        for (String name : only) {
            chosen.add(LocalFleet.service(name));
        }
        return chosen;
    }

    private static Optional<String> given(String value) {
        return Optional.ofNullable(value).filter(text -> !text.isBlank());
    }

    static String names() {
        return String.join(
                ", ", Arrays.stream(Service.values()).map(Service::module).toList());
    }
}
