package io.skein.runtime.webhook;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What came through the webhooks: counts, and what is known again. */
@ApplicationScoped
class DeliveryRepository {

    private static final Duration BETWEEN_TELLING = Duration.ofMinutes(1);

    /**
     * Counts one more delivery of this minute. Deliveries of one webhook are handled one after the other from here on.
     *
     * @return which one of the minute it is; empty when the webhook is gone
     */
    Optional<Integer> inMinute(Handle tx, UUID webhook, Instant now) {
        return tx.createQuery("""
                        UPDATE webhook_count SET in_minute = CASE WHEN minute = :minute THEN in_minute + 1 ELSE 1 END,
                          minute = :minute WHERE webhook_id = :webhook RETURNING in_minute""")
                .bind("minute", utc(now.truncatedTo(ChronoUnit.MINUTES)))
                .bind("webhook", webhook)
                .mapTo(Integer.class)
                .findOne();
    }

    void accepted(Handle tx, UUID webhook, Instant now) {
        tx.createUpdate(
                        "UPDATE webhook_count SET accepted = accepted + 1, accepted_at = :now WHERE webhook_id = :webhook")
                .bind("now", utc(now))
                .bind("webhook", webhook)
                .execute();
    }

    /**
     * Counts one more refusal.
     *
     * @return how many there were since they were told last, when it is time to tell; empty when it is not
     */
    Optional<Long> refused(Handle tx, UUID webhook, Instant now) {
        tx.createUpdate("UPDATE webhook_count SET refused = refused + 1, refused_at = :now WHERE webhook_id = :webhook")
                .bind("now", utc(now))
                .bind("webhook", webhook)
                .execute();
        return tx.createQuery("""
                        WITH before AS (SELECT refused - told AS untold FROM webhook_count WHERE webhook_id = :webhook)
                        UPDATE webhook_count SET told = refused, told_at = :now WHERE webhook_id = :webhook
                        AND (told_at IS NULL OR told_at <= :limit OR told_at > :now)
                        RETURNING (SELECT untold FROM before)""")
                .bind("webhook", webhook)
                .bind("now", utc(now))
                .bind("limit", utc(now.minus(BETWEEN_TELLING)))
                .mapTo(Long.class)
                .findOne();
    }

    /**
     * Remembers an event by its keys.
     *
     * @return the event that had one of them before; empty when it is new
     */
    Optional<UUID> remember(Handle tx, UUID webhook, List<String> keys, UUID event, Instant now) {
        for (String key : keys) {
            Optional<UUID> before = tx.createQuery(
                            "SELECT event_id FROM webhook_seen WHERE webhook_id = :webhook AND key = :key")
                    .bind("webhook", webhook)
                    .bind("key", key)
                    .mapTo(UUID.class)
                    .findOne();
            if (before.isPresent()) {
                return before;
            }
        }
        for (String key : keys) {
            tx.createUpdate("""
                            INSERT INTO webhook_seen (webhook_id, key, event_id, received_at)
                            VALUES (:webhook, :key, :event, :now)""")
                    .bind("webhook", webhook)
                    .bind("key", key)
                    .bind("event", event)
                    .bind("now", utc(now))
                    .execute();
        }
        return Optional.empty();
    }

    int forget(Handle tx, Instant before) {
        return tx.createUpdate("DELETE FROM webhook_seen WHERE received_at < :before")
                .bind("before", utc(before))
                .execute();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
