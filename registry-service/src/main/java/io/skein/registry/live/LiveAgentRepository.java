package io.skein.registry.live;

import static io.skein.platform.persistence.JsonColumn.jsonb;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class LiveAgentRepository {

    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    record Known(String team, boolean online, String offlineReason, Instant lastSentAt) {}

    Optional<Known> lock(Handle tx, String agentId) {
        return tx.createQuery(
                        "SELECT team, online, offline_reason, last_sent_at FROM live_agent WHERE agent_id = :id FOR UPDATE")
                .bind("id", agentId)
                .map((rs, ctx) -> new Known(
                        rs.getString(1),
                        rs.getBoolean(2),
                        rs.getString(3),
                        rs.getObject(4, OffsetDateTime.class).toInstant()))
                .findOne();
    }

    void heard(Handle tx, AgentHeartbeat heartbeat, Instant now) {
        tx.createUpdate("""
                        INSERT INTO live_agent (agent_id, agent_type, node, team, version, capabilities, slots, busy,
                                                interval_seconds, online, first_seen_at, last_heartbeat_at, last_sent_at)
                        VALUES (:id, :type, :node, :team, :version, :capabilities, :slots, :busy, :interval, true,
                                :now, :now, :sent)
                        ON CONFLICT (agent_id) DO UPDATE SET
                          agent_type = excluded.agent_type, node = excluded.node, team = excluded.team,
                          version = excluded.version, capabilities = excluded.capabilities, slots = excluded.slots,
                          busy = excluded.busy, interval_seconds = excluded.interval_seconds, online = true,
                          offline_reason = NULL, last_heartbeat_at = excluded.last_heartbeat_at,
                          last_sent_at = excluded.last_sent_at""")
                .bind("id", heartbeat.agentId())
                .bind("type", heartbeat.agentType())
                .bind("node", heartbeat.node())
                .bind("team", heartbeat.team())
                .bind("version", heartbeat.version())
                .bind("capabilities", jsonb(heartbeat.capabilities()))
                .bind("slots", heartbeat.slots())
                .bind("busy", heartbeat.busy())
                .bind("interval", heartbeat.intervalSeconds())
                .bind("now", utc(now))
                .bind("sent", utc(heartbeat.sentAt()))
                .execute();
    }

    void goodbye(Handle tx, AgentHeartbeat heartbeat, Instant now) {
        tx.createUpdate("""
                        UPDATE live_agent SET online = false, offline_reason = 'goodbye', busy = 0,
                               last_heartbeat_at = :now, last_sent_at = :sent
                        WHERE agent_id = :id""")
                .bind("id", heartbeat.agentId())
                .bind("now", utc(now))
                .bind("sent", utc(heartbeat.sentAt()))
                .execute();
    }

    /** As with nodes: whoever gets the row tells, and nobody else does. */
    List<LiveAgent> endSilent(Handle tx, Instant now, int intervals, int atLeastSeconds) {
        return tx.createQuery("""
                        UPDATE live_agent SET online = false, offline_reason = 'missed ' || :intervals || ' heartbeats'
                        WHERE online AND last_heartbeat_at
                              < CAST(:now AS timestamptz) - make_interval(secs => greatest(:atLeast, interval_seconds * :intervals))
                        RETURNING *, 0::bigint AS succeeded, 0::bigint AS failed""")
                .bind("now", utc(now))
                .bind("intervals", intervals)
                .bind("atLeast", atLeastSeconds)
                .map(LiveAgentRepository::agent)
                .list();
    }

    List<LiveAgent> list(Handle handle, String team, String capability) {
        return handle.createQuery("""
                        SELECT a.*, coalesce(o.succeeded, 0) AS succeeded, coalesce(o.failed, 0) AS failed
                        FROM live_agent a LEFT JOIN agent_outcomes o USING (agent_id)
                        WHERE (CAST(:team AS text) IS NULL OR a.team = :team)
                          AND (CAST(:capability AS text) IS NULL OR a.capabilities @> to_jsonb(CAST(:capability AS text)))
                        ORDER BY a.online DESC, a.agent_id LIMIT 1000""")
                .bind("team", team)
                .bind("capability", capability)
                .map(LiveAgentRepository::agent)
                .list();
    }

    void ended(Handle tx, String agentId, boolean success) {
        tx.createUpdate("""
                        INSERT INTO agent_outcomes (agent_id, succeeded, failed) VALUES (:id, :ok, :bad)
                        ON CONFLICT (agent_id) DO UPDATE SET
                          succeeded = agent_outcomes.succeeded + excluded.succeeded,
                          failed = agent_outcomes.failed + excluded.failed""")
                .bind("id", agentId)
                .bind("ok", success ? 1 : 0)
                .bind("bad", success ? 0 : 1)
                .execute();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static LiveAgent agent(ResultSet rs, StatementContext ctx) throws SQLException {
        long succeeded = rs.getLong("succeeded");
        long tasks = succeeded + rs.getLong("failed");
        return new LiveAgent(
                rs.getString("agent_id"),
                rs.getString("agent_type"),
                rs.getString("node"),
                rs.getString("team"),
                rs.getString("version"),
                JsonColumn.read(rs, "capabilities", STRINGS),
                rs.getInt("slots"),
                rs.getInt("busy"),
                rs.getBoolean("online"),
                rs.getString("offline_reason"),
                rs.getObject("last_heartbeat_at", OffsetDateTime.class).toInstant(),
                tasks,
                tasks == 0 ? null : (double) succeeded / tasks);
    }
}
