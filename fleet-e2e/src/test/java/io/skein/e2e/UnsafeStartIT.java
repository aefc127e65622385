package io.skein.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        int port = Replica.freePort();
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
        Process service = lockService(
                Map.of("SKEIN_ACCEPT_UNSAFE", "everything", "SKEIN_HTTP_PORT", String.valueOf(Replica.freePort())));
        String log = new String(service.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(service.waitFor(1, TimeUnit.MINUTES));
        assertNotEquals(0, service.exitValue(), log);
        assertTrue(log.contains("SKEIN_ACCEPT_UNSAFE names everything, and there is no such setting"), log);
    }

    @Test
    void whatIsAcceptedIsNamedInTheLogAndInTheHealth() throws Exception {
        int port = Replica.freePort();
        Path log = Files.createTempFile("skein-unsafe", ".log");
        ProcessBuilder builder = Replica.command(
                fleet,
                "lock-service",
                Map.of(
                        "SKEIN_HTTP_HOST", "0.0.0.0",
                        "SKEIN_HTTP_PORT", String.valueOf(port),
                        "SKEIN_ACCEPT_UNSAFE", "service-plain-http"));
        Process service = builder.redirectOutput(log.toFile()).start();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
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

    private static Process lockService(Map<String, String> changed) throws IOException {
        return Replica.command(fleet, "lock-service", changed).start();
    }
}
