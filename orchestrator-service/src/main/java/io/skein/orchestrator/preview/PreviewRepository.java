package io.skein.orchestrator.preview;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code preview}. Whoever writes one holds the lock on its plan's row. */
@ApplicationScoped
public class PreviewRepository {

    /** Asked for, for the first time or anew. */
    void ask(Handle tx, UUID planId, int version, int number, UUID stepId, UUID requestId, String by, Instant at) {
        tx.createUpdate("""
            INSERT INTO preview (plan_id, version, number, step_id, request_id, status, asked_by, asked_at)
            VALUES (:plan, :version, :number, :step, :request, 'asked', :by, :at)
            ON CONFLICT (plan_id, version, number) DO UPDATE SET request_id = excluded.request_id,
                step_id = excluded.step_id, status = 'asked', reason = NULL, hosts = NULL, tasks = NULL,
                total = NULL, truncated = false, asked_by = excluded.asked_by, asked_at = excluded.asked_at,
                finished_at = NULL\
            """)
                .bind("plan", planId)
                .bind("version", version)
                .bind("number", number)
                .bind("step", stepId)
                .bind("request", requestId)
                .bind("by", by)
                .bind("at", at)
                .execute();
    }

    Optional<Preview> byRequest(Handle handle, UUID requestId) {
        return handle.createQuery("SELECT * FROM preview WHERE request_id = :request")
                .bind("request", requestId)
                .map((row, context) -> preview(row))
                .findOne();
    }

    public List<Preview> ofVersion(Handle handle, UUID planId, int version) {
        return handle.createQuery("SELECT * FROM preview WHERE plan_id = :plan AND version = :version ORDER BY number")
                .bind("plan", planId)
                .bind("version", version)
                .map((row, context) -> preview(row))
                .list();
    }

    /** Of any version. */
    List<Preview> open(Handle handle, UUID planId) {
        return handle.createQuery("SELECT * FROM preview WHERE plan_id = :plan AND status = 'asked'")
                .bind("plan", planId)
                .map((row, context) -> preview(row))
                .list();
    }

    /** The step whose preview found that something is not as the version says, and what. */
    public Optional<Preview> stale(Handle handle, UUID planId, int version) {
        return handle.createQuery("""
            SELECT * FROM preview WHERE plan_id = :plan AND version = :version AND status = 'stale'
            ORDER BY number LIMIT 1\
            """)
                .bind("plan", planId)
                .bind("version", version)
                .map((row, context) -> preview(row))
                .findOne();
    }

    void ended(
            Handle tx,
            Preview preview,
            Preview.Status status,
            String reason,
            Map<String, WorkResult.HostRecap> hosts,
            List<Preview.Task> tasks,
            Integer total,
            boolean truncated,
            Instant at) {
        tx.createUpdate("""
            UPDATE preview SET status = :status, reason = :reason, hosts = CAST(:hosts AS jsonb),
                tasks = CAST(:tasks AS jsonb), total = :total, truncated = :truncated, finished_at = :at
            WHERE request_id = :request AND status = 'asked'\
            """)
                .bind("status", status.wire())
                .bind("reason", reason)
                .bind("hosts", WireFormat.writeString(hosts))
                .bind("tasks", WireFormat.writeString(tasks))
                .bind("total", total)
                .bind("truncated", truncated)
                .bind("at", at)
                .bind("request", preview.requestId())
                .execute();
    }

    private static Preview preview(ResultSet row) throws SQLException {
        Timestamp finished = row.getTimestamp("finished_at");
        int total = row.getInt("total");
        Integer known = row.wasNull() ? null : total;
        return new Preview(
                row.getObject("plan_id", UUID.class),
                row.getInt("version"),
                row.getInt("number"),
                row.getObject("step_id", UUID.class),
                row.getObject("request_id", UUID.class),
                Preview.Status.fromWire(row.getString("status")),
                row.getString("reason"),
                JsonColumn.read(row, "hosts", new TypeReference<Map<String, WorkResult.HostRecap>>() {}),
                JsonColumn.read(row, "tasks", new TypeReference<List<Preview.Task>>() {}),
                known,
                row.getBoolean("truncated"),
                row.getString("asked_by"),
                row.getTimestamp("asked_at").toInstant(),
                finished == null ? null : finished.toInstant());
    }
}
