package io.skein.runtime.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.micrometer.core.instrument.MeterRegistry;
import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.publish.EventRules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Takes deliveries. Nothing is parsed, counted against the limit or told before the sender is proven; an unknown webhook, one that
 * is off and a wrong signature are answered alike. The events, what is remembered of the delivery and the counts are one
 * transaction.
 */
@ApplicationScoped
class DeliveryService {

    static final int MAX_BYTES = 256 * 1024;

    /** For webhooks that are not there, so that asking for them takes as long. */
    private static final List<byte[]> NOBODYS = List.of("nobody's secret".getBytes(StandardCharsets.UTF_8));

    /**
     * What became of a delivery.
     *
     * @param accepted events that are new
     * @param duplicates events that had been delivered before
     * @param events all of them, by id
     */
    record Receipt(int accepted, int duplicates, List<UUID> events) {}

    private final WebhookRepository webhooks;
    private final DeliveryRepository deliveries;
    private final WebhookSecrets secrets;
    private final WebhookEvents events;
    private final WebhookConfig config;
    private final Jdbi jdbi;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final ObjectReader json;

    @Inject
    DeliveryService(
            WebhookRepository webhooks,
            DeliveryRepository deliveries,
            WebhookSecrets secrets,
            WebhookEvents events,
            WebhookConfig config,
            Jdbi jdbi,
            Clock clock,
            MeterRegistry metrics,
            ObjectMapper mapper) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.secrets = secrets;
        this.events = events;
        this.config = config;
        this.jdbi = jdbi;
        this.clock = clock;
        this.metrics = metrics;
        this.json = mapper.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * @param id of the webhook, as it came
     * @throws ProblemException unauthenticated when it is not proven, whyever
     */
    Receipt deliver(String id, Delivered delivered, String traceId) {
        if (delivered.body().length > MAX_BYTES) {
            throw new ProblemException(ErrorCode.PAYLOAD_TOO_LARGE, "A delivery may have " + MAX_BYTES + " bytes.");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Webhook webhook = proven(id, delivered, now, traceId);
        List<Dialect.Incoming> incoming = read(webhook, delivered, now, traceId);
        Optional<Receipt> receipt = jdbi.inTransaction(tx -> {
            Optional<Integer> inMinute = deliveries.inMinute(tx, webhook.id(), now);
            if (inMinute.isEmpty()) {
                throw refusal(Refusal.UNKNOWN);
            }
            return inMinute.get() > config.perMinute()
                    ? Optional.empty()
                    : Optional.of(take(tx, webhook, incoming, now, traceId));
        });
        if (receipt.isEmpty()) {
            record(webhook, Refusal.RATE, now, traceId);
            long rest = 60 - now.getEpochSecond() % 60;
            throw new ProblemException(
                            ErrorCode.RATE_LIMITED,
                            "This webhook takes " + config.perMinute() + " deliveries a minute.")
                    .with("limit", "webhook")
                    .with("retryAfterSeconds", rest);
        }
        count("accepted");
        return receipt.get();
    }

    private Webhook proven(String id, Delivered delivered, Instant now, String traceId) {
        Optional<WebhookRepository.Door> door =
                id(id).flatMap(known -> jdbi.withHandle(handle -> webhooks.door(handle, known, now)));
        if (door.isEmpty()) {
            Format.GENERIC.dialect().proof(delivered, NOBODYS, now);
            throw refusal(Refusal.UNKNOWN);
        }
        Webhook webhook = door.get().webhook();
        List<byte[]> open = door.get().sealed().stream()
                .map(stored -> secrets.open(webhook.id(), stored))
                .toList();
        Dialect.Proof proof = webhook.format().dialect().proof(delivered, open, now);
        Refusal reason =
                switch (proof) {
                    case GOOD -> webhook.enabled() ? null : Refusal.DISABLED;
                    case MISSING -> Refusal.UNSIGNED;
                    case STALE -> Refusal.STALE;
                    case WRONG -> Refusal.SIGNATURE;
                };
        if (reason != null) {
            record(webhook, reason, now, traceId);
            throw refusal(reason);
        }
        return webhook;
    }

    private List<Dialect.Incoming> read(Webhook webhook, Delivered delivered, Instant now, String traceId) {
        try {
            JsonNode body = json.readTree(delivered.body());
            if (body == null || body.isMissingNode()) {
                throw new ProblemException(ErrorCode.MALFORMED_BODY, "The body is empty.");
            }
            EventRules.requireShallow("body", body);
            return webhook.format().dialect().read(delivered, body, webhook);
        } catch (JsonProcessingException e) {
            record(webhook, Refusal.UNREADABLE, now, traceId);
            throw new ProblemException(
                    ErrorCode.MALFORMED_BODY,
                    "The body is not JSON, or is nested too deeply"
                            + (e.getLocation() == null
                                    ? "."
                                    : ": line " + e.getLocation().getLineNr() + ", column "
                                            + e.getLocation().getColumnNr() + "."));
        } catch (ProblemException e) {
            record(webhook, Refusal.UNREADABLE, now, traceId);
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory cannot be read", e);
        }
    }

    private Receipt take(Handle tx, Webhook webhook, List<Dialect.Incoming> incoming, Instant now, String traceId) {
        List<UUID> ids = new ArrayList<>();
        int accepted = 0;
        for (Dialect.Incoming one : incoming) {
            UUID id = Ids.next();
            Optional<UUID> before = deliveries.remember(tx, webhook.id(), one.keys(), id, now);
            if (before.isEmpty()) {
                events.delivered(tx, webhook, one, id, now, traceId);
                accepted++;
            }
            ids.add(before.orElse(id));
        }
        deliveries.accepted(tx, webhook.id(), now);
        return new Receipt(accepted, ids.size() - accepted, ids);
    }

    private void record(Webhook webhook, Refusal reason, Instant now, String traceId) {
        jdbi.useTransaction(tx -> deliveries
                .refused(tx, webhook.id(), now)
                .ifPresent(untold -> events.refused(tx, webhook, reason, untold, now, traceId)));
        count(reason.wire());
    }

    private ProblemException refusal(Refusal reason) {
        if (reason == Refusal.UNKNOWN) {
            count(reason.wire());
        }
        return new ProblemException(
                ErrorCode.UNAUTHENTICATED,
                "There is no such webhook, it is off, or this delivery does not prove that it knows its secret.");
    }

    private void count(String outcome) {
        metrics.counter("skein.runtime.webhooks", "outcome", outcome).increment();
    }

    private static Optional<UUID> id(String id) {
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
