package io.skein.orchestrator.correction;

import io.skein.orchestrator.task.Task;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code correction}. */
@ApplicationScoped
class CorrectionRepository {

    private static final String SELECT = """
            SELECT c.*, CASE WHEN c.escalated THEN 'escalated' WHEN c.next_plan_id IS NULL THEN 'sent_back' ELSE p.status END AS shown
            FROM correction c LEFT JOIN plan p ON p.id = c.next_plan_id\s""";

    void insert(Handle tx, Task task, Correction correction) {
        tx.createUpdate("""
                        INSERT INTO correction (id, root_id, task_id, plan_id, own_id, round, guidance, escalated, checkpoint_id,
                            next_plan_id, playbook, created_by, created_at)
                        VALUES (:id, :root, :task, :plan, :own, :round, :guidance, :escalated, :checkpoint, :next, :playbook, :by,
                            :at)""")
                .bind("id", correction.id())
                .bind("root", correction.rootId())
                .bind("task", task.id())
                .bind("plan", task.planId())
                .bind("own", task.isOwn() ? task.id() : null)
                .bind("round", correction.round())
                .bind("guidance", correction.guidance())
                .bind("escalated", correction.isEscalation())
                .bind("checkpoint", correction.checkpointId())
                .bind("next", correction.nextPlanId())
                .bind("playbook", correction.playbook())
                .bind("by", correction.createdBy())
                .bind("at", correction.createdAt())
                .execute();
    }

    Optional<Correction> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + "WHERE c.id = :id")
                .bind("id", id)
                .map((row, context) -> correction(row))
                .findOne();
    }

    /** The correction a plan runs a playbook again for. */
    Optional<Correction> thatMade(Handle handle, UUID planId, String playbook) {
        return handle.createQuery(SELECT + "WHERE c.next_plan_id = :plan AND c.playbook = :playbook")
                .bind("plan", planId)
                .bind("playbook", playbook)
                .map((row, context) -> correction(row))
                .findOne();
    }

    /** All of a chain, oldest first. */
    List<Correction> chain(Handle handle, UUID rootId) {
        return handle.createQuery(SELECT + "WHERE c.root_id = :root ORDER BY c.id")
                .bind("root", rootId)
                .map((row, context) -> correction(row))
                .list();
    }

    /** One at a time along a chain, until the transaction ends. */
    void queueUp(Handle tx, UUID rootId) {
        tx.createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:key, 21))")
                .bind("key", rootId.toString())
                .mapTo(String.class)
                .findOne();
    }

    /** Those of a task's whole chain; of a plan's task those of all its steps. */
    List<Correction> of(Handle handle, Task task, UUID rootId, UUID after, int limit) {
        return handle.createQuery(
                        SELECT + "WHERE " + (task.kind() == Task.Kind.PLAN ? "c.plan_id = :id" : "c.root_id = :id")
                                + " AND (CAST(:after AS uuid) IS NULL OR c.id > :after) ORDER BY c.id LIMIT :limit")
                .bind("id", task.kind() == Task.Kind.PLAN ? task.id() : rootId)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> correction(row))
                .list();
    }

    private static Correction correction(ResultSet row) throws SQLException {
        return new Correction(
                row.getObject("id", UUID.class),
                row.getObject("task_id", UUID.class),
                row.getObject("root_id", UUID.class),
                row.getInt("round"),
                row.getString("guidance"),
                row.getString("shown"),
                row.getObject("checkpoint_id", UUID.class),
                row.getObject("next_plan_id", UUID.class),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("playbook"));
    }
}
