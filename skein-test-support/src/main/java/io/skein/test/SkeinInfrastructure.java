package io.skein.test;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.skein.contracts.topology.BrokerDefinitions;
import io.skein.contracts.topology.BrokerIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/**
 * A fresh PostgreSQL database (with every schema of the fleet, owned by the test's role), a fresh RabbitMQ vhost, an emptied
 * Redis database and a front door stand-in for one test class. Use {@code @QuarkusTestResource(SkeinInfrastructure.class)}.
 */
public class SkeinInfrastructure implements QuarkusTestResourceLifecycleManager {

    private static final String[] SCHEMAS = {
        "frontdoor", "orchestrator", "registry", "runtime", "locks", "audit", "infra"
    };

    private final Properties servers = InfrastructureFile.load();
    private final String name =
            "t_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    private TestFrontDoor frontDoor;

    @Override
    public Map<String, String> start() {
        try {
            createDatabase();
            rabbit(servers, "PUT", "/api/vhosts/" + name, "{}");
            rabbit(
                    servers,
                    "PUT",
                    "/api/permissions/" + name + "/" + servers.getProperty("rabbitmq.user"),
                    "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
            System.setProperty("skein.test.name", name);
            BrokerIdentity self = identity();
            define(self, false);
            frontDoor = TestFrontDoor.start();
            Map<String, String> config = new HashMap<>();
            config.put("SKEIN_POSTGRES_URL", databaseUrl());
            config.put("SKEIN_POSTGRES_USER", name);
            config.put("SKEIN_POSTGRES_PASSWORD", name);
            config.put("SKEIN_RABBITMQ_URI", uri(servers, self.userName(), name));
            config.put("SKEIN_REDIS_URL", emptyRedis());
            config.put("SKEIN_FRONTDOOR_URL", frontDoor.url());
            config.put("SKEIN_SERVICE_SECRET", "test");
            config.put("quarkus.http.test-port", "0");
            config.put("skein.test.name", name);
            System.setProperty("skein.test.rabbitmq.uri", uri(servers, servers.getProperty("rabbitmq.user"), name));
            System.setProperty("skein.test.postgres.url", databaseUrl());
            System.setProperty("skein.test.postgres.user", name);
            return config;
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(
                    "The test servers do not answer; start them with ./skein infra up: " + e.getMessage(), e);
        }
    }

    @Override
    public void stop() {
        if (frontDoor != null) {
            frontDoor.stop();
        }
        try {
            rabbit(servers, "DELETE", "/api/vhosts/" + name, "");
            try (Connection admin = admin("postgres");
                    Statement statement = admin.createStatement()) {
                statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
                statement.execute("DROP ROLE IF EXISTS " + name);
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("test database or vhost " + name + " left behind", e);
        }
    }

    /**
     * Whom the tested application speaks for on the broker: the service it is named after, the agent of the infra tests, the
     * machine of the desktop agent's.
     */
    protected BrokerIdentity identity() {
        String service = applicationName();
        return switch (service) {
            case "infra-agent-service" -> new BrokerIdentity.Agent("default", "infra-agent-test");
            case "desktop-agent" -> new BrokerIdentity.Node("default", "test-node");
            default -> new BrokerIdentity.Service(service);
        };
    }

    /** Tests may have an application.properties of their own, which need not say it again. */
    private static String applicationName() {
        try {
            for (URL file : Collections.list(
                    Thread.currentThread().getContextClassLoader().getResources("application.properties"))) {
                Properties application = new Properties();
                try (InputStream in = file.openStream()) {
                    application.load(in);
                }
                if (application.containsKey("quarkus.application.name")) {
                    return application.getProperty("quarkus.application.name");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("no application.properties names the application");
    }

    /**
     * The AMQP address of this test's vhost as an administrator of it, for a test that listens. What it sends nobody
     * believes; {@link TestBroker} speaks as somebody.
     */
    public static String currentRabbitUri() {
        return System.getProperty("skein.test.rabbitmq.uri");
    }

    /** The AMQP address of this test's vhost as somebody of the fleet, with exactly that one's rights. */
    public static String rabbitUriOf(BrokerIdentity identity) {
        Properties servers = InfrastructureFile.load();
        try {
            define(servers, System.getProperty("skein.test.name"), identity, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return uri(servers, identity.userName(), System.getProperty("skein.test.name"));
    }

    /** Changes what somebody may do in this test's vhost, for a test of what happens when the broker lets too much through. */
    public static void loosen(String user) {
        Properties servers = InfrastructureFile.load();
        String vhost = System.getProperty("skein.test.name");
        try {
            rabbit(
                    servers,
                    "PUT",
                    "/api/permissions/" + vhost + "/" + user,
                    "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
            rabbit(servers, "DELETE", "/api/topic-permissions/" + vhost + "/" + user, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void define(BrokerIdentity identity, boolean onlyTheUser) throws IOException {
        define(servers, name, identity, onlyTheUser);
    }

    /** The vhost as a fleet's broker has it, and the user with its rights in it. */
    private static void define(Properties servers, String vhost, BrokerIdentity identity, boolean onlyTheUser)
            throws IOException {
        ObjectNode definitions = BrokerDefinitions.of(vhost, List.of(identity));
        if (onlyTheUser) {
            definitions.remove(List.of("exchanges", "queues", "bindings"));
        }
        definitions
                .putArray("users")
                .addObject()
                .put("name", identity.userName())
                .put("password", servers.getProperty("rabbitmq.password"))
                .put("tags", "");
        rabbit(servers, "POST", "/api/definitions", definitions.toString());
    }

    /** A connection of the test's own to its database, as the role of the service, in the given schema. */
    public static Connection connect(String schema) throws SQLException {
        String user = System.getProperty("skein.test.postgres.user");
        return DriverManager.getConnection(
                System.getProperty("skein.test.postgres.url") + "?currentSchema=" + schema, user, user);
    }

    private void createDatabase() throws SQLException {
        try (Connection admin = admin("postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + name + "'");
            statement.execute("CREATE DATABASE " + name + " OWNER " + name);
        }
        try (Connection admin = admin(name);
                Statement statement = admin.createStatement()) {
            for (String schema : SCHEMAS) {
                statement.execute("CREATE SCHEMA " + schema + " AUTHORIZATION " + name);
            }
        }
    }

    private Connection admin(String database) throws SQLException {
        return DriverManager.getConnection(
                base() + database,
                servers.getProperty("postgres.admin.user"),
                servers.getProperty("postgres.admin.password"));
    }

    private String databaseUrl() {
        return base() + name;
    }

    /** The JDBC URL up to the last slash. */
    private String base() {
        String url = servers.getProperty("postgres.admin.url");
        return url.substring(0, url.lastIndexOf('/') + 1);
    }

    private static String uri(Properties servers, String user, String vhost) {
        URI admin = URI.create(servers.getProperty("rabbitmq.uri"));
        return "amqp://" + user + ":" + servers.getProperty("rabbitmq.password") + "@" + admin.getHost() + ":"
                + admin.getPort() + "/" + vhost;
    }

    private static void rabbit(Properties servers, String method, String path, String body) throws IOException {
        String credentials = servers.getProperty("rabbitmq.user") + ":" + servers.getProperty("rabbitmq.password");
        HttpRequest request = HttpRequest.newBuilder(URI.create(servers.getProperty("rabbitmq.management.url") + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IOException("RabbitMQ management answered " + response.statusCode() + " to " + path + ": "
                        + response.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Chooses one of Redis' 16 databases, empties it and gives its address. */
    private String emptyRedis() throws IOException {
        URI uri = URI.create(servers.getProperty("redis.url"));
        int database = Math.floorMod(name.hashCode(), 16);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(5000);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            if (uri.getUserInfo() != null) {
                String password = uri.getUserInfo().substring(uri.getUserInfo().indexOf(':') + 1);
                command(out, in, "AUTH " + password);
            }
            command(out, in, "SELECT " + database);
            command(out, in, "FLUSHDB");
        }
        return uri.resolve("/" + database).toString();
    }

    private static void command(OutputStream out, InputStream in, String command) throws IOException {
        out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) >= 0 && c != '\n') {
            line.append((char) c);
        }
        if (!line.toString().startsWith("+OK")) {
            throw new IOException("Redis: " + line);
        }
    }
}
