package io.skein.e2e;

import static java.time.Duration.ofMinutes;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One more process of a service, beside the fleet's own and with its command and environment, but for what is changed. */
public final class Replica implements AutoCloseable {

    private final ProcessBuilder builder;
    private final String url;
    private Process process;

    private Replica(ProcessBuilder builder, int port) {
        this.builder = builder;
        this.url = "http://127.0.0.1:" + port;
    }

    /** Not started yet. Its output is appended to the file. */
    public static Replica of(Fleet fleet, String service, Map<String, String> changed, Path log) throws IOException {
        int port = freePort();
        Map<String, String> environment = new HashMap<>(changed);
        environment.put("SKEIN_HTTP_PORT", String.valueOf(port));
        ProcessBuilder builder = command(fleet, service, environment);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new Replica(builder, port);
    }

    /** How the fleet started its own. */
    static ProcessBuilder command(Fleet fleet, String service, Map<String, String> changed) throws IOException {
        Path running = Path.of("/proc/" + fleet.pid(service));
        ProcessBuilder builder =
                new ProcessBuilder(Files.readString(running.resolve("cmdline")).split("\0")).redirectErrorStream(true);
        Map<String, String> environment = new HashMap<>();
        for (String variable : Files.readString(running.resolve("environ")).split("\0")) {
            int equals = variable.indexOf('=');
            environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(changed);
        return builder;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Runs the program of another folder, which is laid out alike. */
    public Replica from(Path application) {
        List<String> command = builder.command();
        command.replaceAll(word -> word.endsWith("quarkus-run.jar")
                ? application.resolve("quarkus-run.jar").toString()
                : word);
        return this;
    }

    /** The folder of the program it runs. */
    public Path application() {
        return builder.command().stream()
                .filter(word -> word.endsWith("quarkus-run.jar"))
                .map(word -> Path.of(word).getParent())
                .findFirst()
                .orElseThrow();
    }

    public String url() {
        return url;
    }

    public Replica start() throws IOException {
        process = builder.start();
        return this;
    }

    /** Waits for it. One that gave up while it started, because the machine was too busy, is started again, as a supervisor does. */
    public void awaitReady(HttpClient http) {
        HttpRequest ready = HttpRequest.newBuilder(URI.create(url + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        Awaitility.await()
                .alias(url + " is ready")
                .atMost(ofMinutes(5))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    if (!process.isAlive()) {
                        start();
                    }
                    return http.send(ready, BodyHandlers.discarding()).statusCode() == 200;
                });
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("process " + process.pid() + " does not die");
        }
    }

    /** {@code SIGSTOP}: it does nothing any more, and does not know. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP", process.pid());
    }

    public void thaw() throws IOException, InterruptedException {
        signal("CONT", process.pid());
    }

    static void signal(String name, long pid) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + name + " answered " + code);
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            kill();
        }
    }
}
