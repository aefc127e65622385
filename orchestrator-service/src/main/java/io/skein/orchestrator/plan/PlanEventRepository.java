package io.skein.orchestrator.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code plan_event}, and the hint to whoever streams them. */
@ApplicationScoped
public class PlanEventRepository {

    @Inject
    PlanSignals signals;

    /**
     * What is to be added to the stream; see {@link PlanEvent}.
     *
     * @param step what it is about, or null for the plan
     * @param workSequence the number the agent gave it, for a task
     * @param actor who made it, for the activity log; null for a task
     */
    record Entry(String kind, Step step, Long workSequence, String status, String reason, JsonNode task, String actor) {

        static Entry ofPlan(PlanStatus status, String reason, String actor) {
            return new Entry("plan", null, null, status.wire(), reason, null, actor);
        }

        static Entry ofStep(Step step, StepStatus status, String reason, String actor) {
            return new Entry("step", step, null, status.wire(), reason, null, actor);
        }

        static Entry ofTask(Step step, long sequence, JsonNode task) {
            return new Entry("task", step, sequence, null, null, task, null);
        }

        static Entry ofActivity(Step stepOrNull, String what, String text, String actor) {
            return new Entry("activity", stepOrNull, null, what, text, null, actor);
        }
    }

    void append(Handle tx, UUID planId, Instant at, Entry entry) {
        Step step = entry.step();
        // The counter's row lock makes the order of seq the order of commits: a reader never skips a late one.
        tx.createUpdate("""
                        WITH next AS (UPDATE plan SET last_seq = last_seq + 1 WHERE id = :plan RETURNING last_seq)
                        INSERT INTO plan_event (plan_id, seq, at, kind, step_id, step_number, work_sequence, status, reason, task,
                            actor)
                        SELECT :plan, last_seq, :at, :kind, :step, :number, :sequence, :status, :reason, CAST(:task AS jsonb),
                            :actor
                        FROM next""")
                .bind("plan", planId)
                .bind("at", at)
                .bind("kind", entry.kind())
                .bindByType("step", step == null ? null : step.id(), UUID.class)
                .bindByType("number", step == null ? null : step.number(), Integer.class)
                .bindByType("sequence", entry.workSequence(), Long.class)
                .bind("status", entry.status())
                .bind("reason", entry.reason())
                .bind("task", entry.task() == null ? null : WireFormat.writeString(entry.task()))
                .bind("actor", entry.actor())
                .execute();
        if (tx.isInTransaction()) {
            tx.afterCommit(() -> signals.changed(planId));
        } else {
            signals.changed(planId);
        }
    }

    boolean hasWork(Handle handle, UUID stepId, long sequence) {
        return handle.createQuery("SELECT 1 FROM plan_event WHERE step_id = :step AND work_sequence = :sequence")
                .bind("step", stepId)
                .bind("sequence", sequence)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    public List<PlanEvent> after(Handle handle, UUID planId, long seq, int limit) {
        return handle.createQuery(
                        "SELECT * FROM plan_event WHERE plan_id = :plan AND seq > :seq ORDER BY seq LIMIT :limit")
                .bind("plan", planId)
                .bind("seq", seq)
                .bind("limit", limit)
                .map((row, context) -> event(row))
                .list();
    }

    public List<PlanEvent> ofStep(Handle handle, UUID planId, UUID stepId, long seq, int limit) {
        return handle.createQuery("""
                        SELECT * FROM plan_event WHERE plan_id = :plan AND step_id = :step AND seq > :seq
                        ORDER BY seq LIMIT :limit""")
                .bind("plan", planId)
                .bind("step", stepId)
                .bind("seq", seq)
                .bind("limit", limit)
                .map((row, context) -> event(row))
                .list();
    }

    /** The last Ansible tasks of a step that failed and were not to be ignored, in order. */
    public List<JsonNode> failedTasks(Handle handle, UUID stepId, int limit) {
        return handle.createQuery("""
                        SELECT task FROM (SELECT seq, task FROM plan_event WHERE step_id = :step AND kind = 'task'
                            AND task ->> 'outcome' IN ('failed', 'unreachable') AND NOT (task ->> 'ignored')::boolean
                            ORDER BY seq DESC LIMIT :limit) t
                        ORDER BY seq""")
                .bind("step", stepId)
                .bind("limit", limit)
                .map((row, context) -> JsonColumn.read(row, "task", JsonNode.class))
                .list();
    }

    /** Whether nothing can follow after this place: the plan has ended, and its last event is not later. */
    public boolean ended(Handle handle, UUID planId, long seq) {
        return handle.createQuery("""
                        SELECT 1 FROM plan WHERE id = :id AND last_seq <= :seq
                          AND status IN ('completed', 'failed', 'interrupted', 'cancelled', 'rejected')""")
                .bind("id", planId)
                .bind("seq", seq)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static PlanEvent event(ResultSet row) throws SQLException {
        int number = row.getInt("step_number");
        Integer stepNumber = row.wasNull() ? null : number;
        return new PlanEvent(
                row.getLong("seq"),
                PlanRepository.instant(row, "at"),
                row.getString("kind"),
                row.getObject("plan_id", UUID.class),
                stepNumber,
                row.getString("status"),
                row.getString("reason"),
                JsonColumn.read(row, "task", JsonNode.class));
    }
}
