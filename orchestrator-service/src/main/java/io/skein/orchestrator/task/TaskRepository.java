package io.skein.orchestrator.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Rows of {@code task_view} to read, of {@code task} and {@code plan_note} to write. */
@ApplicationScoped
public class TaskRepository {

    private static final String SELECT = """
            SELECT v.*,
              CASE v.kind WHEN 'own' THEN (SELECT count(*) FROM task c WHERE c.parent_id = v.id)
                WHEN 'plan' THEN (SELECT count(*) FROM step s JOIN plan p ON p.id = s.plan_id AND p.version = s.version
                  WHERE s.plan_id = v.id)
                ELSE 0 END AS parts,
              CASE v.kind WHEN 'own' THEN (SELECT count(*) FROM task c WHERE c.parent_id = v.id AND c.status = 'completed')
                WHEN 'plan' THEN (SELECT count(*) FROM step s JOIN plan p ON p.id = s.plan_id AND p.version = s.version
                  WHERE s.plan_id = v.id AND s.status = 'completed')
                ELSE 0 END AS parts_completed,
              coalesce(
                (SELECT c.id FROM checkpoint c WHERE c.task_id = v.id AND c.status = 'reached'
                   AND (c.kind <> 'before_step' OR v.finished_at IS NULL) ORDER BY c.id LIMIT 1),
                (SELECT c.id FROM checkpoint c WHERE v.kind = 'step' AND c.plan_id = v.plan_id AND c.step_id = v.id
                   AND c.status = 'reached' AND v.finished_at IS NULL ORDER BY c.id LIMIT 1),
                (SELECT c.id FROM checkpoint c WHERE v.kind = 'plan' AND c.plan_id = v.id AND c.status = 'reached'
                   AND (c.kind <> 'before_step' OR v.finished_at IS NULL) ORDER BY c.id LIMIT 1)) AS at_checkpoint
            FROM task_view v""";

