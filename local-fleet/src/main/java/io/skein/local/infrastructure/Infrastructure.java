package io.skein.local.infrastructure;

import io.skein.contracts.topology.BrokerIdentity;
import io.skein.local.Console;
import io.skein.local.FleetException;
import io.skein.local.FleetHome;
import io.skein.local.PropertyFile;
import io.skein.local.process.Daemon;
import io.skein.local.process.ProcessTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** The three servers of one profile, brought up together and described in {@code infra.properties}. */
public final class Infrastructure {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final FleetHome.Profile profile;
    private final ProcessTable processes;
    private final PostgresServer postgres;
    private final RedisServer redis;
    private final RabbitServer rabbit;
    private final ExternalServers external;

    /**
     * @param external servers somebody else runs, which are left alone
     * @param members who gets a user at the broker
     */
    public Infrastructure(
            FleetHome home, FleetHome.Profile profile, ExternalServers external, List<BrokerIdentity> members) {
        this.profile = profile;
        this.external = external;
        this.processes = new ProcessTable(profile.run());
        this.postgres = new PostgresServer(home, profile, processes);
        this.redis = new RedisServer(home, profile, processes);
        this.rabbit = new RabbitServer(home, profile, processes, members);
    }

    /** Starts what does not run and waits until all of it answers. Two calls at once take turns. */
    public void up(Console console) {
        if (isReady()) {
            define();
            describe();
            return;
        }
        try (FileChannel channel = FileChannel.open(
                        profile.run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            profile.secrets()
                    .secret("postgres.admin.password"); // before the threads: the file is written by one at a time
            Instant deadline = Instant.now().plus(PATIENCE);
            inParallel(servers().map(server -> (Runnable) server::prepare).toList());
            // Ports are chosen one after another; the servers then start side by side.
            servers().filter(server -> !server.isReady()).forEach(server -> {
                console.say("starting " + server.name());
                server.start();
            });
            inParallel(servers()
                    .map(server -> (Runnable) () -> {
                        server.awaitReady(deadline);
                        console.say(server.name() + " is ready");
                    })
                    .toList());
            if (!lock.isValid()) {
                throw new FleetException("Lost the lock on " + profile.run() + ".");
            }
            define();
            describe();
        } catch (IOException e) {
            throw new FleetException("Cannot lock " + profile.run() + ": " + e.getMessage() + ".", e);
        }
    }

    /** Stops the servers in reverse order of who needs whom; only those of this profile's process table. */
    public boolean down(Console console) {
        boolean any = false;
        for (Server server : List.of(rabbit, redis, postgres)) {
            if (server.stop()) {
                console.say(server.name() + " stopped");
                any = true;
            }
        }
        try {
            Files.deleteIfExists(description().path());
        } catch (IOException e) {
            throw new FleetException("Cannot remove " + description().path() + ".", e);
        }
        return any;
    }

    public boolean isReady() {
        return servers().allMatch(Server::isReady);
    }

    /** Addresses and credentials, for tests. */
    public PropertyFile description() {
        return new PropertyFile(profile.directory().resolve("infra.properties"));
    }

    public Path directory() {
        return profile.directory();
    }

    public PostgresAdmin postgresAdmin() {
        return external.postgres()
                .orElseGet(() -> new PostgresAdmin(postgres.url("postgres"), postgres.admin(), postgres.password()));
    }

    public String redisUrl() {
        return external.redisUrl().orElseGet(redis::url);
    }

    public String rabbitUri(BrokerIdentity member) {
        return external.rabbitUri().orElseGet(() -> rabbit.uri(member.userName()));
    }

    /** Somebody else's broker is given with one account: there nobody can be told apart. */
    public boolean isBrokerShared() {
        return external.rabbitUri().isPresent();
    }

    /** What the broker proves itself to the front door with. */
    public String brokerSecret() {
        return profile.secrets().secret(RabbitServer.BROKER_SECRET);
    }

    /** What runs of it, for people. */
    public List<ServerState> states() {
        return servers()
                .map(server -> new ServerState(server.name(), processes.find(server.name()), server.isReady()))
                .toList();
    }

    /** A server and whether it runs and answers. */
    public record ServerState(String name, Optional<Daemon> daemon, boolean ready) {}

    private void define() {
        if (external.rabbitUri().isEmpty()) {
            rabbit.define();
        }
    }

    private void describe() {
        if (!external.isEmpty()) {
            return;
        }
        Map<String, String> values = new TreeMap<>();
        values.put("postgres.admin.url", postgres.url("postgres"));
        values.put("postgres.admin.user", postgres.admin());
        values.put("postgres.admin.password", postgres.password());
        values.put("redis.url", redis.url());
        values.put("rabbitmq.uri", rabbit.uri(rabbit.admin()));
        values.put("rabbitmq.management.url", rabbit.managementUrl());
        values.put("rabbitmq.user", rabbit.admin());
        values.put("rabbitmq.password", rabbit.password(rabbit.admin()));
        if (!values.equals(description().all())) {
            description().write(values);
        }
    }

    private Stream<Server> servers() {
        List<Server> managed = new ArrayList<>();
        if (external.rabbitUri().isEmpty()) {
            managed.add(rabbit); // the slowest first
        }
        if (external.postgres().isEmpty()) {
            managed.add(postgres);
        }
        if (external.redisUrl().isEmpty()) {
            managed.add(redis);
        }
        return managed.stream();
    }

    private static void inParallel(List<Runnable> tasks) {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> futures =
                    tasks.stream().map(executor::submit).toList();
            for (Future<?> future : futures) {
                future.get();
            }
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
