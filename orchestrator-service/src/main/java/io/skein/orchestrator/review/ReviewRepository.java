package io.skein.orchestrator.review;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code review}. */
@ApplicationScoped
public class ReviewRepository {

    private static final int MAX_TRIES = 3;

    public void ask(Handle tx, UUID planId, int version, Instant now) {
        tx.execute(
                "INSERT INTO review (plan_id, version, asked_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                planId,
                version,
                now);
    }

    /**
     * The next one nobody is at, for this process alone, until {@code until}; after a day nobody waits for it any more. Each claim may be a
     * call that is paid for, so there are at most {@value #MAX_TRIES}.
     */
    public Optional<Review> claim(Handle tx, Instant now, Instant until) {
        return tx.createQuery("""
                        UPDATE review SET claimed_until = :until, tries = tries + 1
                        WHERE (plan_id, version) = (SELECT plan_id, version FROM review
                            WHERE done_at IS NULL AND tries < :tries AND asked_at > CAST(:now AS timestamptz) - interval '1 day'
                              AND (claimed_until IS NULL OR claimed_until <= :now)
                            ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                        RETURNING *""")
                .bind("now", now)
                .bind("tries", MAX_TRIES)
                .bind("until", until)
                .map((row, context) -> review(row))
                .findOne();
    }

    /** False when another process was faster. */
    public boolean done(Handle tx, Review review, Instant now) {
        return tx.createUpdate("""
                        UPDATE review SET done_at = :now, reviewer = :reviewer, suggestions = :suggestions
                        WHERE plan_id = :plan AND version = :version AND done_at IS NULL""")
                        .bind("now", now)
                        .bind("reviewer", review.reviewer())
                        .bind("suggestions", JsonColumn.jsonb(review.suggestions()))
                        .bind("plan", review.planId())
                        .bind("version", review.version())
                        .execute()
                == 1;
    }

    public Optional<Review> find(Handle handle, UUID planId, int version) {
        return handle.createQuery("SELECT * FROM review WHERE plan_id = :plan AND version = :version")
                .bind("plan", planId)
                .bind("version", version)
                .map((row, context) -> review(row))
                .findOne();
    }

    private static Review review(ResultSet row) throws SQLException {
        return new Review(
                row.getObject("plan_id", UUID.class),
                row.getInt("version"),
                row.getString("reviewer"),
                JsonColumn.read(row, "suggestions", new TypeReference<List<Review.Suggestion>>() {}));
    }
}
