package io.skein.audit.record;

import io.skein.audit.entry.Entry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Records in PostgreSQL. */
@ApplicationScoped
public class RecordRepository {

    /** Held by the one process that may write the git repository, until its transaction ends. */
    private static final long WRITER_LOCK = 0x534b_4149_4e47_4954L;

    private static final String SELECT =
            "SELECT task_id, plan_id, kind, status, team, owner, trace_id, entry_seq, content, commit_id,"
                    + " chain_head, committed_at FROM record ";

    /** To be committed; call it in the transaction that appended the entry. A later record of the same task replaces an earlier. */
    public void add(Handle tx, Entry entry, FinishedTask task) {
        tx.createUpdate("""
                        INSERT INTO record (task_id, plan_id, kind, status, team, owner, trace_id, entry_seq, path, content, state,
                                            created_at)
                        VALUES (:task, CAST(:plan AS uuid), :kind, :status, :team, :owner, :trace, :seq, :path, :content, 'pending', :now)
                        ON CONFLICT (task_id) DO UPDATE SET plan_id = excluded.plan_id, kind = excluded.kind,
                          status = excluded.status, team = excluded.team, owner = excluded.owner, trace_id = excluded.trace_id,
                          entry_seq = excluded.entry_seq, content = excluded.content, state = 'pending',
                          commit_id = NULL, chain_head = NULL, committed_at = NULL, created_at = excluded.created_at""")
                .bind("task", task.taskId())
                .bindByType("plan", entry.planId(), UUID.class)
                .bind("kind", task.kind().name().toLowerCase(Locale.ROOT))
                .bind("status", entry.status())
                .bind("team", entry.team())
                .bind("owner", entry.owner())
                .bind("trace", entry.traceId())
                .bind("seq", entry.seq())
                .bind("path", TaskRecord.path(task.taskId()))
                .bind("content", RecordDocument.of(entry, task))
                .bind("now", entry.recordedAt().atOffset(ZoneOffset.UTC))
                .execute();
    }

    /** True for one process at a time, until its transaction ends. */
    boolean becomeWriter(Handle tx) {
        return tx.createQuery("SELECT pg_try_advisory_xact_lock(:lock)")
                .bind("lock", WRITER_LOCK)
                .mapTo(Boolean.class)
                .one();
    }

    /** Records to commit, in the order of their entries; nobody changes them until the transaction ends. */
    List<TaskRecord> pending(Handle tx, int limit) {
        return tx.createQuery(SELECT + "WHERE state = 'pending' ORDER BY entry_seq LIMIT :limit FOR UPDATE")
                .bind("limit", limit)
                .map((row, ctx) -> record(row))
                .list();
    }

    void committed(Handle tx, UUID taskId, String commit, String chainHead, Instant now) {
        tx.createUpdate("UPDATE record SET state = 'committed', commit_id = :commit, chain_head = :head,"
                        + " committed_at = :now WHERE task_id = :task")
                .bind("task", taskId)
                .bind("commit", commit)
                .bind("head", chainHead)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    Optional<TaskRecord> find(Handle handle, UUID taskId) {
        return handle.createQuery(SELECT + "WHERE task_id = :task")
                .bind("task", taskId)
                .map((row, ctx) -> record(row))
                .findOne();
    }

    long countPending(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM record WHERE state = 'pending'")
                .mapTo(Long.class)
                .one();
    }

    private static TaskRecord record(ResultSet row) throws SQLException {
        OffsetDateTime committedAt = row.getObject("committed_at", OffsetDateTime.class);
        return new TaskRecord(
                row.getObject("task_id", UUID.class),
                row.getObject("plan_id", UUID.class),
                TaskRecord.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("status"),
                row.getString("team"),
                row.getString("owner"),
                row.getString("trace_id"),
                row.getLong("entry_seq"),
                row.getString("content"),
                row.getString("commit_id"),
                row.getString("chain_head"),
                committedAt == null ? null : committedAt.toInstant());
    }
}
