package io.skein.runtime.task;

import static io.skein.platform.persistence.JsonColumn.jsonb;
import static io.skein.runtime.task.TaskRepository.instant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.platform.persistence.JsonColumn;
import io.skein.runtime.skill.SkillOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code task_step}. */
@ApplicationScoped
class StepRepository {

    /** In order. */
    List<TaskStep> ofTask(Handle handle, UUID task) {
        return handle.createQuery("SELECT * FROM task_step WHERE task_id = :task ORDER BY number")
                .bind("task", task)
                .map((row, context) -> step(row))
                .list();
    }

    /** A step that is about to be run, or to be asked for. */
    void insert(
            Handle tx,
            UUID task,
            int number,
            String skill,
            String as,
            ObjectNode input,
            String note,
            TaskStep.Status status,
            BigDecimal costUsd,
            Instant now) {
        tx.createUpdate("""
                        INSERT INTO task_step (task_id, number, skill, label, input, note, status, cost_usd, created_at, started_at)
                        VALUES (:task, :number, :skill, :as, :input, :note, :status, :cost, :now,
                          CASE WHEN :status = 'running' THEN CAST(:now AS timestamptz) END)""")
                .bind("task", task)
                .bind("number", number)
                .bind("skill", skill)
                .bind("as", as)
                .bind("input", jsonb(input))
                .bind("note", note)
                .bind("status", status.wire())
                .bind("cost", costUsd)
                .bind("now", now)
                .execute();
    }

    /** Also the next attempt. */
    void running(Handle tx, UUID task, int number, int attempt, Instant now) {
        tx.createUpdate("""
                        UPDATE task_step SET status = 'running', tried = false, attempt = :attempt, started_at = coalesce(started_at, :now)
                        WHERE task_id = :task AND number = :number""")
                .bind("attempt", attempt)
                .bind("now", now)
                .bind("task", task)
                .bind("number", number)
                .execute();
    }

    /** It is about to be run, and must not be a second time. */
    void tried(Handle tx, UUID task, int number) {
        tx.createUpdate("UPDATE task_step SET tried = true WHERE task_id = :task AND number = :number")
                .bind("task", task)
                .bind("number", number)
                .execute();
    }

    void waiting(Handle tx, UUID task, int number, SkillOutcome.Waiting on) {
        tx.createUpdate("""
                        UPDATE task_step SET status = 'waiting', waiting_on = :on, reference = :reference, plan_id = :plan
                        WHERE task_id = :task AND number = :number""")
                .bind("on", on.on())
                .bind("reference", on.reference())
                .bind("plan", on.planId())
                .bind("task", task)
                .bind("number", number)
                .execute();
    }

    void done(Handle tx, UUID task, int number, SkillOutcome.Done done, boolean takes, Instant now) {
        tx.createUpdate("""
                        UPDATE task_step SET status = 'done', output = :output, cost_usd = cost_usd + :cost, kept = :kept,
                          kept_at = CASE WHEN :kept THEN clock_timestamp() END, code = NULL, message = NULL, finished_at = :now
                        WHERE task_id = :task AND number = :number""")
                .bind("output", jsonb(done.output()))
                .bind("cost", done.costUsd())
                .bind("kept", takes)
                .bind("now", now)
                .bind("task", task)
                .bind("number", number)
                .execute();
    }

    /** @param status failed, or retry */
    void failed(Handle tx, UUID task, int number, TaskStep.Status status, String code, String message, Instant now) {
        tx.createUpdate("""
                        UPDATE task_step SET status = :status, code = :code, message = :message,
                          finished_at = CASE WHEN :status = 'failed' THEN CAST(:now AS timestamptz) END
                        WHERE task_id = :task AND number = :number""")
                .bind("status", status.wire())
                .bind("code", code)
                .bind("message", message)
                .bind("now", now)
                .bind("task", task)
                .bind("number", number)
                .execute();
    }

    /** A person's answer to a step that asks; false when it does not, or not any more. */
    boolean answered(Handle tx, UUID task, int number, TaskStep.Status status, String by, String message, Instant now) {
        return tx.createUpdate("""
                        UPDATE task_step SET status = :status, released_by = :by, message = :message,
                          code = CASE WHEN :status = 'failed' THEN 'refused' END,
                          started_at = CASE WHEN :status = 'running' THEN CAST(:now AS timestamptz) END,
                          finished_at = CASE WHEN :status = 'failed' THEN CAST(:now AS timestamptz) END
                        WHERE task_id = :task AND number = :number AND status = 'asking'""")
                        .bind("number", number)
                        .bind("status", status.wire())
                        .bind("by", by)
                        .bind("message", message)
                        .bind("now", now)
                        .bind("task", task)
                        .execute()
                == 1;
    }

    /** A step that took something, of a task of an instance. */
    record Taken(UUID task, UUID instance, int number) {}

    /** Steps of begun tasks that took something nobody kept for a while. */
    List<Taken> toKeep(Handle handle, Collection<UUID> instances, Duration age) {
        return handle.createQuery("""
                        SELECT s.task_id, t.instance_id, s.number FROM task_step s JOIN task t ON t.id = s.task_id
                        WHERE s.kept AND t.instance_id = ANY(:instances) AND t.status IN ('running', 'waiting')
                          AND s.kept_at < clock_timestamp() - make_interval(secs => :age) LIMIT 200""")
                .bindArray("instances", UUID.class, instances)
                .bind("age", age.toMillis() / 1000.0)
                .map((row, context) -> new Taken(
                        row.getObject("task_id", UUID.class),
                        row.getObject("instance_id", UUID.class),
                        row.getInt("number")))
                .list();
    }

    void kept(Handle tx, UUID task, int number, boolean still) {
        tx.createUpdate("""
                        UPDATE task_step SET kept = :still, kept_at = clock_timestamp() WHERE task_id = :task AND number = :number""")
                .bind("still", still)
                .bind("task", task)
                .bind("number", number)
                .execute();
    }

    private static TaskStep step(ResultSet row) throws SQLException {
        return new TaskStep(
                row.getInt("number"),
                row.getString("skill"),
                row.getString("label"),
                (ObjectNode) JsonColumn.read(row, "input", JsonNode.class),
                row.getString("note"),
                TaskStep.Status.fromWire(row.getString("status")),
                row.getInt("attempt"),
                row.getString("waiting_on"),
                row.getString("reference"),
                row.getObject("plan_id", UUID.class),
                JsonColumn.read(row, "output", JsonNode.class),
                row.getString("code"),
                row.getString("message"),
                row.getString("released_by"),
                row.getBoolean("kept"),
                row.getBoolean("tried"),
                row.getBigDecimal("cost_usd"),
                instant(row, "created_at"),
                instant(row, "started_at"),
                instant(row, "finished_at"));
    }
}
