package io.skein.infra.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * The newest lock token seen for each host, in the table {@code fencing_token}: over restarts, and for all agents of the team's database.
 * This is what makes a lock safe. A holder that was stopped past its time does not know that somebody else has the lock; here it is told.
 */
@ApplicationScoped
class FencingTokens {

    /**
     * A token nobody may work with any more.
     *
     * @param newest seen for that resource
     */
    record Stale(String resource, long token, long newest) {}

    /** Notes the tokens of a run, in the transaction that starts it, unless one is older than another run has shown. */
    Optional<Stale> note(Handle tx, Run run, Instant at) {
        // In the order of the names, so that two runs do not wait for each other in a circle.
        for (Map.Entry<String, Long> token : new TreeMap<>(run.request().fencingTokens()).entrySet()) {
            long newest = tx.createQuery("""
                            INSERT INTO fencing_token (resource, highest, request_id, at) VALUES (?, ?, ?, ?)
                            ON CONFLICT (resource) DO UPDATE SET
                              request_id = CASE WHEN EXCLUDED.highest > fencing_token.highest
                                THEN EXCLUDED.request_id ELSE fencing_token.request_id END,
                              at = CASE WHEN EXCLUDED.highest > fencing_token.highest
                                THEN EXCLUDED.at ELSE fencing_token.at END,
                              highest = greatest(fencing_token.highest, EXCLUDED.highest)
                            RETURNING highest
                            """)
                    .bind(0, token.getKey())
                    .bind(1, token.getValue())
                    .bind(2, run.requestId())
                    .bind(3, at.atOffset(ZoneOffset.UTC))
                    .mapTo(Long.class)
                    .one();
            if (newest > token.getValue()) {
                return Optional.of(new Stale(token.getKey(), token.getValue(), newest));
            }
        }
        return Optional.empty();
    }
}
