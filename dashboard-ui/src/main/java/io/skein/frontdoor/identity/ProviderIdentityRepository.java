package io.skein.frontdoor.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jdbi.v3.core.Handle;

/** Which account is whose at a provider. */
@ApplicationScoped
class ProviderIdentityRepository {

    private static final int LOCKS = 0x4f49_4443;

    /** Two first sign-ins of one person at once make one account. */
    void lock(Handle tx, String issuer, String subject) {
        CRC32 key = new CRC32();
        key.update((issuer + "\n" + subject).getBytes(StandardCharsets.UTF_8));
        tx.execute("SELECT pg_advisory_xact_lock(?, ?)", LOCKS, (int) key.getValue());
    }

    Optional<UUID> find(Handle tx, String issuer, String subject) {
        return tx.createQuery("SELECT user_id FROM provider_identities WHERE issuer = ? AND subject = ?")
                .bind(0, issuer)
                .bind(1, subject)
                .mapTo(UUID.class)
                .findOne();
    }

    boolean exists(Handle handle, UUID userId) {
        return handle.createQuery("SELECT EXISTS (SELECT FROM provider_identities WHERE user_id = ?)")
                .bind(0, userId)
                .mapTo(Boolean.class)
                .one();
    }

    void insert(Handle tx, String issuer, String subject, UUID userId, Instant now) {
        tx.execute(
                "INSERT INTO provider_identities (issuer, subject, user_id, created_at, seen_at) VALUES (?, ?, ?, ?, ?)",
                issuer,
                subject,
                userId,
                now,
                now);
    }

    void seen(Handle tx, UUID userId, Instant now) {
        tx.execute("UPDATE provider_identities SET seen_at = ? WHERE user_id = ?", now, userId);
    }
}
