package io.skein.frontdoor.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.frontdoor.proxy.Service;
import io.skein.frontdoor.proxy.UpstreamConfig;
import io.skein.platform.tls.FleetTls;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/** Asks every service whether it is ready, at most every two seconds however many people look. */
@ApplicationScoped
class FleetMonitor {

    static final String OWN_NAME = "dashboard-ui";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration KEPT = Duration.ofSeconds(2);

    private HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock polling = new ReentrantLock();
    private final Map<String, ServiceHealth> last = new HashMap<>();

    @Inject
    UpstreamConfig config;

    @Inject
    SmallRyeHealthReporter own;

    @Inject
    Clock clock;

    @Inject
    FleetTls tls;

    private volatile Snapshot snapshot = new Snapshot(Instant.MIN, List.of());

    private record Snapshot(Instant at, List<ServiceHealth> services) {}

    /**
     * @param status {@code ready}, {@code not_ready} (it answers, but misses something) or {@code unreachable}
     * @param reason what is missing; absent when ready
     * @param since when this status was first seen from here
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ServiceHealth(String name, String status, String reason, Instant since) {

        static final String READY = "ready";
        static final String NOT_READY = "not_ready";
        static final String UNREACHABLE = "unreachable";

        boolean isReady() {
            return status.equals(READY);
        }
    }

    @PostConstruct
    void open() {
        http = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls.context())
                .build();
    }

    List<ServiceHealth> services() {
        Snapshot current = snapshot;
        if (isFresh(current)) {
            return current.services();
        }
        polling.lock();
        try {
            if (!isFresh(snapshot)) {
                snapshot = new Snapshot(clock.instant(), poll());
            }
            return snapshot.services();
        } finally {
            polling.unlock();
        }
    }

    private boolean isFresh(Snapshot current) {
        return current.at().isAfter(clock.instant().minus(KEPT));
    }

    private List<ServiceHealth> poll() {
        List<CompletableFuture<ServiceHealth>> asked = new ArrayList<>();
        asked.add(CompletableFuture.supplyAsync(this::own, threads));
        for (Service service : Service.values()) {
            asked.add(CompletableFuture.supplyAsync(() -> ask(service), threads));
        }
        return asked.stream().map(CompletableFuture::join).map(this::since).toList();
    }

    /** Keeps the time of the first sight while status and reason stay the same. */
    private ServiceHealth since(ServiceHealth now) {
        return last.merge(
                now.name(),
                now,
                (before, after) -> before.status().equals(after.status())
                        ? new ServiceHealth(after.name(), after.status(), after.reason(), before.since())
                        : after);
    }

    private ServiceHealth own() {
        SmallRyeHealth health = own.getReadiness();
        return health.isDown()
                ? seen(
                        OWN_NAME,
                        ServiceHealth.NOT_READY,
                        missing(health.getPayload().toString()))
                : seen(OWN_NAME, ServiceHealth.READY, null);
    }

    private ServiceHealth ask(Service service) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(service.url(config) + "/q/health/ready"))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200
                    ? seen(service.wire(), ServiceHealth.READY, null)
                    : seen(service.wire(), ServiceHealth.NOT_READY, missing(response.body()));
        } catch (HttpTimeoutException e) {
            return seen(service.wire(), ServiceHealth.UNREACHABLE, "no answer within " + PATIENCE.toSeconds() + " s");
        } catch (ConnectException e) {
            return seen(service.wire(), ServiceHealth.UNREACHABLE, "nothing listens at its address");
        } catch (IOException e) {
            return seen(service.wire(), ServiceHealth.UNREACHABLE, "connection broke");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return seen(service.wire(), ServiceHealth.UNREACHABLE, "the front door is stopping");
        }
    }

    private ServiceHealth seen(String name, String status, String reason) {
        return new ServiceHealth(name, status, reason, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /** The names of the checks that are down. */
    private static String missing(String healthJson) {
        try {
            List<String> down = new ArrayList<>();
            for (JsonNode check : WireFormat.mapper().readTree(healthJson).path("checks")) {
                if (!check.path("status").asText().equals("UP")) {
                    down.add(check.path("name").asText());
                }
            }
            return down.isEmpty() ? "it says it is not ready" : "down: " + String.join(", ", down);
        } catch (JsonProcessingException e) {
            return "it says it is not ready";
        }
    }
}
