package io.skein.frontdoor.mcp;

import io.quarkiverse.mcp.server.ToolCallException;
import io.quarkiverse.mcp.server.ToolResponse;
import io.skein.contracts.wire.WireFormat;
import io.skein.frontdoor.limits.RateLimiter;
import io.skein.frontdoor.limits.RateLimiter.Admission;
import io.skein.frontdoor.limits.RateLimiter.Asker;
import io.skein.frontdoor.proxy.LimitAnswers;
import io.skein.frontdoor.proxy.Service;
import io.skein.frontdoor.proxy.UpstreamConfig;
import io.skein.platform.http.Trace;
import io.skein.platform.tls.FleetTls;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;

/** Calls the services as whoever connected, within the limits that the same call would have met at {@code /api/v1}. */
@ApplicationScoped
class FleetCalls {

    private static final Logger LOG = Logger.getLogger(FleetCalls.class);

    /** A model pays for what it reads; more than this is asked for in pages. */
    private static final int MAX_ANSWER = 256 * 1024;

    private static final Duration COUNTING = Duration.ofSeconds(5);

    @Inject
    UpstreamConfig upstream;

    @Inject
    RateLimiter limits;

    @Inject
    FleetTls tls;

    @Inject
    JsonWebToken token;

    @Inject
    Trace trace;

    private HttpClient http;

    @PostConstruct
    void open() {
        http = HttpClient.newBuilder()
                .connectTimeout(upstream.connectTimeout())
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls.context())
                .build();
    }

    @PreDestroy
    void close() {
        http.shutdownNow();
    }

    ToolResponse get(Service service, String path, Map<String, String> query) {
        String suffix = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                service,
                request(service, path + (suffix.isEmpty() ? "" : "?" + suffix)).GET());
    }

    ToolResponse post(Service service, String path, Object body, Optional<String> idempotencyKey) {
        admit("POST", path);
        HttpRequest.Builder request = request(service, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(WireFormat.writeString(body)));
        idempotencyKey.map(FleetCalls::headerValue).ifPresent(key -> request.header("Idempotency-Key", key));
        return send(service, request);
    }

    /** @throws ToolCallException when it is none: what is no id may not become part of an address */
    static UUID uuid(String name, String value) {
        try {
            return UUID.fromString(value.strip());
        } catch (IllegalArgumentException e) {
            throw new ToolCallException(name + " is no UUID.");
        }
    }

    private static String headerValue(String text) {
        if (text.length() > 200 || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new ToolCallException("idempotencyKey has up to 200 visible ASCII characters.");
        }
        return text;
    }

    /** The message was counted at the gate; what may spend money is counted as the call it stands for. */
    private void admit(String method, String path) {
        Asker person = new Asker.Person(
                token.getSubject(),
                token.getName(),
                Optional.ofNullable(token.<String>getClaim("team")).orElse("default"));
        try {
            Admission admission = limits.admit(person, method, path)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(COUNTING.toMillis(), TimeUnit.MILLISECONDS);
            LimitAnswers.refusal(admission).ifPresent(reason -> {
                throw new ToolCallException(reason);
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ToolCallException("Interrupted.");
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("a tool call of %s could not be counted: %s", token.getName(), e.getMessage());
            throw new ToolCallException("This call cannot be counted just now; try again.");
        }
    }

    private HttpRequest.Builder request(Service service, String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(service.url(upstream) + pathAndQuery))
                .timeout(upstream.responseTimeout())
                .header("Authorization", "Bearer " + token.getRawToken())
                .header("Accept", "application/json")
                .header("traceparent", Trace.traceparent(trace.id()));
    }

    private ToolResponse send(Service service, HttpRequest.Builder request) {
        try {
            HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
            byte[] body;
            try (InputStream in = response.body()) {
                body = in.readNBytes(MAX_ANSWER + 1);
            }
            if (body.length > MAX_ANSWER) {
                throw new ToolCallException(
                        "The answer is longer than " + MAX_ANSWER / 1024 + " KiB; ask for less at a time.");
            }
            String text = new String(body, StandardCharsets.UTF_8);
            return response.statusCode() < 300 ? ToolResponse.success(text) : ToolResponse.error(text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ToolCallException("Interrupted.");
        } catch (IOException e) {
            LOG.warnf("a tool call of %s did not reach %s: %s", token.getName(), service.wire(), e);
            throw new ToolCallException("The " + service.wire() + " cannot be reached; try again in a moment.");
        }
    }
}
