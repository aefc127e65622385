package io.skein.runtime.webhook;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What webhooks say: what is delivered to them, and what happens to them. */
@ApplicationScoped
class WebhookEvents {

    private static final String SOURCE = "/runtime-service";

    @Inject
    Outbox outbox;

    void delivered(Handle tx, Webhook webhook, Dialect.Incoming incoming, UUID id, Instant now, String traceId) {
        outbox.event(
                tx,
                SkeinEvent.of(incoming.type())
                        .id(id)
                        .source(SOURCE)
                        .subject(webhook.subject() == null ? incoming.subject() : webhook.subject())
                        .time(now)
                        .priority(incoming.priority())
                        .team(webhook.team())
                        .actor(actor(webhook))
                        .traceId(traceId)
                        .data(incoming.data())
                        .build());
    }

    /**
     * @param count how many since they were told last
     */
    void refused(Handle tx, Webhook webhook, Refusal reason, long count, Instant now, String traceId) {
        outbox.event(
                tx,
                about(EventTypes.WEBHOOK_REFUSED, webhook, now, actor(webhook), traceId)
                        .priority(Priority.NORMAL)
                        .data(Map.of("name", webhook.name(), "reason", reason.wire(), "refused", count))
                        .build());
    }

    void created(Handle tx, Webhook webhook, String traceId) {
        outbox.event(
                tx,
                about(EventTypes.WEBHOOK_CREATED, webhook, webhook.changedAt(), webhook.changedBy(), traceId)
                        .data(Map.of("name", webhook.name(), "format", webhook.format()))
                        .build());
    }

    /**
     * @param change {@code replaced} or {@code secret}
     */
    void changed(Handle tx, Webhook webhook, String change, String traceId) {
        outbox.event(
                tx,
                about(EventTypes.WEBHOOK_CHANGED, webhook, webhook.changedAt(), webhook.changedBy(), traceId)
                        .data(Map.of("name", webhook.name(), "change", change, "enabled", webhook.enabled()))
                        .build());
    }

    void deleted(Handle tx, Webhook webhook, Instant now, String actor, String traceId) {
        outbox.event(
                tx,
                about(EventTypes.WEBHOOK_DELETED, webhook, now, actor, traceId)
                        .data(Map.of("name", webhook.name()))
                        .build());
    }

    private static String actor(Webhook webhook) {
        return "webhook:" + webhook.id();
    }

    private static SkeinEvent.Builder about(String type, Webhook webhook, Instant now, String actor, String traceId) {
        return SkeinEvent.of(type)
                .source(SOURCE)
                .subject(webhook.id())
                .time(now)
                .priority(Priority.LOW)
                .team(webhook.team())
                .actor(actor)
                .traceId(traceId);
    }
}