    /** A task, whoever asks. */
    public Optional<Task> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + " WHERE v.id = :id")
                .bind("id", id)
                .map((row, context) -> task(row))
                .findOne();
    }

    /** A task of its own kind, with its row locked until the transaction ends. */
    public Optional<Task> lockOwn(Handle tx, UUID id) {
        return tx.createQuery("SELECT id FROM task WHERE id = :id FOR UPDATE")
                .bind("id", id)
                .mapTo(UUID.class)
                .findOne()
                .flatMap(found -> find(tx, found));
    }

    List<Task> list(Handle handle, Visibility visibility, TaskQuery query) {
        List<String> where = new ArrayList<>();
        where.add("(CAST(:team AS text) IS NULL OR v.team = :team)");
        where.add("(CAST(:owner AS text) IS NULL OR v.owner = :owner)");
        where.add(query.parentId() == null ? "v.parent_id IS NULL" : "v.parent_id = :parent");
        if (!query.status().isEmpty()) {
            where.add("v.status = ANY(:status)");
        }
        if (!query.priority().isEmpty()) {
            where.add("v.priority = ANY(:priority)");
        }
        if (query.kind() != null) {
            where.add("v.kind = :kind");
        }
        if (query.agent() != null) {
            where.add(
                    "(v.agent = :agent OR v.kind = 'plan' AND EXISTS (SELECT 1 FROM step s JOIN plan p ON p.id = s.plan_id"
                            + " AND p.version = s.version WHERE s.plan_id = v.id AND s.agent = :agent))");
        }
        if (query.planId() != null) {
            where.add("v.plan_id = :plan");
        }
        if (query.sessionId() != null) {
            where.add("v.session_id = :session");
        }
        if (query.words() != null) {
            where.add("v.search @@ websearch_to_tsquery('english', :words)");
        }
        if (query.atCheckpoint()) {
            where.add("v.id IN (SELECT CASE WHEN c.plan_id IS NULL THEN c.task_id ELSE c.plan_id END FROM checkpoint c"
                    + " WHERE c.status = 'reached' AND (c.kind <> 'before_step' OR v.finished_at IS NULL))");
        }
        TaskQuery.Sort sort = query.sort();
        String direction = query.descending() ? "DESC" : "ASC";
        if (query.after() != null) {
            where.add("(" + sort.key + ", v.id) " + (query.descending() ? "<" : ">") + " (CAST(:at AS " + sort.type
                    + "), :after)");
        }
        Query select = handle.createQuery(SELECT + " WHERE " + String.join(" AND ", where) + " ORDER BY " + sort.key
                        + " " + direction + ", v.id " + direction + " LIMIT :limit")
                .bind("team", visibility.team())
                .bind("owner", visibility.person())
                .bind("limit", query.size() + 1);
        bind(select, query);
        return select.map((row, context) -> task(row)).list();
    }

    private static void bind(Query select, TaskQuery query) {
        if (query.parentId() != null) {
            select.bind("parent", query.parentId());
        }
        if (!query.status().isEmpty()) {
            select.bindArray(
                    "status",
                    String.class,
                    query.status().stream().map(TaskStatus::wire).toArray());
        }
        if (!query.priority().isEmpty()) {
            select.bindArray(
                    "priority",
                    String.class,
                    query.priority().stream().map(TaskPriority::wire).toArray());
        }
        if (query.kind() != null) {
            select.bind("kind", query.kind());
        }
        if (query.agent() != null) {
            select.bind("agent", query.agent());
        }
        if (query.planId() != null) {
            select.bind("plan", query.planId());
        }
        if (query.sessionId() != null) {
            select.bind("session", query.sessionId());
        }
        if (query.words() != null) {
            select.bind("words", query.words());
        }
        if (query.after() != null) {
            select.bind("at", query.after().value()).bind("after", query.after().id());
        }
    }

    /** The parts of a task, of a plan in the order of its steps, else in the order they were made. */
    List<Task> parts(Handle handle, Task parent, UUID after, int limit) {
        boolean steps = parent.kind() == Task.Kind.PLAN;
        String order = steps ? "v.number" : "v.id";
        return handle.createQuery(
                        SELECT + " WHERE v.parent_id = :parent AND v.kind = :kind AND (CAST(:after AS uuid) IS NULL OR "
                                + (steps ? "v.number > (SELECT number FROM step WHERE id = :after)" : "v.id > :after")
                                + ") ORDER BY " + order + " LIMIT :limit")
                .bind("parent", parent.id())
                .bind("kind", steps ? "step" : "own")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> task(row))
                .list();
    }

    void insert(Handle tx, Task task) {
        tx.createUpdate("""
                        INSERT INTO task (id, team, owner, parent_id, session_id, title, description, status, priority, agent,
                            metadata, created_by, created_at, updated_at)
                        VALUES (:id, :team, :owner, :parent, :session, :title, :description, :status, :priority, :agent,
                            :metadata, :by, :at, :at)""")
                .bind("id", task.id())
                .bind("team", task.team())
                .bind("owner", task.owner())
                .bind("parent", task.parentId())
                .bind("session", task.sessionId())
                .bind("title", task.title())
                .bind("description", task.description())
                .bind("status", task.status().wire())
                .bind("priority", task.priority().wire())
                .bind("agent", task.agent())
                .bind("metadata", JsonColumn.jsonb(task.metadata()))
                .bind("by", task.createdBy())
                .bind("at", task.createdAt())
                .execute();
    }

    void update(Handle tx, Task task, Instant at) {
        tx.createUpdate("""
                        UPDATE task SET title = :title, description = :description, priority = :priority, agent = :agent,
                            metadata = :metadata, updated_at = :at, revision = revision + 1
                        WHERE id = :id""")
                .bind("id", task.id())
                .bind("title", task.title())
                .bind("description", task.description())
                .bind("priority", task.priority().wire())
                .bind("agent", task.agent())
                .bind("metadata", JsonColumn.jsonb(task.metadata()))
                .bind("at", at)
                .execute();
    }

    /** What is said about a plan's task besides what the plan says. */
    void note(Handle tx, Task task, Instant at) {
        tx.createUpdate("""
                        UPDATE plan_note n SET description = :description, metadata = :metadata, updated_at = :at,
                            revision = revision + 1, search = plan_words(p.text, :description)
                        FROM plan p WHERE p.id = n.plan_id AND n.plan_id = :id""")
                .bind("id", task.id())
                .bind("description", task.description())
                .bind("metadata", JsonColumn.jsonb(task.metadata()))
                .bind("at", at)
                .execute();
    }

    void status(Handle tx, UUID id, TaskStatus status, String reason, Instant at) {
        tx.createUpdate("""
                        UPDATE task SET status = :status, status_reason = :reason, updated_at = :at, revision = revision + 1,
                            started_at = CASE WHEN :status = 'in_progress' THEN CAST(:at AS timestamptz)
                              WHEN :status = 'pending' THEN NULL ELSE started_at END,
                            finished_at = CASE WHEN :over THEN CAST(:at AS timestamptz) END
                        WHERE id = :id""")
                .bind("id", id)
                .bind("status", status.wire())
                .bind("reason", reason)
                .bind("over", status.isOver())
                .bind("at", at)
                .execute();
    }

    void delete(Handle tx, UUID id) {
        tx.execute("DELETE FROM task WHERE id = ?", id);
    }

    private static Task task(ResultSet row) throws SQLException {
        int number = row.getInt("number");
        Integer shown = row.wasNull() ? null : number;
        return new Task(
                row.getObject("id", UUID.class),
                Task.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("team"),
                row.getString("owner"),
                row.getObject("parent_id", UUID.class),
                row.getObject("session_id", UUID.class),
                row.getObject("plan_id", UUID.class),
                shown,
                row.getString("title"),
                row.getString("description"),
                TaskStatus.fromWire(row.getString("status")).orElseThrow(),
                row.getString("status_reason"),
                TaskPriority.fromWire(row.getString("priority")).orElseThrow(),
                row.getString("agent"),
                JsonColumn.read(row, "metadata", JsonNode.class),
                row.getString("created_by"),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getLong("revision"),
                row.getInt("parts"),
                row.getInt("parts_completed"),
                row.getObject("at_checkpoint", UUID.class));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
