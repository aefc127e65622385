package io.skein.orchestrator.plan;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.draft.Question;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Rows of {@code plan} and {@code plan_version}. */
@ApplicationScoped
public class PlanRepository {

    public void insert(Handle tx, Plan plan) {
        tx.createUpdate("""
            INSERT INTO plan (id, request_id, session_id, team, requested_by, text, priority, high_value, inventory,
                planner_name, planner_reason, version, plan_hash, status, created_at, updated_at, trace_id)
            VALUES (:id, :request, :session, :team, :by, :text, :priority, :highValue, :inventory,
                :planner, :reason, :version, :hash, :status, :at, :at, :trace)\
            """)
                .bind("id", plan.id())
                .bind("request", plan.requestId())
                .bind("session", plan.sessionId())
                .bind("team", plan.team())
                .bind("by", plan.requestedBy())
                .bind("text", plan.text())
                .bind("priority", plan.priority())
                .bind("highValue", plan.highValue())
                .bind("inventory", plan.inventory())
                .bind("planner", plan.plannerName())
                .bind("reason", plan.plannerReason())
                .bind("version", plan.version())
                .bind("hash", plan.planHash())
                .bind("status", plan.status().wire())
                .bind("at", plan.createdAt())
                .bind("trace", plan.traceId())
                .execute();
    }

    public void insertVersion(Handle tx, UUID planId, PlanVersion version) {
        tx.createUpdate("""
            INSERT INTO plan_version (plan_id, version, plan_hash, questions, hosts, estimated_seconds, created_by,
                created_at, summary)
            VALUES (:plan, :version, :hash, CAST(:questions AS jsonb), CAST(:hosts AS jsonb), :seconds, :by, :at,
                :summary)\
            """)
                .bind("plan", planId)
                .bind("version", version.version())
                .bind("hash", version.planHash())
                .bind("questions", WireFormat.writeString(version.questions()))
                .bind("hosts", WireFormat.writeString(version.hosts()))
                .bind("seconds", version.estimatedSeconds())
                .bind("by", version.createdBy())
                .bind("at", version.createdAt())
                .bind("summary", version.summary())
                .execute();
        tx.createUpdate("UPDATE plan SET version = :version, plan_hash = :hash, updated_at = :at WHERE id = :plan")
                .bind("plan", planId)
                .bind("version", version.version())
                .bind("hash", version.planHash())
                .bind("at", version.createdAt())
                .execute();
    }

