package io.skein.local.infrastructure;

import io.skein.local.FleetException;
import io.skein.local.FleetHome;
import io.skein.local.PropertyFile;
import io.skein.local.process.DaemonSpec;
import io.skein.local.process.Pause;
import io.skein.local.process.Ports;
import io.skein.local.process.ProcessTable;
import io.skein.local.process.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** A PostgreSQL of our own: durable (fsync on), password only, loopback only, its data directory kept. */
final class PostgresServer implements Server {
    static final String NAME = "postgresql";
    private static final String ADMIN = "skein_admin";

    private final FleetHome home;
    private final FleetHome.Profile profile;
    private final ProcessTable processes;
    private final Ports ports;
    private final UnprivilegedUser user = UnprivilegedUser.forThisMachine();

    PostgresServer(FleetHome home, FleetHome.Profile profile, ProcessTable processes) {
        this.home = home;
        this.profile = profile;
        this.processes = processes;
        this.ports = new Ports(profile.ports());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void prepare() {
        if (Files.exists(data().resolve("PG_VERSION"))) {
            return;
        }
        Path half = profile.data("postgres").resolve("data.half");
        Unpacking.delete(half);
        Path passwordFile = profile.data("postgres").resolve("password");
        PropertyFile.writePrivately(passwordFile, password());
        try {
            Files.createDirectories(half);
            user.give(profile.data("postgres"));
            List<String> command = new ArrayList<>(user.prefix());
            command.addAll(List.of(
                    program("initdb"),
                    "-D",
                    half.toString(),
                    "-U",
                    ADMIN,
                    "--pwfile=" + passwordFile,
                    "-A",
                    "scram-sha-256",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions"));
            Shell.Result result = Shell.run(command, Map.of("LC_ALL", "C"), half, Duration.ofMinutes(2));
            if (!result.ok()) {
                throw new FleetException("PostgreSQL's initdb failed: " + result.lastLine() + ".");
            }
            Files.move(half, data());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            passwordFile.toFile().delete();
        }
    }

    @Override
    public void start() {
        adoptOrForgetLeftover();
        if (processes.find(NAME).isPresent()) {
            return;
        }
        int port = ports.choose(NAME, 0);
        boolean test = profile.name().equals("test");
        List<String> command = new ArrayList<>(user.prefix());
        command.addAll(List.of(program("postgres"), "-D", data().toString()));
        Map.of(
                        "port", Integer.toString(port),
                        "listen_addresses", "127.0.0.1",
                        "unix_socket_directories", "",
                        "max_connections", test ? "300" : "120",
                        "shared_buffers", test ? "128MB" : "64MB",
                        "max_wal_size", "512MB",
                        "idle_in_transaction_session_timeout", "5min",
                        "timezone", "UTC",
                        "log_timezone", "UTC",
                        "log_line_prefix", "%m [%p] %u@%d ")
                .forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        processes.start(new DaemonSpec(
                NAME, command, Map.of("LC_ALL", "C"), data(), profile.logs().resolve(NAME + ".log")));
    }

    @Override
    public void awaitReady(Instant deadline) {
        String last = "";
        while (Instant.now().isBefore(deadline)) {
            if (processes.find(NAME).isEmpty()) {
                // After kill -9 of the postmaster its children hold the shared memory for a moment longer.
                Pause.millis(500);
                start();
            }
            try (Connection connection = connect("postgres")) {
                if (connection.isValid(2)) {
                    return;
                }
            } catch (SQLException e) {
                last = e.getMessage();
            }
            Pause.millis(100);
        }
        throw new FleetException("PostgreSQL does not answer (" + last + "); its log is "
                + profile.logs().resolve(NAME + ".log") + ".");
    }

    @Override
    public boolean isReady() {
        if (processes.find(NAME).isEmpty()) {
            return false;
        }
        try (Connection connection = connect("postgres")) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public boolean stop() {
        return processes.stop(NAME, "INT", Duration.ofSeconds(30)); // INT: disconnect sessions, checkpoint, end
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + ports.of(NAME) + "/" + database;
    }

    String admin() {
        return ADMIN;
    }

    String password() {
        return profile.secrets().secret("postgres.admin.password");
    }

    Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", ADMIN);
        properties.setProperty("password", password());
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(url(database), properties);
    }

    private Path data() {
        return profile.data("postgres").resolve("data");
    }

    private String program(String name) {
        String version = Versions.get("postgres.version");
        Path root = Unpacking.once(home.dist().resolve("postgresql-" + version), folder -> {
            String os = Unpacking.isMac() ? "darwin" : "linux";
            String cpu = Unpacking.isArm() ? "arm_64" : "x86_64";
            try (InputStream archive = Unpacking.resource("postgres-" + os + "-" + cpu + ".txz")) {
                Unpacking.tarXz(archive, folder);
            }
        });
        return root.resolve("bin").resolve(name).toString();
    }

    /**
     * postmaster.pid outlives a kill -9. PostgreSQL takes it for a running server when its number now belongs to any other
     * process; and it is a running server when only our own record was lost.
     */
    private void adoptOrForgetLeftover() {
        Path file = data().resolve("postmaster.pid");
        if (processes.find(NAME).isPresent() || !Files.exists(file)) {
            return;
        }
        try {
            List<String> lines = Files.readAllLines(file);
            long pid = lines.isEmpty() ? -1 : Long.parseLong(lines.get(0).strip());
            Optional<Path> folder = workingDirectory(pid);
            if (folder.isPresent() && folder.get().equals(data().toRealPath())) {
                if (processes.record(NAME, pid).isEmpty()) {
                    Files.deleteIfExists(file); // it ended while we looked
                }
            } else if (folder.isPresent() || ProcessHandle.of(pid).isEmpty()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | NumberFormatException e) {
            // PostgreSQL judges the file itself then.
        }
    }

    private static Optional<Path> workingDirectory(long pid) {
        try {
            return Optional.of(Path.of("/proc", Long.toString(pid), "cwd").toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
