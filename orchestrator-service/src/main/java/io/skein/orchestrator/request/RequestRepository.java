package io.skein.orchestrator.request;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code request}. */
@ApplicationScoped
public class RequestRepository {

    /** What an earlier request with the same Idempotency-Key was. */
    record Earlier(UUID planId, String bodySha256) {}

    public record Row(
            UUID id,
            UUID sessionId,
            String team,
            String requestedBy,
            String text,
            String textKey,
            String priority,
            boolean highValue,
            String inventory,
            String idempotencyKey,
            String bodySha256,
            UUID planId,
            String traceId,
            Instant createdAt) {}

    /** One at a time per person and text, until the transaction ends: two equal requests at once are still two. */
    void queueUp(Handle tx, String team, String user, String textKey) {
        tx.createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
                .bind("key", team + "\n" + user + "\n" + textKey)
                .mapTo(String.class)
                .findOne();
    }

    Optional<Earlier> byKey(Handle handle, String team, String user, String key) {
        return handle.createQuery("""
            SELECT plan_id, body_sha256 FROM request
            WHERE team = :team AND requested_by = :user AND idempotency_key = :key\
            """)
                .bind("team", team)
                .bind("user", user)
                .bind("key", key)
                .map((row, context) -> new Earlier(row.getObject("plan_id", UUID.class), row.getString("body_sha256")))
                .findOne();
    }

    /** The plan of the same request by the same person that is not finished. */
    Optional<UUID> unfinished(Handle handle, String team, String user, String textKey) {
        return handle.createQuery("""
            SELECT p.id FROM request r JOIN plan p ON p.id = r.plan_id
            WHERE r.team = :team AND r.requested_by = :user AND r.text_key = :text
              AND p.status IN ('needs_input', 'awaiting_approval', 'approved', 'running', 'paused')
            ORDER BY p.id DESC LIMIT 1\
            """)
                .bind("team", team)
                .bind("user", user)
                .bind("text", textKey)
                .mapTo(UUID.class)
                .findOne();
    }

    public void insert(Handle tx, Row row) {
        tx.createUpdate("""
            INSERT INTO request (id, session_id, team, requested_by, text, text_key, priority, high_value, inventory,
                idempotency_key, body_sha256, plan_id, trace_id, created_at)
            VALUES (:id, :session, :team, :user, :text, :textKey, :priority, :highValue, :inventory, :key, :sha,
                :plan, :trace, :at)\
            """)
                .bind("id", row.id())
                .bind("session", row.sessionId())
                .bind("team", row.team())
                .bind("user", row.requestedBy())
                .bind("text", row.text())
                .bind("textKey", row.textKey())
                .bind("priority", row.priority())
                .bind("highValue", row.highValue())
                .bind("inventory", row.inventory())
                .bind("key", row.idempotencyKey())
                .bind("sha", row.bodySha256())
                .bind("plan", row.planId())
                .bind("trace", row.traceId())
                .bind("at", row.createdAt())
                .execute();
    }
}
