package io.skein.local.infrastructure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.topology.BrokerDefinitions;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.local.FleetException;
import io.skein.local.FleetHome;
import io.skein.local.PropertyFile;
import io.skein.local.process.DaemonSpec;
import io.skein.local.process.Pause;
import io.skein.local.process.Ports;
import io.skein.local.process.ProcessTable;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A RabbitMQ node of our own with an epmd of its own, so that it never meets another node of this machine. Everything listens
 * on loopback; users come from a definitions file and there is no guest.
 */
final class RabbitServer implements Server {
    static final String NAME = "rabbitmq";
    static final String EPMD = "epmd";
    static final String BROKER_SECRET = "frontdoor.broker.secret";
    private static final String VHOST = "skein";
    private static final String ADMIN = "skein_admin";

    /** They had every right; agents and machines have names of their own now. */
    private static final List<String> FORMER_USERS = List.of("infra-agent-service", "desktop-agent");

    /** Took the orders of all teams. */
    private static final String FORMER_QUEUE = "skein.infra.work";

    /** Whose port the node asks about nodes and agents, as it is called among the ports. */
    private static final String FRONT_DOOR = "dashboard-ui";

    private final FleetHome home;
    private final FleetHome.Profile profile;
    private final ProcessTable processes;
    private final Ports ports;
    private final List<BrokerIdentity> members;

