package io.skein.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SEC-01: the packaged lock service, as the fleet runs it, with one setting changed to an unsafe one. */
class UnsafeStartIT {

    private static Fleet fleet;

    @BeforeAll
    static void start() {
        fleet = Fleet.running();
    }

    @Test
    void theFleetItselfNeedsNoException() throws IOException {
        for (String service : new String[] {"dashboard-ui", "lock-service"}) {
            String log = Files.readString(fleet.state().resolve("logs/" + service + ".log"));
            assertTrue(log.contains("accepted as unsafe: nothing"), service);
        }
    }

    @Test
    void anUnsafeServiceListsEverythingAndDoesNotStart() throws Exception {
        int port = freePort();
        Process service = lockService(Map.of(
                "SKEIN_HTTP_HOST",
                "0.0.0.0",
                "SKEIN_SERVICE_SECRET",
                "changeme",
                "SKEIN_HTTP_PORT",
                String.valueOf(port)));
        String log = new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(service.waitFor(1, TimeUnit.MINUTES));
        assertNotEquals(0, service.exitValue(), log);
        assertTrue(log.contains("This service does not start: unsafe settings."), log);
        assertTrue(log.contains("  service-plain-http: "), log);
        assertTrue(log.contains("  service-secret: "), log);
        assertTrue(
                log.contains("SKEIN_ACCEPT_UNSAFE=service-secret,service-plain-http")
                        || log.contains("SKEIN_ACCEPT_UNSAFE=service-plain-http,service-secret"),
                log);
        assertFalse(log.contains("Listening on"), log);
    }

    @Test
    void anUnknownIdStopsTheStart() throws Exception {
        Process service =
                lockService(Map.of("SKEIN_ACCEPT_UNSAFE", "everything", "SKEIN_HTTP_PORT", String.valueOf(freePort())));
        String log = new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(service.waitFor(1, TimeUnit.MINUTES));
        assertNotEquals(0, service.exitValue(), log);
        assertTrue(log.contains("SKEIN_ACCEPT_UNSAFE names everything, and there is no such setting"), log);
    }

    @Test
    void whatIsAcceptedIsNamedInTheLogAndInTheHealth() throws Exception {
        int port = freePort();
        Path log = Files.createTempFile("skein-unsafe", ".log");
        ProcessBuilder builder = lockServiceBuilder(Map.of(
                "SKEIN_HTTP_HOST", "0.0.0.0",
                "SKEIN_HTTP_PORT", String.valueOf(port),
                "SKEIN_ACCEPT_UNSAFE", "service-plain-http"));
        Process service = builder.redirectOutput(log.toFile()).start();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                    .build();
            HttpResponse<String> health = Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(
                            () -> http.send(ready, HttpResponse.BodyHandlers.ofString()),
                            answer -> answer.statusCode() == 200);
            assertTrue(
                    health.body().replaceAll("\\s", "").contains("\"acceptedUnsafe\":\"service-plain-http\""),
                    health.body());
            assertTrue(Files.readString(log).contains("accepted as unsafe by SKEIN_ACCEPT_UNSAFE: service-plain-http"));
        } finally {
            service.destroy();
            assertTrue(service.waitFor(1, TimeUnit.MINUTES));
        }
        assertEquals(143, service.exitValue());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Process lockService(Map<String, String> changed) throws IOException {
        return lockServiceBuilder(changed).start();
    }

    /** With the command and the environment of the one that runs, but for what is changed. */
    private static ProcessBuilder lockServiceBuilder(Map<String, String> changed) throws IOException {
        Path process = Path.of("/proc/" + fleet.pid("lock-service"));
        ProcessBuilder builder =
                new ProcessBuilder(Files.readString(process.resolve("cmdline")).split("\0")).redirectErrorStream(true);
        Map<String, String> environment = new HashMap<>();
        for (String variable : Files.readString(process.resolve("environ")).split("\0")) {
            int equals = variable.indexOf('=');
            environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(changed);
        return builder;
    }
}
