package io.skein.orchestrator.repeat;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.auth.Requester;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** Tells a repeat of a creating call by its {@code Idempotency-Key}, so that it makes nothing a second time. */
@ApplicationScoped
public class Repeats {

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,200}");

    @Inject
    Clock clock;

    /**
     * An {@code Idempotency-Key} as it came; null when there is none.
     *
     * @throws ProblemException validation_failed when it is no key
     */
    public static String key(String key) {
        if (key != null && !KEY.matcher(key).matches()) {
            throw ProblemException.invalid("Idempotency-Key", "must be 1..200 printable ASCII characters");
        }
        return key;
    }

    /**
     * What was made under this key; calls with the same key wait for each other until the transaction ends.
     *
     * @param key null: no repeat
     * @param call what is asked for, where and with what body
     * @throws ProblemException idempotency_mismatch when the key was used for another call
     */
    public Optional<UUID> made(Handle tx, Requester requester, String key, String call) {
        if (key == null) {
            return Optional.empty();
        }
        tx.createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:key, 20))")
                .bind("key", requester.team() + "\n" + requester.name() + "\n" + key)
                .mapTo(String.class)
                .findOne();
        String sha = sha256(call);
        return tx.createQuery(
                        "SELECT body_sha256, made FROM task_idempotency WHERE team = :team AND actor = :actor AND key = :key")
                .bind("team", requester.team())
                .bind("actor", requester.name())
                .bind("key", key)
                .map((row, context) -> {
                    if (!row.getString("body_sha256").equals(sha)) {
                        throw new ProblemException(
                                ErrorCode.IDEMPOTENCY_MISMATCH,
                                "This Idempotency-Key was used for another call. Use a new key for a new one.");
                    }
                    return row.getObject("made", UUID.class);
                })
                .findOne();
    }

    /** Notes what was made, in the transaction that makes it. */
    public void note(Handle tx, Requester requester, String key, String call, UUID made) {
        if (key != null) {
            tx.createUpdate("""
                            INSERT INTO task_idempotency (team, actor, key, body_sha256, made, created_at)
                            VALUES (:team, :actor, :key, :sha, :made, :at)""")
                    .bind("team", requester.team())
                    .bind("actor", requester.name())
                    .bind("key", key)
                    .bind("sha", sha256(call))
                    .bind("made", made)
                    .bind("at", clock.instant())
                    .execute();
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
