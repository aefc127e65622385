package io.skein.runtime.webhook;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.skein.contracts.event.Priority;
import java.time.Instant;
import java.util.UUID;

/**
 * A door for one sender. Its events are of its team; its secret is known to the sender and, sealed, to the database.
 *
 * @param type of the events, where the format does not say it; null elsewhere
 * @param priority of the events; null: as the format says
 * @param subject of the events; null: as the format says
 * @param previousSecretUntil while it is not over the secret before the current one is good, too
 * @param version grows with every change; its ETag
 * @param counts what came through it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Webhook(
        UUID id,
        String team,
        String name,
        Format format,
        String type,
        Priority priority,
        String subject,
        boolean enabled,
        Instant previousSecretUntil,
        String createdBy,
        String changedBy,
        Instant createdAt,
        Instant changedAt,
        @JsonIgnore long version,
        @JsonProperty("deliveries") Counts counts) {

    /**
     * @param accepted deliveries that were taken, repetitions included
     * @param refused deliveries that were not
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Counts(long accepted, long refused, Instant lastAcceptedAt, Instant lastRefusedAt) {

        static final Counts NONE = new Counts(0, 0, null, null);
    }

    /** Where to deliver to, at the front door. */
    @JsonProperty
    String deliveryPath() {
        return "/api/v1/webhooks/" + id + "/deliveries";
    }

    /** The same, as somebody left it now. */
    Webhook changed(WebhookRequest to, String by, Instant now) {
        return new Webhook(
                id,
                team,
                to.name().strip(),
                format,
                to.type(),
                to.priority(),
                to.subject(),
                to.isEnabled(),
                previousSecretUntil,
                createdBy,
                by,
                createdAt,
                now,
                version + 1,
                counts);
    }

    /** The same with another secret, the one before it good until then. */
    Webhook withNewSecret(Instant previousUntil, String by, Instant now) {
        return new Webhook(
                id,
                team,
                name,
                format,
                type,
                priority,
                subject,
                enabled,
                previousUntil,
                createdBy,
                by,
                createdAt,
                now,
                version + 1,
                counts);
    }
}
