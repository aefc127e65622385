package io.skein.runtime.publish;

import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * What was made under which Idempotency-Key, for a day: who repeats a request because its answer was lost makes nothing twice. A key
 * is its owner's, and comes with one request only.
 */
@ApplicationScoped
public class GivenKeys {

    private static final Duration KEPT = Duration.ofDays(1);
    private static final int MAX_KEY = 128;

    private record Used(UUID made, byte[] bodyHash) {}

    private final Clock clock;

    @Inject
    GivenKeys(Clock clock) {
        this.clock = clock;
    }

    /**
     * Remembers what this request is about to make. Of two at once with the same key one waits here for the other.
     *
     * @param key the caller's Idempotency-Key, or null
     * @param address what it is asked for at: the same key and body at two addresses is a mistake, not a repetition
     * @param making the id of what is made, unless it was made before
     * @return what the same request made before; empty when it is new
     * @throws ProblemException idempotency_mismatch when the key came with another request
     */
    public Optional<UUID> earlier(
            Handle tx, String team, String actor, String key, String address, Object body, UUID making) {
        return earlier(tx, team, actor, key, List.of(address, WireFormat.writeString(body)), making);
    }

    Optional<UUID> earlier(Handle tx, String team, String actor, String key, Object request, UUID making) {
        if (key == null) {
            return Optional.empty();
        }
        byte[] hash = sha256(WireFormat.write(request));
        if (remember(tx, team, actor, key, hash, making)) {
            return Optional.empty();
        }
        Used used = used(tx, team, actor, key);
        if (!MessageDigest.isEqual(used.bodyHash(), hash)) {
            throw new ProblemException(
                    ErrorCode.IDEMPOTENCY_MISMATCH, "This Idempotency-Key came with another request before.");
        }
        return Optional.of(used.made());
    }

    /** For whoever repeats a request and finds that what it made was deleted. */
    public static ProblemException gone() {
        return new ProblemException(
                ErrorCode.ILLEGAL_TRANSITION, "What came of this Idempotency-Key is gone; use a new one.");
    }

    /**
     * An Idempotency-Key as it came.
     *
     * @throws ProblemException validation_failed when it is none
     */
    public static String checked(String key) {
        if (key != null && (key.isBlank() || key.length() > MAX_KEY || key.indexOf('\0') >= 0)) {
            throw ProblemException.invalid("Idempotency-Key", "must be 1.." + MAX_KEY + " characters");
        }
        return key;
    }

    /** A key of bounded length out of anything. */
    static String of(String identity) {
        return "ce-" + HexFormat.of().formatHex(sha256(identity.getBytes(StandardCharsets.UTF_8)));
    }

    private boolean remember(Handle tx, String team, String actor, String key, byte[] hash, UUID making) {
        Instant now = clock.instant();
        tx.createUpdate("DELETE FROM published WHERE created_at < :limit")
                .bind("limit", now.minus(KEPT).atOffset(ZoneOffset.UTC))
                .execute();
        return tx.createUpdate("""
                        INSERT INTO published (team, actor, key, event_id, body_hash, created_at)
                        VALUES (:team, :actor, :key, :made, :hash, :now) ON CONFLICT DO NOTHING""")
                        .bind("team", team)
                        .bind("actor", actor)
                        .bind("key", key)
                        .bind("made", making)
                        .bind("hash", hash)
                        .bind("now", now.atOffset(ZoneOffset.UTC))
                        .execute()
                == 1;
    }

    private static Used used(Handle tx, String team, String actor, String key) {
        return tx.createQuery("""
                        SELECT event_id, body_hash FROM published
                        WHERE team = :team AND actor = :actor AND key = :key""")
                .bind("team", team)
                .bind("actor", actor)
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
