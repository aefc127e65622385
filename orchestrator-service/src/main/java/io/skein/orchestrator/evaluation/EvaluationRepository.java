package io.skein.orchestrator.evaluation;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.orchestrator.plan.StepScores;
import io.skein.orchestrator.plan.StepScores.Dimension;
import io.skein.orchestrator.plan.StepScores.Score;
import io.skein.orchestrator.task.Task;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code evaluation}. */
@ApplicationScoped
class EvaluationRepository {

    void insert(Handle tx, Task task, Evaluation evaluation) {
        tx.createUpdate("""
                        INSERT INTO evaluation (id, task_id, plan_id, own_id, evaluator, evaluated_by, scores, comment, created_at)
                        VALUES (:id, :task, :plan, :own, :evaluator, :by, :scores, :comment, :at)""")
                .bind("id", evaluation.id())
                .bind("task", task.id())
                .bind("plan", task.planId())
                .bind("own", task.isOwn() ? task.id() : null)
                .bind("evaluator", evaluation.evaluator())
                .bind("by", evaluation.by())
                .bind("scores", JsonColumn.jsonb(evaluation.scores()))
                .bind("comment", evaluation.comment())
                .bind("at", evaluation.createdAt())
                .execute();
    }

    Optional<Evaluation> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT * FROM evaluation WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> evaluation(row))
                .findOne();
    }

    List<Evaluation> of(Handle handle, UUID taskId, UUID after, int limit) {
        return handle.createQuery("""
                        SELECT * FROM evaluation WHERE task_id = :task AND (CAST(:after AS uuid) IS NULL OR id > :after)
                        ORDER BY id LIMIT :limit""")
                .bind("task", taskId)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> evaluation(row))
                .list();
    }

    private static Evaluation evaluation(ResultSet row) throws SQLException {
        Map<String, Score> stored = JsonColumn.read(row, "scores", new TypeReference<Map<String, Score>>() {});
        Map<Dimension, Score> scores = new EnumMap<>(Dimension.class);
        stored.forEach((name, score) -> Dimension.fromWire(name).ifPresent(dimension -> scores.put(dimension, score)));
        return new Evaluation(
                row.getObject("id", UUID.class),
                row.getObject("task_id", UUID.class),
                row.getString("evaluator"),
                row.getString("evaluated_by"),
                StepScores.overall(scores.values()),
                scores,
                row.getString("comment"),
                row.getTimestamp("created_at").toInstant());
    }
}
