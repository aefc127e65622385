package io.skein.platform.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.ServiceConfig;
import io.skein.platform.problem.ProblemException;
import io.skein.platform.tls.FleetTls;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * This service's own access token, fetched from the front door with the service secret and renewed when four fifths of its
 * life are over. A token that is still valid is used while the front door is away.
 */
@ApplicationScoped
public class ServiceTokens {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final ReentrantLock fetching = new ReentrantLock();

    @Inject
    ServiceConfig config;

    @Inject
    Clock clock;

    @Inject
    FleetTls tls;

    private HttpClient http;
    private volatile Token current;

    private record Token(String value, Instant renewAt, Instant expiresAt) {}

    @PostConstruct
    void open() {
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .sslContext(tls.context())
                .build();
    }

    /**
     * @throws ProblemException upstream_failed when there is no valid token and the front door gives none
     */
    public String current() {
        Token token = current;
        Instant now = clock.instant();
        if (token != null && now.isBefore(token.renewAt())) {
            return token.value();
        }
        fetching.lock();
        try {
            token = current;
            if (token == null || !now.isBefore(token.renewAt())) {
                current = fetch(now);
            }
            return current.value();
        } catch (IOException e) {
            if (token != null && now.isBefore(token.expiresAt())) {
                return token.value();
            }
            throw new ProblemException(
                    ErrorCode.UPSTREAM_FAILED, "The front door gave this service no token: " + e.getMessage());
        } finally {
            fetching.unlock();
        }
    }

    private Token fetch(Instant now) throws IOException {
        String secret = config.secret().orElseThrow(() -> new IOException("SKEIN_SERVICE_SECRET is not set"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(config.frontdoorUrl() + "/api/v1/auth/service-token"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        WireFormat.writeString(Map.of("service", config.name(), "secret", secret))))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            JsonNode body = WireFormat.mapper().readTree(response.body());
            long seconds = body.path("expiresIn").asLong(60);
            return new Token(
                    body.path("accessToken").asText(), now.plusSeconds(seconds * 4 / 5), now.plusSeconds(seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
