package io.skein.local.fleet;

import io.skein.local.Console;
import io.skein.local.FleetException;
import io.skein.local.FleetHome;
import io.skein.local.ansible.AnsibleEnvironment;
import io.skein.local.infrastructure.Infrastructure;
import io.skein.local.infrastructure.PostgresAdmin;
import io.skein.local.process.Daemon;
import io.skein.local.process.DaemonSpec;
import io.skein.local.process.Memory;
import io.skein.local.process.Ports;
import io.skein.local.process.ProcessTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** The services of one profile: starting, stopping and telling what runs. */
public final class Fleet {
    private static final Duration PATIENCE_DOWN = Duration.ofSeconds(20);
    private static final int KEPT_LOGS = 3;

    private final FleetHome home;
    private final FleetHome.Profile profile;
    private final FleetOptions options;
    private final Console console;
    private final ProcessTable processes;
    private final Ports ports;
    private final Infrastructure infrastructure;
    private final ServiceEnvironment environment;
    private final Deployment deployment;

    public Fleet(FleetHome home, FleetHome.Profile profile, FleetOptions options, Console console) {
        this.home = home;
        this.profile = profile;
        this.options = options;
        this.console = console;
        this.processes = new ProcessTable(profile.run());
        this.ports = new Ports(profile.ports());
        this.infrastructure = new Infrastructure(home, profile, options.external(), Service.identities());
        this.deployment = new Deployment(home, profile);
        this.environment = new ServiceEnvironment(profile, options, infrastructure, new AnsibleEnvironment(home).bin());
    }

    /** What {@code up} ended with. */
    public record Up(String url, Optional<FirstSignIn.Credentials> signIn) {
        /** For the person who ran it. */
        public String username() {
            return signIn.map(FirstSignIn.Credentials::username).orElse("");
        }

        public String password() {
            return signIn.map(FirstSignIn.Credentials::password).orElse("");
        }
    }

    /** Starts what does not run, and restarts what was built anew since it was started. */
    public Up up(Collection<Service> services, boolean build, Duration limit) {
        options.checked();
        if (build) {
            new ProductBuild(home).ensure(services, console);
        }
        new ProductBuild(home).missing(services).ifPresent(names -> {
            throw new FleetException("Not built: " + names + "; leave --no-build out.");
        });
        Future<?> ansible =
                services.contains(Service.INFRA_AGENT) ? prepareAnsible() : CompletableFuture.completedFuture(null);
        // First: the broker is told where the front door will be.
        choosePorts(services);
        infrastructure.up(console);
        provision();
        join(ansible);
        options.remember(profile);
        for (Service service : services) {
            stopIfOutdated(service);
        }
        new ServiceStart(this, processes, console).start(services, Instant.now().plus(limit));
        String url = environment.url(Service.FRONTDOOR);
        Optional<FirstSignIn.Credentials> signIn = services.contains(Service.FRONTDOOR)
                ? new FirstSignIn(profile.directory()).ensure(url, environment.setupToken())
                : Optional.empty();
        return new Up(url, signIn);
    }

    /** Stops the services side by side, then the servers they need. */
    public boolean down() {
        boolean any = false;
        List<Future<?>> stopping = new ArrayList<>();
        for (Service service : Service.values()) {
            if (processes.find(service.module()).isPresent()) {
                any = true;
                stopping.add(CompletableFuture.runAsync(
                        () -> {
                            processes.stop(service.module(), "TERM", PATIENCE_DOWN);
                            console.say(service.module() + " stopped");
                        },
                        Thread::startVirtualThread));
            }
        }
        stopping.forEach(Fleet::join);
        return infrastructure.down(console) || any;
    }

    public void restart(Service service, Duration limit) {
        new ProductBuild(home).missing(List.of(service)).ifPresent(name -> {
            throw new FleetException("Not built: " + name + "; run ./skein up.");
        });
        if (!infrastructure.isReady()) {
            throw new FleetException("PostgreSQL, Redis and RabbitMQ do not run; run ./skein up.");
        }
        processes.stop(service.module(), "TERM", PATIENCE_DOWN);
        choosePorts(List.of(service));
        infrastructure.up(console);
        new ServiceStart(this, processes, console)
                .start(List.of(service), Instant.now().plus(limit));
    }

