package io.skein.frontdoor.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Families of refresh tokens: each sign-in begins one, each refresh adds a token and spends the one before. */
@ApplicationScoped
class RefreshTokenRepository {

    /** A token and its family, locked for this transaction. */
    record Stored(
            UUID familyId, UUID userId, Instant familyExpiresAt, boolean revoked, boolean used, Instant expiresAt) {}

    UUID beginFamily(Handle tx, UUID id, UUID userId, Instant now, Instant expiresAt) {
        tx.execute(
                "INSERT INTO refresh_families (id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
                id,
                userId,
                now,
                expiresAt);
        return id;
    }

    void add(Handle tx, UUID familyId, RefreshToken token, Instant now, Instant expiresAt) {
        tx.execute(
                "INSERT INTO refresh_tokens (token_hash, family_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
                token.hash(),
                familyId,
                now,
                expiresAt);
    }

    /** The family is locked first and always, so that two uses of one token come one after the other. */
    Optional<Stored> lock(Handle tx, RefreshToken token) {
        return tx.createQuery(
                        "SELECT f.id, f.user_id, f.expires_at AS family_expires_at, f.revoked_at IS NOT NULL AS revoked,"
                                + " t.used_at IS NOT NULL AS used, t.expires_at"
                                + " FROM refresh_tokens t JOIN refresh_families f ON f.id = t.family_id"
                                + " WHERE t.token_hash = :hash FOR UPDATE OF f, t")
                .bind("hash", token.hash())
                .map((row, context) -> new Stored(
                        row.getObject("id", UUID.class),
                        row.getObject("user_id", UUID.class),
                        row.getObject("family_expires_at", OffsetDateTime.class).toInstant(),
                        row.getBoolean("revoked"),
                        row.getBoolean("used"),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant()))
                .findOne();
    }

    void markUsed(Handle tx, RefreshToken token, Instant now) {
        tx.execute("UPDATE refresh_tokens SET used_at = ? WHERE token_hash = ?", now, token.hash());
    }

    void revoke(Handle tx, UUID familyId, Instant now, String reason) {
        tx.execute(
                "UPDATE refresh_families SET revoked_at = ?, revoked_reason = ? WHERE id = ? AND revoked_at IS NULL",
                now,
                reason,
                familyId);
    }

    /** Ends the sign-ins of a person, but for one. */
    void revokeOthers(Handle tx, UUID userId, Optional<UUID> kept, Instant now, String reason) {
        tx.execute(
                "UPDATE refresh_families SET revoked_at = ?, revoked_reason = ?"
                        + " WHERE user_id = ? AND revoked_at IS NULL AND id IS DISTINCT FROM ?::uuid",
                now,
                reason,
                userId,
                kept.map(UUID::toString).orElse(null));
    }

    /** Drops what has been over for long enough that nobody asks about it. */
    void deleteExpired(Handle tx, UUID userId, Instant before) {
        tx.execute("DELETE FROM refresh_families WHERE user_id = ? AND expires_at < ?", userId, before);
    }
}
