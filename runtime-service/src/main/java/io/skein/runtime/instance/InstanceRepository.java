package io.skein.runtime.instance;

import static io.skein.platform.persistence.JsonColumn.jsonb;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Rows of {@code instance}; reads beside them what its tasks say about it. */
@ApplicationScoped
public class InstanceRepository {

    private static final String SELECT = """
            SELECT i.*,
              (SELECT count(*) FROM task t WHERE t.instance_id = i.id AND t.status = 'queued') AS queued,
              (SELECT count(*) FROM task t WHERE t.instance_id = i.id AND t.status IN ('running', 'waiting')) AS begun
            FROM instance i""";

    /** What tasks need to know of the instance they belong to. */
    public record Worker(UUID id, String team, String agent, String version, JsonNode definition) {}

    /** A row that nobody else changes until the transaction ends. */
    record Locked(UUID id, String team, String agent, String version, String state, Instant changedAt) {}

    void insert(Handle tx, Worker worker, boolean another, String actor, Instant now) {
        tx.createUpdate("""
                        INSERT INTO instance (id, team, agent, version, definition, another, state, started_by, started_at, changed_at)
                        VALUES (:id, :team, :agent, :version, :definition, :another, 'active', :actor, :now, :now)""")
                .bind("id", worker.id())
                .bind("team", worker.team())
                .bind("agent", worker.agent())
                .bind("version", worker.version())
                .bind("definition", jsonb(worker.definition()))
                .bind("another", another)
                .bind("actor", actor)
                .bind("now", now)
                .execute();
    }

    Optional<Locked> lock(Handle tx, UUID id) {
        return tx.createQuery("SELECT * FROM instance WHERE id = :id FOR UPDATE")
                .bind("id", id)
                .map((row, context) -> locked(row))
                .findOne();
    }

    /** Those of a team that are not stopped, locked. */
    List<Locked> lockAll(Handle tx, String team) {
        return tx.createQuery("SELECT * FROM instance WHERE team = :team AND state <> 'stopped' ORDER BY id FOR UPDATE")
                .bind("team", team)
                .map((row, context) -> locked(row))
                .list();
    }

    private static Locked locked(ResultSet row) throws SQLException {
        return new Locked(
                row.getObject("id", UUID.class),
                row.getString("team"),
                row.getString("agent"),
                row.getString("version"),
                row.getString("state"),
                instant(row, "changed_at"));
    }

