package io.skein.test;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HashMap;
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
            rabbit("PUT", "/api/vhosts/" + name, "{}");
            rabbit(
                    "PUT",
                    "/api/permissions/" + name + "/" + servers.getProperty("rabbitmq.user"),
                    "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
            frontDoor = TestFrontDoor.start();
            Map<String, String> config = new HashMap<>();
            config.put("SKEIN_POSTGRES_URL", databaseUrl());
            config.put("SKEIN_POSTGRES_USER", name);
            config.put("SKEIN_POSTGRES_PASSWORD", name);
            config.put("SKEIN_RABBITMQ_URI", rabbitUri());
            config.put("SKEIN_REDIS_URL", emptyRedis());
            config.put("SKEIN_FRONTDOOR_URL", frontDoor.url());
            config.put("SKEIN_SERVICE_SECRET", "test");
            config.put("quarkus.http.test-port", "0");
            config.put("skein.test.name", name);
            System.setProperty("skein.test.rabbitmq.uri", rabbitUri());
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
            rabbit("DELETE", "/api/vhosts/" + name, "");
            try (Connection admin = admin("postgres");
                    Statement statement = admin.createStatement()) {
                statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
                statement.execute("DROP ROLE IF EXISTS " + name);
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("test database or vhost " + name + " left behind", e);
        }
    }

    /** The AMQP address of this test's vhost, for a test that speaks to the broker itself. */
    public static String currentRabbitUri() {
        return System.getProperty("skein.test.rabbitmq.uri");
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

    private String rabbitUri() {
        String uri = servers.getProperty("rabbitmq.uri");
        return uri.substring(0, uri.lastIndexOf('/') + 1) + name;
    }

    private void rabbit(String method, String path, String body) throws IOException {
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
                throw new IOException("RabbitMQ management answered " + response.statusCode() + " to " + path);
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
