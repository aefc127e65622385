package io.skein.orchestrator.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What happened to a task, oldest first: entries of {@code task_event}, of a plan's task those of the plan's stream. */
@ApplicationScoped
class ActivityRepository {

    /**
     * One entry.
     *
     * @param seq grows with each; of a plan's task the place in the plan's stream
     * @param kind task (it moved), step (a part of it moved) or activity (something was done about it)
     * @param what the new state, or what was done
     * @param stepNumber which step it is about, or null
     * @param actor who did it; null in entries older than this log
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Activity(
            long seq, Instant at, String kind, String what, String text, Integer stepNumber, String actor) {}

    List<Activity> of(Handle handle, Task task, long after, int limit) {
        String select = task.isOwn() ? """
                  SELECT seq, at, kind, status, reason, CAST(NULL AS int) AS step_number, actor FROM task_event
                  WHERE task_id = :id AND seq > :after ORDER BY seq LIMIT :limit""" : task.kind() == Task.Kind.PLAN ? """
                  SELECT seq, at, kind, status, reason, step_number, actor FROM plan_event
                  WHERE plan_id = :id AND kind <> 'task' AND seq > :after ORDER BY seq LIMIT :limit""" : """
                  SELECT e.seq, e.at, e.kind, e.status, e.reason, e.step_number, e.actor
                  FROM plan_event e JOIN step s ON s.id = e.step_id AND s.plan_id = e.plan_id
                  WHERE s.id = :id AND e.kind <> 'task' AND e.seq > :after ORDER BY e.seq LIMIT :limit""";
        return handle.createQuery(select)
                .bind("id", task.id())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> activity(row))
                .list();
    }

    private static Activity activity(ResultSet row) throws SQLException {
        int number = row.getInt("step_number");
        Integer step = row.wasNull() ? null : number;
        String kind = row.getString("kind");
        return new Activity(
                row.getLong("seq"),
                row.getTimestamp("at").toInstant(),
                kind.equals("plan") ? "task" : kind,
                row.getString("status"),
                row.getString("reason"),
                step,
                row.getString("actor"));
    }
}
