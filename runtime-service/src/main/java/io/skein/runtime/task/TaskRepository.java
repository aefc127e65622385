package io.skein.runtime.task;

import static io.skein.platform.persistence.JsonColumn.jsonb;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.Ids;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.JsonColumn;
import io.skein.runtime.instance.InstanceRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code task}. What is due is decided by the database's clock. */
@ApplicationScoped
class TaskRepository {

    /** The id of the new task; empty when there is one for the same event or key already. */
    Optional<UUID> insert(Handle tx, InstanceRepository.Worker worker, NewTask task, Instant now) {
        UUID id = Ids.next();
        return tx.createQuery("""
                        INSERT INTO task (id, instance_id, team, agent, version, name, status, event, event_id, given_key, parent_id,
                          depth, rank, hops, owner, asked_by, trace_id, created_at)
                        VALUES (:id, :instance, :team, :agent, :version, :name, 'queued', :event, :eventId, :key, :parent,
                          :depth, :rank, :hops, :owner, :askedBy, :trace, :now)
                        ON CONFLICT DO NOTHING RETURNING id""")
                .bind("id", id)
                .bind("instance", worker.id())
                .bind("team", worker.team())
                .bind("agent", worker.agent())
                .bind("version", worker.version())
                .bind("name", task.name())
                .bind("event", jsonb(task.event()))
                .bind("eventId", task.eventId())
                .bind("key", task.key())
                .bind("parent", task.parentId())
                .bind("depth", task.depth())
                .bind("rank", task.rank())
                .bind("hops", task.hops())
                .bind("owner", task.owner())
                .bind("askedBy", task.askedBy())
                .bind("trace", task.traceId())
                .bind("now", now)
                .mapTo(UUID.class)
                .findOne();
    }

