package io.skein.runtime.publish;

import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.messaging.Outbox;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Publishing through the outbox, once per key. */
@ApplicationScoped
public class PublishService {

    private static final Duration KEYS_KEPT = Duration.ofDays(1);
    private static final int MAX_KEY = 128;

    private record Used(UUID eventId, byte[] bodyHash) {}

    private final Outbox outbox;
    private final Jdbi jdbi;
    private final Clock clock;

    @Inject
    PublishService(Outbox outbox, Jdbi jdbi, Clock clock) {
        this.outbox = outbox;
        this.jdbi = jdbi;
        this.clock = clock;
    }

    /**
     * Publishes it once per key.
     *
     * @param key the caller's Idempotency-Key, or null
     * @return the id of the event, of the first one when the key was used before
     */
    public UUID publish(SkeinEvent event, String key, Object body) {
        return jdbi.inTransaction(tx -> {
            if (key != null) {
                byte[] hash = sha256(WireFormat.write(body));
                if (!remember(tx, event, key, hash)) {
                    Used used = used(tx, event, key);
                    if (!MessageDigest.isEqual(used.bodyHash(), hash)) {
                        throw new ProblemException(
                                ErrorCode.IDEMPOTENCY_MISMATCH, "This Idempotency-Key came with another event before.");
                    }
                    return used.eventId();
                }
            }
            outbox.event(tx, event);
            return event.id();
        });
    }

    /** A key of bounded length out of anything. */
    static String keyOf(String identity) {
        return "ce-" + HexFormat.of().formatHex(sha256(identity.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * An Idempotency-Key as it came.
     *
     * @throws ProblemException validation_failed when it is none
     */
    public static String checkedKey(String key) {
        if (key != null && (key.isBlank() || key.length() > MAX_KEY)) {
            throw ProblemException.invalid("Idempotency-Key", "must be 1.." + MAX_KEY + " characters");
        }
        return key;
    }

    private boolean remember(Handle tx, SkeinEvent event, String key, byte[] hash) {
        var now = clock.instant();
        tx.createUpdate("DELETE FROM published WHERE created_at < :limit")
                .bind("limit", now.minus(KEYS_KEPT).atOffset(ZoneOffset.UTC))
                .execute();
        return tx.createUpdate("""
                        INSERT INTO published (team, actor, key, event_id, body_hash, created_at)
                        VALUES (:team, :actor, :key, :event, :hash, :now) ON CONFLICT DO NOTHING""")
                        .bind("team", event.team())
                        .bind("actor", event.actor())
                        .bind("key", key)
                        .bind("event", event.id())
                        .bind("hash", hash)
                        .bind("now", now.atOffset(ZoneOffset.UTC))
                        .execute()
                == 1;
    }

    private static Used used(Handle tx, SkeinEvent event, String key) {
        return tx.createQuery("""
                        SELECT event_id, body_hash FROM published
                        WHERE team = :team AND actor = :actor AND key = :key""")
                .bind("team", event.team())
                .bind("actor", event.actor())
                .bind("key", key)
                .map((rs, ctx) -> new Used(rs.getObject(1, UUID.class), rs.getBytes(2)))
                .one();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