    /** A user each is made for the members of the fleet, with the rights of that member and no other. */
    RabbitServer(FleetHome home, FleetHome.Profile profile, ProcessTable processes, List<BrokerIdentity> members) {
        this.home = home;
        this.profile = profile;
        this.processes = processes;
        this.ports = new Ports(profile.ports());
        this.members = List.copyOf(members);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void prepare() {
        RabbitDistribution.find(home.dist());
    }

    @Override
    public void start() {
        if (processes.find(NAME).isPresent()) {
            if (isConfigured()) {
                return;
            }
            // It outlives the services: the front door has moved since it was started.
            stopNode();
        }
        RabbitDistribution distribution = RabbitDistribution.find(home.dist());
        Path directory = profile.data("rabbitmq");
        Map<String, String> environment = environment(distribution, directory);
        if (processes.find(EPMD).isEmpty()) {
            int epmdPort = ports.choose(EPMD, 0);
            environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
            processes.start(new DaemonSpec(
                    EPMD,
                    List.of(epmd(distribution), "-address", "127.0.0.1", "-port", Integer.toString(epmdPort)),
                    environment,
                    directory,
                    profile.logs().resolve(EPMD + ".log")));
            awaitPort(epmdPort);
        }
        environment.put("ERL_EPMD_PORT", Integer.toString(ports.of(EPMD)));
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(ports.choose(NAME + ".distribution", 0)));
        ports.choose(NAME, 0);
        ports.choose(NAME + ".management", 0);
        configure(directory);
        processes.start(new DaemonSpec(
                NAME,
                List.of(distribution.server().toString()),
                environment,
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
            Pause.millis(200);
        }
        throw new FleetException(
                "RabbitMQ does not answer; its log is " + profile.logs().resolve(NAME + ".log") + ".");
    }

    @Override
    public boolean isReady() {
        if (processes.find(NAME).isEmpty() || !isConfigured() || !Ports.answers(ports.of(NAME))) {
            return false;
        }
        try {
            return manage("GET", "/api/vhosts/" + VHOST, null) == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Brings a node that runs to what the members need now: it may have been started by a version that knew fewer of them.
     * What earlier versions made and nobody uses any more is taken away, above all users who might do everything.
     */
    void define() {
        try {
            int answer = manage("POST", "/api/definitions", definitions());
            if (answer >= 300) {
                throw new FleetException("RabbitMQ does not take the fleet's users and queues (" + answer + ").");
            }
            for (String user : FORMER_USERS) {
                manage("DELETE", "/api/users/" + user, null);
            }
            manage("DELETE", "/api/queues/" + VHOST + "/" + FORMER_QUEUE, null);
        } catch (IOException e) {
            throw new FleetException("RabbitMQ does not answer: " + e.getMessage() + ".", e);
        }
    }

    private int manage(String method, String path, String body) throws IOException {
        String credentials =
                Base64.getEncoder().encodeToString((ADMIN + ":" + password(ADMIN)).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(managementUrl() + path))
                .version(HttpClient.Version.HTTP_1_1) // it hangs up on a body that comes with an offer of HTTP/2
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/json")
                .timeout(body == null ? Duration.ofSeconds(3) : Duration.ofSeconds(30))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public boolean stop() {
        boolean stopped = stopNode();
        return processes.stop(EPMD, "TERM", Duration.ofSeconds(5)) || stopped;
    }

    private boolean stopNode() {
        return processes.stop(NAME, "TERM", Duration.ofSeconds(40));
    }

    String uri(String user) {
        return "amqp://" + user + ":" + password(user) + "@127.0.0.1:" + ports.of(NAME) + "/" + VHOST;
    }

    String admin() {
        return ADMIN;
    }

    String password(String user) {
        return profile.secrets().secret("rabbitmq.user." + user + ".password");
    }

    String managementUrl() {
        return "http://127.0.0.1:" + ports.of(NAME + ".management");
    }

    private static String epmd(RabbitDistribution distribution) {
        return distribution.path().stream()
                .map(folder -> folder.resolve("epmd").toString())
                .findFirst()
                .orElse("epmd");
    }

    private Map<String, String> environment(RabbitDistribution distribution, Path directory) {
        Map<String, String> environment = new HashMap<>();
        String path = distribution.path().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        environment.put(
                "PATH",
                (path.isEmpty() ? "" : path + File.pathSeparator)
                        + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        if (distribution.libraries() != null) {
            environment.put("LD_LIBRARY_PATH", distribution.libraries().toString());
        }
        environment.put("HOME", directory.toString()); // the Erlang cookie is made there
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODENAME", "skein-" + profile.name() + "@localhost");
        environment.put("RABBITMQ_CONF_ENV_FILE", directory.resolve("none").toString());
        environment.put(
                "RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq.conf").toString());
        environment.put(
                "RABBITMQ_ADVANCED_CONFIG_FILE",
                directory.resolve("none.config").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE",
                directory.resolve("enabled_plugins").toString());
        environment.put("RABBITMQ_MNESIA_BASE", directory.resolve("mnesia").toString());
        environment.put(
                "RABBITMQ_GENERATED_CONFIG_DIR", directory.resolve("generated").toString());
        environment.put("RABBITMQ_SCHEMA_DIR", directory.resolve("schema").toString());
        environment.put("RABBITMQ_LOG_BASE", profile.logs().toString());
        environment.put("RABBITMQ_PID_FILE", directory.resolve("node.pid").toString());
        // Makes the script become the node instead of waiting for it: one process, one pid, ended by TERM.
        environment.put("RUNNING_UNDER_SYSTEMD", "true");
        environment.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +SDcpu 1:1 +SDio 4 +A 8");
        return environment;
    }

    private void configure(Path directory) {
        try {
            Files.writeString(directory.resolve("enabled_plugins"), plugins());
            PropertyFile.writePrivately(definitionsFile(), definitions());
            PropertyFile.writePrivately(configurationFile(), configuration());
        } catch (IOException e) {
            throw new FleetException("Cannot write RabbitMQ's configuration: " + e.getMessage() + ".", e);
        }
    }

    /** Whether the node was started with what it should have now. */
    private boolean isConfigured() {
        try {
            return Files.exists(configurationFile())
                    && Files.readString(configurationFile()).equals(configuration());
        } catch (IOException e) {
            throw new FleetException("Cannot read RabbitMQ's configuration: " + e.getMessage() + ".", e);
        }
    }

    private Path configurationFile() {
        return profile.data("rabbitmq").resolve("rabbitmq.conf");
    }

    private Path definitionsFile() {
        return profile.data("rabbitmq").resolve("definitions.json");
    }

    private String configuration() {
        return """
                listeners.tcp.1 = 127.0.0.1:%d
                management.tcp.ip = 127.0.0.1
                management.tcp.port = %d
                load_definitions = %s
                log.console = true
                log.console.level = warning
                log.file = false
                vm_memory_high_watermark.relative = 0.4
                disk_free_limit.absolute = 200MB
                raft.wal_max_size_bytes = 33554432
                """.formatted(ports.of(NAME), ports.of(NAME + ".management"), definitionsFile()) + authorisation();
    }

    private String plugins() {
        return authorisation().isEmpty()
                ? "[rabbitmq_management].\n"
                : "[rabbitmq_management,rabbitmq_auth_backend_http].\n";
    }

    /**
     * The services are users of the node; whoever it does not know signs in with an API token, which the front door judges.
     * Its answers are not cached here: it is beside us, and a revoked token shall be refused at once. Servers for tests have
     * no front door.
     */
    private String authorisation() {
        int port = ports.of(FRONT_DOOR);
        if (port == 0) {
            return "";
        }
        String url = "http://127.0.0.1:" + port + "/broker/" + profile.secrets().secret(BROKER_SECRET);
        return """
                auth_backends.1 = internal
                auth_backends.2 = http
                auth_http.http_method = post
                auth_http.connection_timeout = 2000
                auth_http.request_timeout = 5000
                auth_http.user_path = %1$s/user
                auth_http.vhost_path = %1$s/vhost
                auth_http.resource_path = %1$s/resource
                auth_http.topic_path = %1$s/topic
                """.formatted(url);
    }

    /**
     * Read by the node at each start: a changed password, a new member or another right takes effect with it. The topology is
     * in it too, because no member may make any.
     */
    private String definitions() {
        ObjectNode definitions = BrokerDefinitions.of(VHOST, members);
        ArrayNode users = definitions.putArray("users");
        members.forEach(member -> user(users.addObject(), member.userName(), ""));
        user(users.addObject(), ADMIN, "administrator");
        definitions
                .withArray("permissions")
                .addObject()
                .put("user", ADMIN)
                .put("vhost", VHOST)
                .put("configure", ".*")
                .put("write", ".*")
                .put("read", ".*");
        return definitions.toPrettyString();
    }

    private void user(ObjectNode user, String name, String tags) {
        user.put("name", name)
                .put("password_hash", hash(password(name)))
                .put("hashing_algorithm", "rabbit_password_hashing_sha256")
                .put("tags", tags);
    }

    /** RabbitMQ's own form: a 32-bit salt, then SHA-256 over salt and password. */
    static String hash(String password) {
        byte[] salt = new byte[4];
        new SecureRandom().nextBytes(salt);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(salt);
            bytes.writeBytes(digest.digest(password.getBytes(StandardCharsets.UTF_8)));
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitPort(int port) {
        Instant deadline = Instant.now().plusSeconds(10);
        while (!Ports.answers(port)) {
            if (Instant.now().isAfter(deadline)) {
                throw new FleetException("Erlang's port mapper does not start on port " + port + ".");
            }
            Pause.millis(50);
        }
    }
}
