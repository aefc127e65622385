package io.skein.e2e;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One fleet for the whole run, in a state folder, a home and a playbook repository of its own. Started by whoever asks first,
 * stopped when the JVM ends.
 */
public final class Fleet {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static Fleet instance;

    private final Path repository = repositoryRoot();
    private final Path directory;
    private final Path home;
    private final Path playbooks;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ofSeconds(5))
            .build();
    private String url;
    private String token;
    private Instant tokenFrom;
    private JsonNode credentials;

    private Fleet() throws IOException {
        // Unix socket paths are short, so the state must not lie deep.
        directory = Files.createTempDirectory("skein-e2e");
        home = Files.createDirectory(directory.resolve("home"));
        playbooks = directory.resolve("playbooks");
        copy(repository.resolve("examples/homelab-infra"), playbooks);
    }

    public static synchronized Fleet running() {
        if (instance == null) {
            try {
                instance = new Fleet();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(instance::stop));
            instance.up();
        }
        return instance;
    }

    public Path playbooks() {
        return playbooks;
    }

    Path home() {
        return home;
    }

    /** The checkout the fleet was built from. */
    public Path repository() {
        return repository;
    }

    public Path state() {
        return directory.resolve("state/local");
    }

    String url() {
        return url;
    }

    String userName() {
        return credentials.path("username").asText();
    }

    String password() {
        return credentials.path("password").asText();
    }

    /** PostgreSQL stops without finishing anything; {@link #up} brings it back. What it had committed is there then, the rest is not. */
    public void crashDatabase() throws IOException, InterruptedException {
        Path pidFile = state().resolve("postgres/data/postmaster.pid");
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        Replica.signal("QUIT", pid);
        Awaitility.await().atMost(ofSeconds(30)).until(() -> !process.isAlive());
    }

    /** {@code ./skein up}; also brings back what was killed. */
    public Shell up() {
        Shell up = launcher(
                ofMinutes(5),
                "up",
                "--home",
                directory.resolve("state").toString(),
                "--playbooks",
                playbooks.toString());
        if (up.exitCode() != 0) {
            throw new IllegalStateException("./skein up failed: " + up);
        }
        url = status().path("url").asText();
        credentials = json(readString(state().resolve("credentials.json")));
        token = null;
        return up;
    }

    private void stop() {
        launcher(ofMinutes(2), "down", "--home", directory.resolve("state").toString());
    }

    /** {@code ./skein status --output json}. */
    JsonNode status() {
        Shell status = launcher(
                ofSeconds(30), "status", "--home", directory.resolve("state").toString(), "--output", "json");
        return json(status.out());
    }

    private Shell launcher(Duration limit, String... arguments) {
        return skein(
                limit,
                Map.of(
                        // All tests together ask more often than one person and one address may;
                        "SKEIN_FRONTDOOR_LIMIT_SPENDING_PER_USER", "100000",
                        "SKEIN_FRONTDOOR_LIMIT_PER_USER", "100000",
                        "SKEIN_FRONTDOOR_LIMIT_PER_ADDRESS", "100000",
                        // and the endpoint matrix removes the machine, which is back with its next heartbeat.
                        "SKEIN_DESKTOP_AGENT_INTERVAL", "5s"),
                arguments);
    }

    /** A command of the CLI, signed in as the first user. */
    Shell cli(Duration limit, String... arguments) {
        return skein(
                limit, Map.of("SKEIN_URL", url, "SKEIN_USER", userName(), "SKEIN_PASSWORD", password()), arguments);
    }

    /** The same with an API token and nothing else. */
    Shell cliWithToken(String apiToken, Duration limit, String... arguments) {
        return skein(limit, Map.of("SKEIN_URL", url, "SKEIN_TOKEN", apiToken), arguments);
    }

    private Shell skein(Duration limit, Map<String, String> extra, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(repository.resolve("skein").toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(extra);
        environment.put("HOME", home.toString());
        return Shell.run(repository, environment, limit, command);
    }

    public long pid(String service) {
        return service(service).path("pid").asLong();
    }

    /** Where a service listens itself, behind the front door. */
    public String url(String service) {
        return service(service).path("url").asText();
    }

    private JsonNode service(String name) {
        for (JsonNode node : status().path("services")) {
            if (node.path("name").asText().equals(name)) {
                return node;
            }
        }
        throw new IllegalStateException("no service " + name + " in " + status());
    }

    /** The OpenAPI document of a service, as {@code /docs} offers it. */
    JsonNode openApi(String service) {
        // The front door's own is not passed on but at home.
        Answer answer = get(service.equals("dashboard-ui") ? "/q/openapi?format=json" : "/docs/openapi/" + service);
        if (answer.status() != 200) {
            throw new IllegalStateException("no document of " + service + ": " + answer);
        }
        return answer.body();
    }

    /** A program of the Ansible environment the fleet runs with. */
    static Path ansible(String program) {
        return repositoryRoot().resolve(".skein/ansible/bin").resolve(program);
    }

    /** {@code ./skein restart} with something else in the environment. */
    void restart(String service, Map<String, String> environment) {
        Shell restart = skein(
                ofMinutes(2),
                environment,
                "restart",
                service,
                "--home",
                directory.resolve("state").toString());
        if (restart.exitCode() != 0) {
            throw new IllegalStateException("./skein restart failed: " + restart);
        }
    }

    /** {@code kill -9}. */
    public void kill(String service) {
        long pid = pid(service);
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        Awaitility.await().atMost(ofSeconds(10)).until(() -> !process.isAlive());
    }

    /** An answer of the public API. */
    record Answer(int status, String contentType, JsonNode body) {}

    Answer get(String path) {
        return send("GET", path, null, bearer());
    }

    Answer delete(String path) {
        return send("DELETE", path, null, bearer());
    }

    Answer post(String path, Object body) {
        return send("POST", path, body, bearer());
    }

    /** As the first user, without a body. */
    Answer send(String method, String path) {
        return send(method, path, null, bearer());
    }

    Answer send(String method, String path, Object body, String bearer) {
        return send(url, method, path, body, bearer);
    }

    /** To any address: the front door's or a service's own. */
    Answer send(String base, String method, String path, Object body, String bearer) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(base + path)).timeout(ofSeconds(40));
            if (bearer != null) {
                request.header("Authorization", "Bearer " + bearer);
            }
            byte[] bytes = body instanceof byte[] raw ? raw : body == null ? new byte[0] : JSON.writeValueAsBytes(body);
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes));
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String type = response.headers().firstValue("Content-Type").orElse("");
            return new Answer(response.statusCode(), type, type.contains("json") ? json(response.body()) : null);
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Posts and expects something made. */
    JsonNode created(String path, Object body, String bearer) {
        Answer answer = send("POST", path, body, bearer);
        if (answer.status() != 201) {
            throw new IllegalStateException("POST " + path + " answered " + answer);
        }
        return answer.body();
    }

    /** An access token of the first user, good for some minutes. */
    public synchronized String bearer() {
        if (token == null || tokenFrom.isBefore(Instant.now().minus(ofMinutes(5)))) {
            Answer answer =
                    send("POST", "/api/v1/auth/sign-in", Map.of("username", userName(), "password", password()), null);
            token = answer.body().path("accessToken").asText();
            tokenFrom = Instant.now();
        }
        return token;
    }

    /** A token as a service gets it, with the secret it has on this machine. */
    public String serviceToken(String service) {
        String secret = secrets().getProperty("service." + service + ".secret");
        Answer answer = send("POST", "/api/v1/auth/service-token", Map.of("service", service, "secret", secret), null);
        if (answer.status() != 200) {
            throw new IllegalStateException("no service token: " + answer);
        }
        return answer.body().path("accessToken").asText();
    }

    /** Where the servers of this fleet listen. */
    public Properties ports() {
        return properties("ports.properties");
    }

    /** What the members of this fleet prove with who they are. */
    public Properties secrets() {
        return properties("secrets.properties");
    }

    private Properties properties(String file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(state().resolve(file))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    /** Asks and expects a plan. */
    JsonNode request(String text) {
        Answer answer = post("/api/v1/requests", Map.of("text", text));
        if (answer.status() != 201) {
            throw new IllegalStateException("request \"" + text + "\" answered " + answer);
        }
        return answer.body();
    }

    JsonNode plan(String id) {
        return get("/api/v1/plans/" + id).body();
    }

    /** The plan as soon as it looks as wanted. */
    JsonNode awaitPlan(String id, Duration limit, Predicate<JsonNode> wanted) {
        JsonNode[] last = new JsonNode[1];
        try {
            Awaitility.await()
                    .atMost(limit)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(() -> {
                        last[0] = plan(id);
                        return wanted.test(last[0]);
                    });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError("plan did not get there within " + limit + ": " + last[0], e);
        }
        return last[0];
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException("not JSON: " + text, e);
        }
    }

    private static String readString(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path repositoryRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("skein")) || !Files.exists(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
