package io.skein.orchestrator.checkpoint;

import io.skein.orchestrator.task.Task;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code checkpoint}. Whoever writes one holds the lock on its plan's or task's row. */
@ApplicationScoped
class CheckpointRepository {

    private static final String SELECT = """
            SELECT c.*, CASE WHEN c.kind = 'before_step' AND c.status IN ('set', 'reached') AND p.finished_at IS NOT NULL
                THEN 'lapsed' ELSE c.status END AS shown
            FROM checkpoint c LEFT JOIN plan p ON p.id = c.plan_id\s""";

    void insert(Handle tx, Checkpoint checkpoint) {
        tx.createUpdate("""
                        INSERT INTO checkpoint (id, kind, task_id, plan_id, own_id, step_id, step_number, playbook, clause, question,
                            status, created_by, created_at, reached_at)
                        VALUES (:id, :kind, :task, :plan, :own, :step, :number, :playbook, :clause, :question, :status, :by, :at,
                            :reached)""")
                .bind("id", checkpoint.id())
                .bind("kind", checkpoint.kind().wire())
                .bind("task", checkpoint.taskId())
                .bind("plan", checkpoint.planId())
                .bind("own", checkpoint.planId() == null ? checkpoint.taskId() : null)
                .bind("step", checkpoint.stepId())
                .bindByType("number", checkpoint.stepNumber(), Integer.class)
                .bind("playbook", checkpoint.playbook())
                .bind("clause", checkpoint.clause())
                .bind("question", checkpoint.question())
                .bind("status", checkpoint.status())
                .bind("by", checkpoint.createdBy())
                .bind("at", checkpoint.createdAt())
                .bind("reached", checkpoint.reachedAt())
                .execute();
    }

    Optional<Checkpoint> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "WHERE c.id = :id")
                .bind("id", id)
                .map((row, context) -> checkpoint(row))
                .findOne();
    }

    /** Those that are before a step of the plan and not decided. */
    List<Checkpoint> open(Handle tx, UUID planId) {
        return tx.createQuery(
                        SELECT
                                + "WHERE c.plan_id = :plan AND c.kind = 'before_step' AND c.status IN ('set', 'reached') ORDER BY c.id")
                .bind("plan", planId)
                .map((row, context) -> checkpoint(row))
                .list();
    }

    /** Those of a task; of a plan's task those of its steps, too. */
    List<Checkpoint> of(Handle handle, Task task, UUID after, int limit) {
        String where =
                switch (task.kind()) {
                    case PLAN -> "c.plan_id = :id";
                    case STEP -> "(c.task_id = :id OR c.step_id = :id)";
                    case OWN -> "c.task_id = :id";
                };
        return handle.createQuery(SELECT + "WHERE " + where
                        + " AND (CAST(:after AS uuid) IS NULL OR c.id > :after) ORDER BY c.id LIMIT :limit")
                .bind("id", task.id())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> checkpoint(row))
                .list();
    }

    void reached(Handle tx, UUID id, Instant at) {
        tx.execute("UPDATE checkpoint SET status = 'reached', reached_at = ? WHERE id = ?", at, id);
    }

    void decided(Handle tx, UUID id, String status, String by, Instant at, String note) {
        tx.execute(
                "UPDATE checkpoint SET status = ?, decided_by = ?, decided_at = ?, note = ? WHERE id = ?",
                status,
                by,
                at,
                note,
                id);
    }

    private static Checkpoint checkpoint(ResultSet row) throws SQLException {
        int number = row.getInt("step_number");
        Integer step = row.wasNull() ? null : number;
        return new Checkpoint(
                row.getObject("id", UUID.class),
                Checkpoint.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getObject("task_id", UUID.class),
                row.getObject("plan_id", UUID.class),
                step,
                row.getString("question"),
                row.getString("shown"),
                row.getString("created_by"),
                instant(row, "created_at"),
                instant(row, "reached_at"),
                row.getString("decided_by"),
                instant(row, "decided_at"),
                row.getString("note"),
                row.getObject("step_id", UUID.class),
                row.getString("playbook"),
                row.getString("clause"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