    public Optional<Plan> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT * FROM plan WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> plan(row))
                .findOne();
    }

    /** The plan a session came to last. */
    public Optional<Plan> newestOf(Handle handle, UUID sessionId) {
        return handle.createQuery("SELECT * FROM plan WHERE session_id = :session ORDER BY id DESC LIMIT 1")
                .bind("session", sessionId)
                .map((row, context) -> plan(row))
                .findOne();
    }

    /** The plan, with its row locked until the transaction ends: whoever changes a plan or its steps holds this. */
    public Optional<Plan> lock(Handle tx, UUID id) {
        return tx.createQuery("SELECT * FROM plan WHERE id = :id FOR UPDATE")
                .bind("id", id)
                .map((row, context) -> plan(row))
                .findOne();
    }

    /** As {@link #lock}, several: always in the same order, so that two who want some of the same do not wait for each other. */
    public Map<UUID, Plan> lock(Handle tx, Collection<UUID> ids) {
        return tx.createQuery("SELECT * FROM plan WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
                .bindArray("ids", UUID.class, ids)
                .map((row, context) -> plan(row))
                .collectToMap(Plan::id, Function.identity());
    }

    /** A plan in a list, with what its newest version says about it. */
    public record Listed(Plan plan, List<String> hosts, long estimatedSeconds, int steps) {}

    /** What is to be seen, newest first. */
    public List<Listed> list(Handle handle, Visibility visibility, PlanStatus status, UUID after, int limit) {
        return handle.createQuery("""
            SELECT p.*, v.hosts, v.estimated_seconds,
              (SELECT count(*) FROM step s WHERE s.plan_id = p.id AND s.version = p.version) AS steps
            FROM plan p JOIN plan_version v ON v.plan_id = p.id AND v.version = p.version
            WHERE (CAST(:team AS text) IS NULL OR p.team = :team)
              AND (CAST(:owner AS text) IS NULL OR p.requested_by = :owner)
              AND (CAST(:status AS text) IS NULL OR p.status = :status)
              AND (CAST(:after AS uuid) IS NULL OR p.id < :after)
            ORDER BY p.id DESC LIMIT :limit\
            """)
                .bind("team", visibility.team())
                .bind("owner", visibility.person())
                .bind("status", status == null ? null : status.wire())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> new Listed(
                        plan(row),
                        JsonColumn.read(row, "hosts", new TypeReference<List<String>>() {}),
                        row.getLong("estimated_seconds"),
                        row.getInt("steps")))
                .list();
    }

    /** The text as people may see it, when a secret in it was recognised only later. */
    public void text(Handle tx, UUID id, String text) {
        tx.execute("UPDATE plan SET text = ? WHERE id = ?", text, id);
    }

    public Optional<PlanVersion> version(Handle handle, UUID planId, int version) {
        return handle.createQuery("SELECT * FROM plan_version WHERE plan_id = :plan AND version = :version")
                .bind("plan", planId)
                .bind("version", version)
                .map((row, context) -> version(row))
                .findOne();
    }

    public List<PlanVersion> versions(Handle handle, UUID planId) {
        return handle.createQuery("SELECT * FROM plan_version WHERE plan_id = :plan ORDER BY version")
                .bind("plan", planId)
                .map((row, context) -> version(row))
                .list();
    }

    /** Returns the plan as it is now. */
    Plan status(Handle tx, UUID id, PlanStatus status, String reason, Instant at) {
        return tx.createQuery("""
            UPDATE plan SET status = :status, status_reason = :reason, updated_at = :at,
                started_at = CASE WHEN :status = 'running' THEN coalesce(started_at, :at) ELSE started_at END,
                finished_at = CASE WHEN :terminal THEN :at ELSE finished_at END
            WHERE id = :id
            RETURNING *\
            """)
                .bind("id", id)
                .bind("status", status.wire())
                .bind("reason", reason)
                .bind("terminal", status.isTerminal())
                .bind("at", at)
                .map((row, context) -> plan(row))
                .one();
    }

    /**
     * @param hash what was approved
     * @param rule the rule of the policy that asked for this or allowed it, or null
     */
    public void approved(Handle tx, UUID id, String by, Instant at, String hash, String mode, String rule) {
        tx.createUpdate("""
            UPDATE plan SET approved_by = :by, approved_at = :at, approved_hash = :hash, approval_mode = :mode,
                approval_rule = :rule
            WHERE id = :id\
            """)
                .bind("by", by)
                .bind("at", at)
                .bind("hash", hash)
                .bind("mode", mode)
                .bind("rule", rule)
                .bind("id", id)
                .execute();
    }

    /** What was approved is not there any more; somebody has to approve what is. */
    public void approvalLapsed(Handle tx, UUID id) {
        tx.execute("""
            UPDATE plan SET approved_by = NULL, approved_at = NULL, approved_hash = NULL, approval_mode = NULL,
                approval_rule = NULL
            WHERE id = ?\
            """, id);
    }

    /** An ended plan goes on. */
    public void reopened(Handle tx, UUID id) {
        tx.execute("UPDATE plan SET finished_at = NULL, audit_commit = NULL WHERE id = ?", id);
    }

    public void rejected(Handle tx, UUID id, String reason) {
        tx.execute("UPDATE plan SET rejected_reason = ? WHERE id = ?", reason, id);
    }

    public void cancelling(Handle tx, UUID id, String by, String reason) {
        tx.execute("UPDATE plan SET cancelled_by = ?, cancel_reason = ? WHERE id = ?", by, reason, id);
    }

    public void auditCommit(Handle tx, UUID id, String commit) {
        tx.execute("UPDATE plan SET audit_commit = ? WHERE id = ?", commit, id);
    }

    /** Returns the plan as it is now. */
    public Plan locked(Handle tx, UUID id, String lockId, Instant expiresAt, Map<String, Long> tokens) {
        return tx.createQuery("""
            UPDATE plan SET lock_id = :lock, lock_expires_at = :expires, fencing_tokens = CAST(:tokens AS jsonb)
            WHERE id = :id
            RETURNING *\
            """)
                .bind("id", id)
                .bind("lock", lockId)
                .bind("expires", expiresAt)
                .bind("tokens", WireFormat.writeString(tokens))
                .map((row, context) -> plan(row))
                .one();
    }

    public void renewed(Handle tx, UUID id, String lockId, Instant expiresAt) {
        tx.execute("UPDATE plan SET lock_expires_at = ? WHERE id = ? AND lock_id = ?", expiresAt, id, lockId);
    }

    /** No lock any more; the next one is another lock, so it is asked for under another name. */
    public void unlocked(Handle tx, UUID id, String lockId) {
        tx.execute("""
            UPDATE plan SET lock_id = NULL, lock_expires_at = NULL, fencing_tokens = NULL, lock_attempt = lock_attempt + 1
            WHERE id = ? AND lock_id = ?\
            """, id, lockId);
    }

    /** When somebody should look at the plan again; null when nobody needs to. */
    public void attend(Handle tx, UUID id, Instant at) {
        tx.createUpdate("UPDATE plan SET attend_at = :at WHERE id = :id")
                .bind("at", at)
                .bind("id", id)
                .execute();
    }

    /** Takes the next plan that wants attention, for this process alone, until {@code until}; the transaction is for nothing else. */
    public Optional<UUID> claim(Handle tx, Instant now, Instant until) {
        // Not waiting for the disk: a claim that is lost costs a second look, and whoever looks locks the plan.
        tx.execute("SET LOCAL synchronous_commit = off");
        return tx.createQuery("""
            UPDATE plan SET claimed_until = :until
            WHERE id = (SELECT id FROM plan
                        WHERE attend_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)
                        ORDER BY attend_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id\
            """)
                .bind("now", now)
                .bind("until", until)
                .mapTo(UUID.class)
                .findOne();
    }

    /** It was looked at; {@code next} as in {@link #attend}. */
    public void attended(Handle tx, UUID id, Instant next) {
        tx.createUpdate("UPDATE plan SET attend_at = :next, claimed_until = NULL WHERE id = :id")
                .bind("next", next)
                .bind("id", id)
                .execute();
    }

    /** Plans whose waiting may be over because a lock changed hands. Locked in the order in which everybody locks several. */
    public int attendWaiting(Handle tx, Instant now) {
        return tx.createUpdate("""
            UPDATE plan SET attend_at = :now WHERE id IN (
                SELECT id FROM plan WHERE attend_at > :now AND lock_id IS NULL AND status IN ('approved', 'running')
                ORDER BY id FOR UPDATE)\
            """).bind("now", now).execute();
    }

    public Map<String, Long> countByStatus(Handle handle) {
        return handle.createQuery("SELECT status, count(*) FROM plan GROUP BY status")
                .reduceRows(new java.util.HashMap<>(), (map, row) -> {
                    map.put(row.getColumn("status", String.class), row.getColumn("count", Long.class));
                    return map;
                });
    }

    private static Plan plan(ResultSet row) throws SQLException {
        return new Plan(
                row.getObject("id", UUID.class),
                row.getObject("request_id", UUID.class),
                row.getObject("session_id", UUID.class),
                row.getString("team"),
                row.getString("requested_by"),
                row.getString("text"),
                row.getString("priority"),
                row.getBoolean("high_value"),
                row.getString("inventory"),
                row.getString("planner_name"),
                row.getString("planner_reason"),
                row.getInt("version"),
                row.getString("plan_hash"),
                PlanStatus.fromWire(row.getString("status")),
                row.getString("status_reason"),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                row.getString("approved_by"),
                instant(row, "approved_at"),
                row.getString("rejected_reason"),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getString("cancelled_by"),
                row.getString("cancel_reason"),
                row.getString("audit_commit"),
                row.getString("trace_id"),
                row.getString("lock_id"),
                row.getInt("lock_attempt"),
                instant(row, "lock_expires_at"),
                JsonColumn.read(row, "fencing_tokens", new TypeReference<Map<String, Long>>() {}));
    }

    private static PlanVersion version(ResultSet row) throws SQLException {
        return new PlanVersion(
                row.getInt("version"),
                row.getString("plan_hash"),
                JsonColumn.read(row, "questions", new TypeReference<List<Question>>() {}),
                JsonColumn.read(row, "hosts", new TypeReference<List<String>>() {}),
                row.getLong("estimated_seconds"),
                row.getString("created_by"),
                instant(row, "created_at"),
                row.getString("summary"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
