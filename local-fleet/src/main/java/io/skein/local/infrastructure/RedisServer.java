package io.skein.local.infrastructure;

import io.skein.local.FleetException;
import io.skein.local.FleetHome;
import io.skein.local.PropertyFile;
import io.skein.local.process.DaemonSpec;
import io.skein.local.process.Pause;
import io.skein.local.process.Ports;
import io.skein.local.process.ProcessTable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A Redis of our own: password, loopback only, append-only file. */
final class RedisServer implements Server {
    static final String NAME = "redis";

    private final FleetHome home;
    private final FleetHome.Profile profile;
    private final ProcessTable processes;
    private final Ports ports;

    RedisServer(FleetHome home, FleetHome.Profile profile, ProcessTable processes) {
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
        program();
    }

    @Override
    public void start() {
        if (processes.find(NAME).isPresent()) {
            return;
        }
        int port = ports.choose(NAME, 0);
        Path directory = profile.data("redis");
        Path configuration = directory.resolve("redis.conf");
        PropertyFile.writePrivately(configuration, """
                bind 127.0.0.1
                port %d
                dir "%s"
                requirepass %s
                daemonize no
                appendonly yes
                appendfsync everysec
                save ""
                databases %d
                loglevel notice
                """.formatted(
                        port, directory, password(), profile.name().equals("test") ? 4096 : 16));
        processes.start(new DaemonSpec(
                NAME,
                List.of(program(), configuration.toString()),
                Map.of(),
                directory,
                profile.logs().resolve(NAME + ".log")));
    }

    @Override
    public void awaitReady(Instant deadline) {
        while (Instant.now().isBefore(deadline)) {
            if (isReady()) {
                return;
            }
            if (processes.find(NAME).isEmpty()) {
                break;
            }
            Pause.millis(50);
        }
        throw new FleetException(
                "Redis does not answer; its log is " + profile.logs().resolve(NAME + ".log") + ".");
    }

    @Override
    public boolean isReady() {
        if (processes.find(NAME).isEmpty()) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", ports.of(NAME)), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(("AUTH " + password() + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes("+OK\r\n+PONG\r\n".length());
            return new String(answer, StandardCharsets.US_ASCII).equals("+OK\r\n+PONG\r\n");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean stop() {
        return processes.stop(NAME, "TERM", Duration.ofSeconds(15));
    }

    String url() {
        return "redis://:" + password() + "@127.0.0.1:" + ports.of(NAME) + "/0";
    }

    private String password() {
        return profile.secrets().secret("redis.password");
    }

    private String program() {
        String name = Unpacking.isMac()
                ? "redis-server-6.2.6-v5-darwin-" + (Unpacking.isArm() ? "arm64" : "amd64")
                : Unpacking.isArm() ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
        return Unpacking.once(home.dist().resolve("redis-" + Versions.get("redis.version")), folder -> {
                    Path program = folder.resolve("redis-server");
                    try (InputStream from = Unpacking.resource(name)) {
                        Files.copy(from, program);
                    }
                    Unpacking.executable(program);
                })
                .resolve("redis-server")
                .toString();
    }
}