    void change(Handle tx, UUID id, String state, String reason, Instant now) {
        tx.createUpdate("""
                        UPDATE instance SET state = :state, reason = :reason, changed_at = :now, failures = 0,
                          stopped_at = CASE WHEN :state = 'stopped' THEN :now ELSE stopped_at END
                        WHERE id = :id""")
                .bind("state", state)
                .bind("reason", reason)
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    /**
     * Counts how a task ended.
     *
     * @param most so many failures in a row are an error
     * @return true when the instance went into error with this one
     */
    public boolean ended(Handle tx, UUID id, boolean failed, int most, Instant now) {
        int failures = tx.createQuery(
                        "UPDATE instance SET failures = CASE WHEN :failed THEN failures + 1 ELSE 0 END WHERE id = :id RETURNING failures")
                .bind("failed", failed)
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
        return failures >= most
                && tx.createUpdate("""
                        UPDATE instance SET state = 'error', reason = :reason, changed_at = :now WHERE id = :id AND state = 'active'""")
                                .bind("reason", failures + " tasks failed in a row; look at them, then resume it.")
                                .bind("now", now)
                                .bind("id", id)
                                .execute()
                        == 1;
    }

    public Optional<Worker> worker(Handle handle, UUID id) {
        return handle.createQuery("SELECT * FROM instance WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> worker(row))
                .findOne();
    }

    /** Those of a team's agent that take tasks, the longest at work first. */
    public List<Worker> takers(Handle handle, String team, List<String> agents) {
        return handle.createQuery("""
                        SELECT * FROM instance WHERE team = :team AND agent = ANY(:agents) AND state <> 'stopped'
                        ORDER BY id FOR KEY SHARE""")
                .bind("team", team)
                .bindArray("agents", String.class, agents)
                .map((row, context) -> worker(row))
                .list();
    }

    /** Which of them are neither paused nor in error. */
    public Set<UUID> active(Handle handle, List<UUID> ids) {
        return Set.copyOf(handle.createQuery("SELECT id FROM instance WHERE id = ANY(:ids) AND state = 'active'")
                .bindArray("ids", UUID.class, ids)
                .mapTo(UUID.class)
                .list());
    }

    private static Worker worker(ResultSet row) throws SQLException {
        return new Worker(
                row.getObject("id", UUID.class),
                row.getString("team"),
                row.getString("agent"),
                row.getString("version"),
                JsonColumn.read(row, "definition", JsonNode.class));
    }

    Optional<AgentInstance> find(Handle handle, UUID id) {
        return withTasks(
                        handle,
                        handle.createQuery(SELECT + " WHERE i.id = :id")
                                .bind("id", id)
                                .map((row, context) -> instance(row))
                                .list())
                .stream()
                .findFirst();
    }

    /** Newest first; stopped ones only when asked for. */
    List<AgentInstance> list(Handle handle, String team, String agent, boolean stopped, UUID after, int limit) {
        return withTasks(
                handle,
                handle.createQuery(SELECT + """
                         WHERE (CAST(:team AS text) IS NULL OR i.team = :team)
                          AND (CAST(:agent AS text) IS NULL OR i.agent = :agent)
                          AND (:stopped OR i.state <> 'stopped')
                          AND (CAST(:after AS uuid) IS NULL OR i.id < :after)
                        ORDER BY i.id DESC LIMIT :limit""")
                        .bind("team", team)
                        .bind("agent", agent)
                        .bind("stopped", stopped)
                        .bind("after", after)
                        .bind("limit", limit)
                        .map((row, context) -> instance(row))
                        .list());
    }

    private static List<AgentInstance> withTasks(Handle handle, List<AgentInstance> instances) {
        if (instances.isEmpty()) {
            return instances;
        }
        record Of(UUID instance, AgentInstance.CurrentTask task) {}
        Map<UUID, List<AgentInstance.CurrentTask>> tasks = handle
                .createQuery("""
                        SELECT id, instance_id, name, status, waiting_for, started_at FROM task
                        WHERE instance_id = ANY(:ids) AND status IN ('running', 'waiting') ORDER BY id""")
                .bindArray(
                        "ids",
                        UUID.class,
                        instances.stream().map(AgentInstance::id).toList())
                .map((row, context) -> new Of(
                        row.getObject("instance_id", UUID.class),
                        new AgentInstance.CurrentTask(
                                row.getObject("id", UUID.class),
                                row.getString("name"),
                                row.getString("status"),
                                row.getString("waiting_for"),
                                instant(row, "started_at"))))
                .stream()
                .collect(Collectors.groupingBy(Of::instance, Collectors.mapping(Of::task, Collectors.toList())));
        return instances.stream()
                .map(i -> new AgentInstance(
                        i.id(),
                        i.team(),
                        i.agent(),
                        i.version(),
                        i.state(),
                        i.reason(),
                        i.another(),
                        i.startedBy(),
                        i.startedAt(),
                        i.changedAt(),
                        i.stoppedAt(),
                        i.maxParallelTasks(),
                        tasks.getOrDefault(i.id(), List.of()),
                        i.queuedTasks(),
                        i.definition()))
                .toList();
    }

    private static AgentInstance instance(ResultSet row) throws SQLException {
        JsonNode definition = JsonColumn.read(row, "definition", JsonNode.class);
        return new AgentInstance(
                row.getObject("id", UUID.class),
                row.getString("team"),
                row.getString("agent"),
                row.getString("version"),
                state(row.getString("state"), row.getLong("begun") > 0),
                row.getString("reason"),
                row.getBoolean("another"),
                row.getString("started_by"),
                instant(row, "started_at"),
                instant(row, "changed_at"),
                instant(row, "stopped_at"),
                AgentInstance.maxParallelTasks(definition),
                List.of(),
                row.getLong("queued"),
                definition);
    }

    static InstanceState state(String stored, boolean busy) {
        return switch (stored) {
            case "active" -> busy ? InstanceState.RUNNING : InstanceState.IDLE;
            case "paused" -> InstanceState.PAUSED;
            case "error" -> InstanceState.ERROR;
            default -> InstanceState.STOPPED;
        };
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
