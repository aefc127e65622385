package io.skein.registry.node;

import static io.skein.platform.persistence.JsonColumn.jsonb;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class NodeRepository {

    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    /** What a heartbeat is compared with; the row stays locked until the transaction ends. */
    record Known(Node.Status status, Instant lastHeartbeatAt, Instant lastSentAt, String offlineReason) {}

    record Key(String team, String name) {}

    Optional<Known> lock(Handle tx, String team, String name) {
        return tx.createQuery("""
                        SELECT status, last_heartbeat_at, last_sent_at, offline_reason FROM node
                        WHERE team = :team AND name = :name FOR UPDATE""")
                .bind("team", team)
                .bind("name", name)
                .map((rs, ctx) -> new Known(
                        status(rs),
                        instant(rs, "last_heartbeat_at"),
                        instant(rs, "last_sent_at"),
                        rs.getString("offline_reason")))
                .findOne();
    }

    /** False when another replica registered it in the same moment. */
    boolean insert(Handle tx, NodeHeartbeat heartbeat, Instant now) {
        return tx.createUpdate("""
                        INSERT INTO node (team, name, status, labels, agent_version, interval_seconds, resources,
                                          registered_at, last_heartbeat_at, last_sent_at)
                        VALUES (:team, :name, 'online', :labels, :version, :interval, :resources, :now, :now, :sent)
                        ON CONFLICT DO NOTHING""")
                        .bind("team", heartbeat.team())
                        .bind("name", heartbeat.node())
                        .bind("labels", jsonb(heartbeat.labels()))
                        .bind("version", heartbeat.agentVersion())
                        .bind("interval", heartbeat.intervalSeconds())
                        .bind("resources", jsonb(heartbeat.resources()))
                        .bind("now", utc(now))
                        .bind("sent", utc(heartbeat.sentAt()))
                        .execute()
                == 1;
    }

    void heard(Handle tx, NodeHeartbeat heartbeat, Instant now) {
        tx.createUpdate("""
                        UPDATE node SET status = 'online', labels = :labels, agent_version = :version,
                               interval_seconds = :interval, resources = :resources, last_heartbeat_at = :now,
                               last_sent_at = :sent, offline_since = NULL, offline_reason = NULL
                        WHERE team = :team AND name = :name""")
                .bind("team", heartbeat.team())
                .bind("name", heartbeat.node())
                .bind("labels", jsonb(heartbeat.labels()))
                .bind("version", heartbeat.agentVersion())
                .bind("interval", heartbeat.intervalSeconds())
                .bind("resources", jsonb(heartbeat.resources()))
                .bind("now", utc(now))
                .bind("sent", utc(heartbeat.sentAt()))
                .execute();
    }

    /** An overtaken heartbeat is still a sign of life. */
    void stillThere(Handle tx, String team, String name, Instant now) {
        tx.createUpdate("""
                        UPDATE node SET last_heartbeat_at = greatest(last_heartbeat_at, :now)
                        WHERE team = :team AND name = :name""")
                .bind("team", team)
                .bind("name", name)
                .bind("now", utc(now))
                .execute();
    }

    void goodbye(Handle tx, NodeHeartbeat heartbeat, Instant now) {
        tx.createUpdate("""
                        UPDATE node SET status = 'offline', offline_since = :now, offline_reason = 'goodbye',
                               last_heartbeat_at = :now, last_sent_at = :sent
                        WHERE team = :team AND name = :name""")
                .bind("team", heartbeat.team())
                .bind("name", heartbeat.node())
                .bind("now", utc(now))
                .bind("sent", utc(heartbeat.sentAt()))
                .execute();
    }

    List<Key> silentSince(Handle tx, Instant cutoff) {
        return tx.createQuery("SELECT team, name FROM node WHERE status = 'online' AND last_heartbeat_at < :cutoff")
                .bind("cutoff", utc(cutoff))
                .map((rs, ctx) -> new Key(rs.getString(1), rs.getString(2)))
                .list();
    }

    /**
     * Ends the presence of the silent. Replicas may do this at the same instant: the second waits for the first one's row
     * lock, looks at the condition again and gets nothing, so each transition is returned, and told, once.
     */
    List<Node> endSilent(Handle tx, Instant cutoff, Instant now, String reason) {
        return tx.createQuery("""
                        UPDATE node SET status = 'offline', offline_since = :now, offline_reason = :reason
                        WHERE status = 'online' AND last_heartbeat_at < :cutoff
                        RETURNING *""")
                .bind("cutoff", utc(cutoff))
                .bind("now", utc(now))
                .bind("reason", reason)
                .map(NodeRepository::node)
                .list();
    }

    Optional<Node> find(Handle handle, String team, String name) {
        return handle.createQuery("SELECT * FROM node WHERE team = :team AND name = :name")
                .bind("team", team)
                .bind("name", name)
                .map(NodeRepository::node)
                .findOne();
    }

    /** By team, then name, after the given one. {@code team} and {@code status} null: any. */
    List<Node> list(Handle handle, String team, String status, Key after, int limit) {
        return handle.createQuery("""
                        SELECT * FROM node
                        WHERE (CAST(:team AS text) IS NULL OR team = :team)
                          AND (CAST(:status AS text) IS NULL OR status = :status)
                          AND (team, name) > (:afterTeam, :afterName)
                        ORDER BY team, name LIMIT :limit""")
                .bind("team", team)
                .bind("status", status)
                .bind("afterTeam", after == null ? "" : after.team())
                .bind("afterName", after == null ? "" : after.name())
                .bind("limit", limit)
                .map(NodeRepository::node)
                .list();
    }

    /** True when that changed anything. */
    boolean cordon(Handle tx, String team, String name, boolean cordoned) {
        return tx.createUpdate("""
                        UPDATE node SET cordoned = :cordoned
                        WHERE team = :team AND name = :name AND cordoned <> :cordoned""")
                        .bind("team", team)
                        .bind("name", name)
                        .bind("cordoned", cordoned)
                        .execute()
                == 1;
    }

    boolean removeOffline(Handle tx, String team, String name) {
        return tx.createUpdate("DELETE FROM node WHERE team = :team AND name = :name AND status = 'offline'")
                        .bind("team", team)
                        .bind("name", name)
                        .execute()
                == 1;
    }

    long count(Handle handle, String status) {
        return handle.createQuery("SELECT count(*) FROM node WHERE status = :status")
                .bind("status", status)
                .mapTo(Long.class)
                .one();
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet rs, String column) throws SQLException {
        OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Node.Status status(ResultSet rs) throws SQLException {
        return rs.getString("status").equals("online") ? Node.Status.ONLINE : Node.Status.OFFLINE;
    }

    private static Node node(ResultSet rs, StatementContext ctx) throws SQLException {
        return new Node(
                rs.getString("name"),
                rs.getString("team"),
                status(rs),
                rs.getBoolean("cordoned"),
                JsonColumn.read(rs, "labels", LABELS),
                rs.getString("agent_version"),
                instant(rs, "last_heartbeat_at"),
                instant(rs, "registered_at"),
                instant(rs, "offline_since"),
                rs.getString("offline_reason"),
                JsonColumn.read(rs, "resources", NodeHeartbeat.Resources.class));
    }
}