    Optional<Task> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT * FROM task WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> task(row))
                .findOne();
    }

    Optional<Task> lock(Handle tx, UUID id) {
        return tx.createQuery("SELECT * FROM task WHERE id = :id FOR UPDATE")
                .bind("id", id)
                .map((row, context) -> task(row))
                .findOne();
    }

    Optional<Task> ofKey(Handle handle, UUID instance, String key) {
        return handle.createQuery("SELECT * FROM task WHERE instance_id = :instance AND given_key = :key")
                .bind("instance", instance)
                .bind("key", key)
                .map((row, context) -> task(row))
                .findOne();
    }

    /** How urgent it is, 0 the most. */
    int rank(Handle handle, UUID id) {
        return handle.createQuery("SELECT rank FROM task WHERE id = :id")
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
    }

    /** The task another one was given to do by one of its steps. */
    Optional<Task> childOfKey(Handle handle, UUID parent, String key) {
        return handle.createQuery("SELECT * FROM task WHERE parent_id = :parent AND given_key = :key")
                .bind("parent", parent)
                .bind("key", key)
                .map((row, context) -> task(row))
                .findOne();
    }

    /** Everything below a task, the oldest first. */
    List<Task> descendants(Handle handle, UUID id) {
        return handle.createQuery("""
                        WITH RECURSIVE below AS (
                          SELECT * FROM task WHERE parent_id = :id
                          UNION ALL SELECT t.* FROM task t JOIN below b ON t.parent_id = b.id)
                        SELECT * FROM below ORDER BY id LIMIT 500""")
                .bind("id", id)
                .map((row, context) -> task(row))
                .list();
    }

    /** The agents of the tasks above one, its own first. */
    List<String> agentsAbove(Handle handle, UUID id) {
        return handle.createQuery("""
                        WITH RECURSIVE above AS (
                          SELECT id, agent, parent_id, 0 AS far FROM task WHERE id = :id
                          UNION ALL SELECT t.id, t.agent, t.parent_id, a.far + 1 FROM task t JOIN above a ON t.id = a.parent_id)
                        SELECT agent FROM above ORDER BY far""").bind("id", id).mapTo(String.class).list();
    }

    /** A task of an instance, by id. */
    record Due(UUID task, UUID instance) {}

    /** Begun ones whose time has come; of an instance that is not active only those that are to end. */
    List<Due> due(Handle handle, Collection<UUID> instances, Collection<UUID> underWay) {
        return handle.createQuery("""
                        SELECT t.id, t.instance_id FROM task t JOIN instance i ON i.id = t.instance_id
                        WHERE t.instance_id = ANY(:instances) AND t.status IN ('running', 'waiting') AND NOT t.id = ANY(:underWay)
                          AND (i.state = 'active' OR t.cancel_by IS NOT NULL)
                          AND t.due_at <= clock_timestamp()
                        ORDER BY t.rank, t.id LIMIT 500""")
                .bindArray("instances", UUID.class, instances)
                .bindArray("underWay", UUID.class, underWay)
                .map((row, context) ->
                        new Due(row.getObject("id", UUID.class), row.getObject("instance_id", UUID.class)))
                .list();
    }

    /** Active instances with tasks that wait for their turn. */
    List<UUID> withQueued(Handle handle, Collection<UUID> instances) {
        return handle.createQuery("""
                        SELECT i.id FROM instance i WHERE i.id = ANY(:instances) AND i.state = 'active'
                          AND EXISTS (SELECT 1 FROM task t WHERE t.instance_id = i.id AND t.status = 'queued')""")
                .bindArray("instances", UUID.class, instances)
                .mapTo(UUID.class)
                .list();
    }

    /** Stopped instances whose begun tasks have ended, with tasks that wait for a turn that does not come. */
    List<UUID> stoppedWithQueued(Handle handle, Collection<UUID> instances) {
        return handle.createQuery("""
                        SELECT i.id FROM instance i WHERE i.id = ANY(:instances) AND i.state = 'stopped'
                          AND EXISTS (SELECT 1 FROM task t WHERE t.instance_id = i.id AND t.status = 'queued')
                          AND NOT EXISTS (SELECT 1 FROM task t WHERE t.instance_id = i.id AND t.status IN ('running', 'waiting'))""")
                .bindArray("instances", UUID.class, instances)
                .mapTo(UUID.class)
                .list();
    }

    /**
     * Begins the most urgent ones, as many as there is room for.
     *
     * @param most how many an instance may have begun at once
     */
    List<Task> begin(Handle tx, UUID instance, int most, Instant now) {
        return tx.createQuery("""
                        WITH next AS (
                          SELECT id FROM task WHERE instance_id = :instance AND status = 'queued' ORDER BY rank, id
                          LIMIT greatest(0, :most - (SELECT count(*) FROM task
                                         WHERE instance_id = :instance AND status IN ('running', 'waiting')))
                          FOR UPDATE)
                        UPDATE task t SET status = 'running', started_at = :now, due_at = clock_timestamp()
                        FROM next WHERE t.id = next.id RETURNING t.*""")
                .bind("instance", instance)
                .bind("most", most)
                .bind("now", now)
                .map((row, context) -> task(row))
                .list();
    }

    /**
     * What it does now.
     *
     * @param waitingFor null while it does something itself
     * @param dueIn when to look at it again; null: not before something happens
     */
    void becomes(Handle tx, UUID id, TaskStatus status, String waitingFor, UUID planId, Duration dueIn, Instant now) {
        tx.createUpdate("""
                        UPDATE task SET status = :status, waiting_for = :for, waiting_plan = :plan,
                          people_millis = people_millis + CASE WHEN NOT :person AND people_since IS NOT NULL
                            THEN greatest(0, extract(epoch FROM CAST(:now AS timestamptz) - people_since) * 1000) ELSE 0 END,
                          people_since = CASE WHEN :person THEN coalesce(people_since, :now) END,
                          due_at = clock_timestamp() + make_interval(secs => :due)
                        WHERE id = :id""")
                .bind("status", status.wire())
                .bind("for", waitingFor)
                .bind("plan", planId)
                .bind("person", "person".equals(waitingFor))
                .bind("now", now)
                .bind("due", dueIn == null ? null : Double.valueOf(dueIn.toMillis() / 1000.0))
                .bind("id", id)
                .execute();
    }

    void lookAgainIn(Handle tx, UUID id, Duration time) {
        tx.createUpdate("UPDATE task SET due_at = clock_timestamp() + make_interval(secs => :due) WHERE id = :id")
                .bind("due", time.toMillis() / 1000.0)
                .bind("id", id)
                .execute();
    }

    void spend(Handle tx, UUID id, java.math.BigDecimal usd) {
        tx.createUpdate("UPDATE task SET cost_usd = cost_usd + :usd WHERE id = :id")
                .bind("usd", usd)
                .bind("id", id)
                .execute();
    }

    void finish(Handle tx, UUID id, TaskStatus status, String code, String summary, Instant now) {
        becomes(tx, id, status, null, null, null, now);
        tx.createUpdate("UPDATE task SET code = :code, summary = :summary, finished_at = :now WHERE id = :id")
                .bind("code", code)
                .bind("summary", summary)
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    /** False when it has ended, or is to end already. Whoever works for its instance winds it down. */
    boolean cancel(Handle tx, UUID id, String by, String reason, String code, Instant now) {
        return tx.createUpdate("""
                        UPDATE task SET cancel_by = :by, cancel_reason = :reason, cancel_code = :code, cancel_at = :now,
                          due_at = clock_timestamp()
                        WHERE id = :id AND cancel_by IS NULL AND status IN ('running', 'waiting')""")
                        .bind("by", by)
                        .bind("reason", reason)
                        .bind("code", code)
                        .bind("now", now)
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /** Those that were begun. */
    List<Task> begun(Handle tx, UUID instance) {
        return tx.createQuery("""
                        SELECT * FROM task WHERE instance_id = :instance AND status IN ('running', 'waiting')
                        ORDER BY id FOR UPDATE""")
                .bind("instance", instance)
                .map((row, context) -> task(row))
                .list();
    }

    /** Those that wait for their turn, the oldest first. */
    List<Task> queued(Handle tx, UUID instance, int most) {
        return tx.createQuery("""
                        SELECT * FROM task WHERE instance_id = :instance AND status = 'queued'
                        ORDER BY id LIMIT :most FOR UPDATE""")
                .bind("instance", instance)
                .bind("most", most)
                .map((row, context) -> task(row))
                .list();
    }

    /** Which of them are to end. */
    List<UUID> cancelled(Handle handle, Collection<UUID> ids) {
        return handle.createQuery("SELECT id FROM task WHERE id = ANY(:ids) AND cancel_by IS NOT NULL")
                .bindArray("ids", UUID.class, ids)
                .mapTo(UUID.class)
                .list();
    }

    /** Time in which its instance was held up is not the task's. */
    void notTheirTime(Handle tx, UUID instance, long since, Instant now) {
        tx.createUpdate("""
                        UPDATE task SET due_at = clock_timestamp(), people_millis = people_millis + CASE WHEN people_since IS NULL
                            THEN greatest(0, :now - greatest(:since, extract(epoch FROM started_at) * 1000)) ELSE 0 END
                        WHERE instance_id = :instance AND status IN ('running', 'waiting')
                          AND (status = 'running' OR due_at IS NOT NULL)""")
                .bind("now", now.toEpochMilli())
                .bind("since", since)
                .bind("instance", instance)
                .execute();
    }

    /** Something happened to the plan it waits for. */
    int hint(Handle tx, UUID planId) {
        return tx.createUpdate(
                        "UPDATE task SET due_at = clock_timestamp() WHERE waiting_plan = :plan AND status = 'waiting'")
                .bind("plan", planId)
                .execute();
    }

    /** Something happened to the task it waits for. */
    void hintParent(Handle tx, UUID id) {
        tx.createUpdate("UPDATE task SET due_at = clock_timestamp() WHERE id = :id AND status = 'waiting'")
                .bind("id", id)
                .execute();
    }

    /** What to list; null members do not narrow. */
    record Filter(
            Visibility visibility,
            UUID instance,
            UUID event,
            String agent,
            String status,
            boolean ended,
            String name,
            UUID after) {}

    /** Newest first. */
    List<Task> list(Handle handle, Filter filter, int limit) {
        return handle.createQuery("""
                        SELECT * FROM task
                        WHERE (CAST(:team AS text) IS NULL OR team = :team)
                          AND (CAST(:person AS text) IS NULL OR owner IS NULL OR owner = :person)
                          AND (CAST(:instance AS uuid) IS NULL OR instance_id = :instance)
                          AND (CAST(:event AS uuid) IS NULL OR event_id = :event)
                          AND (CAST(:agent AS text) IS NULL OR agent = :agent)
                          AND (CAST(:status AS text) IS NULL OR status = :status)
                          AND (CAST(:name AS text) IS NULL OR name = :name)
                          AND (NOT :ended OR finished_at IS NOT NULL)
                          AND (CAST(:after AS uuid) IS NULL OR id < :after)
                        ORDER BY id DESC LIMIT :limit""")
                .bind("team", filter.visibility().team())
                .bind("person", filter.visibility().person())
                .bind("instance", filter.instance())
                .bind("event", filter.event())
                .bind("agent", filter.agent())
                .bind("status", filter.status())
                .bind("name", filter.name())
                .bind("ended", filter.ended())
                .bind("after", filter.after())
                .bind("limit", limit)
                .map((row, context) -> task(row))
                .list();
    }

    private static Task task(ResultSet row) throws SQLException {
        return new Task(
                row.getObject("id", UUID.class),
                row.getObject("instance_id", UUID.class),
                row.getString("team"),
                row.getString("agent"),
                row.getString("version"),
                row.getString("name"),
                TaskStatus.fromWire(row.getString("status")),
                row.getString("waiting_for"),
                JsonColumn.read(row, "event", JsonNode.class),
                row.getObject("parent_id", UUID.class),
                row.getInt("depth"),
                row.getInt("hops"),
                row.getString("owner"),
                row.getString("asked_by"),
                row.getString("trace_id"),
                instant(row, "created_at"),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getLong("people_millis"),
                instant(row, "people_since"),
                row.getBigDecimal("cost_usd"),
                row.getString("code"),
                row.getString("summary"),
                row.getString("cancel_by"),
                row.getString("cancel_reason"),
                instant(row, "cancel_at"),
                row.getString("cancel_code"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