    /** Of every service, also of those that never ran. */
    public List<ServiceState> states() {
        try (HttpProbe probe = new HttpProbe()) {
            return Arrays.stream(Service.values())
                    .parallel()
                    .map(service -> state(service, probe))
                    .toList();
        }
    }

    /** Of PostgreSQL, Redis and RabbitMQ where they are ours. */
    public List<ServiceState> infrastructureStates() {
        return infrastructure.states().stream()
                .map(server -> {
                    Optional<Daemon> daemon = server.daemon();
                    return new ServiceState(
                            server.name(),
                            "127.0.0.1:" + ports.of(server.name()),
                            server.ready()
                                    ? ServiceState.READY
                                    : daemon.isPresent() ? ServiceState.STARTING : ServiceState.STOPPED,
                            daemon.map(Daemon::pid).orElse(null),
                            daemon.map(Daemon::pid).map(Memory::residentBytes).orElse(null),
                            daemon.map(Daemon::startedAt).orElse(null));
                })
                .toList();
    }

    /** The front door. */
    public String url() {
        return environment.url(Service.FRONTDOOR);
    }

    String url(Service service) {
        return environment.url(service);
    }

    Path log(Service service) {
        return profile.logs().resolve(service.module() + ".log");
    }

    DaemonSpec specification(Service service) {
        rotate(log(service));
        deployment.refresh(service);
        return new DaemonSpec(
                service.module(),
                JavaCommand.of(service, deployment.jar(service), System.getenv(JavaCommand.OPTIONS)),
                environment.of(service),
                profile.data("work"),
                log(service));
    }

    private ServiceState state(Service service, HttpProbe probe) {
        Optional<Daemon> daemon = processes.find(service.module());
        String url = environment.url(service);
        if (daemon.isEmpty()) {
            return new ServiceState(service.module(), url, ServiceState.STOPPED, null, null, null);
        }
        return new ServiceState(
                service.module(),
                url,
                probe.ready(url).ready() ? ServiceState.READY : ServiceState.STARTING,
                daemon.get().pid(),
                Memory.residentBytes(daemon.get().pid()),
                daemon.get().startedAt());
    }

    private Future<?> prepareAnsible() {
        return CompletableFuture.runAsync(() -> new AnsibleEnvironment(home).prepare(console));
    }

    /** Database, schemas and roles; everything may exist. */
    private void provision() {
        PostgresAdmin admin = infrastructure.postgresAdmin();
        for (Service service : Service.values()) {
            service.schema()
                    .ifPresent(schema -> admin.provision(
                            ServiceEnvironment.DATABASE,
                            schema,
                            ServiceEnvironment.role(schema),
                            environment.databasePassword(schema)));
        }
    }

    /** The front door last: when 8080 is taken it must not push the others from their documented ports. */
    private void choosePorts(Collection<Service> services) {
        List<Service> inOrder = new ArrayList<>(services);
        inOrder.sort((a, b) -> Boolean.compare(a == Service.FRONTDOOR, b == Service.FRONTDOOR));
        for (Service service : inOrder) {
            if (processes.find(service.module()).isEmpty()) {
                int port = ports.choose(service.module(), service.port());
                if (port != service.port()) {
                    console.warn("skein: port " + service.port() + " is in use; " + service.module() + " listens on "
                            + port + " instead.");
                }
            }
        }
        for (Service service : Service.values()) {
            if (ports.of(service.module()) == 0) {
                ports.choose(service.module(), service.port()); // its address is told to the others
            }
        }
    }

    private void stopIfOutdated(Service service) {
        Optional<Daemon> daemon = processes.find(service.module());
        try {
            if (daemon.isPresent()
                    && Files.getLastModifiedTime(ProductBuild.jar(home, service))
                            .toInstant()
                            .isAfter(daemon.get().startedAt())) {
                console.say(service.module() + " was built anew; restarting it");
                processes.stop(service.module(), "TERM", PATIENCE_DOWN);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void rotate(Path log) {
        try {
            for (int i = KEPT_LOGS; i >= 1; i--) {
                Path older = log.resolveSibling(log.getFileName() + (i == 1 ? "" : "." + (i - 1)));
                if (Files.exists(older)) {
                    Files.move(
                            older,
                            log.resolveSibling(log.getFileName() + "." + i),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(Future<?> future) {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }
}
