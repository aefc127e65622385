package io.skein.registry.activity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class ActivityRepository {

    void instance(Handle tx, String team, String instanceId, String agent, String state, Instant at) {
        tx.createUpdate("""
                        INSERT INTO agent_instance (team, instance_id, agent, state, told_at)
                        VALUES (:team, :id, :agent, :state, :at)
                        ON CONFLICT (team, instance_id) DO UPDATE
                          SET agent = excluded.agent, state = excluded.state, told_at = excluded.told_at
                          WHERE agent_instance.told_at <= excluded.told_at""")
                .bind("team", team)
                .bind("id", instanceId)
                .bind("agent", agent)
                .bind("state", state)
                .bind("at", utc(at))
                .execute();
    }

    /** False when it had ended before: what comes later is old news. */
    boolean task(Handle tx, String team, String taskId, String agent, boolean begun, boolean ended, Instant at) {
        return tx.createUpdate("""
                        INSERT INTO agent_task (team, task_id, agent, begun, ended, told_at)
                        VALUES (:team, :id, :agent, :begun, :ended, :at)
                        ON CONFLICT (team, task_id) DO UPDATE
                          SET begun = agent_task.begun OR excluded.begun, ended = excluded.ended,
                              told_at = greatest(agent_task.told_at, excluded.told_at)
                          WHERE NOT agent_task.ended""")
                        .bind("team", team)
                        .bind("id", taskId)
                        .bind("agent", agent)
                        .bind("begun", begun)
                        .bind("ended", ended)
                        .bind("at", utc(at))
                        .execute()
                == 1;
    }

    void count(Handle tx, String team, String agent, int succeeded, int failed, int cancelled, Instant at) {
        tx.createUpdate("""
                        INSERT INTO agent_tally (team, agent, succeeded, failed, cancelled, last_ended_at)
                        VALUES (:team, :agent, :succeeded, :failed, :cancelled, :at)
                        ON CONFLICT (team, agent) DO UPDATE SET
                          succeeded = agent_tally.succeeded + excluded.succeeded,
                          failed = agent_tally.failed + excluded.failed,
                          cancelled = agent_tally.cancelled + excluded.cancelled,
                          last_ended_at = greatest(agent_tally.last_ended_at, excluded.last_ended_at)""")
                .bind("team", team)
                .bind("agent", agent)
                .bind("succeeded", succeeded)
                .bind("failed", failed)
                .bind("cancelled", cancelled)
                .bind("at", utc(at))
                .execute();
    }

    int forget(Handle tx, Instant before) {
        return tx.execute("DELETE FROM agent_task WHERE ended AND told_at < ?", utc(before))
                + tx.execute("DELETE FROM agent_instance WHERE state = 'stopped' AND told_at < ?", utc(before));
    }

    /** By agent; without slots, so nobody is busy or active yet. */
    Map<String, Activity> of(Handle handle, String team, Collection<String> agents) {
        Map<String, Activity> found = new HashMap<>();
        handle.createQuery("""
                        SELECT a.agent, coalesce(i.live, 0) AS live, coalesce(i.failed, 0) AS broken,
                               coalesce(t.running, 0) AS running, coalesce(t.queued, 0) AS queued,
                               coalesce(c.succeeded, 0) AS succeeded, coalesce(c.failed, 0) AS failed,
                               coalesce(c.cancelled, 0) AS cancelled, c.last_ended_at
                        FROM unnest(CAST(:agents AS text[])) AS a (agent)
                        LEFT JOIN (SELECT agent, count(*) FILTER (WHERE state <> 'failed') AS live,
                                          count(*) FILTER (WHERE state = 'failed') AS failed
                                   FROM agent_instance WHERE team = :team AND state <> 'stopped' GROUP BY agent) i USING (agent)
                        LEFT JOIN (SELECT agent, count(*) FILTER (WHERE begun) AS running,
                                          count(*) FILTER (WHERE NOT begun) AS queued
                                   FROM agent_task WHERE team = :team AND NOT ended GROUP BY agent) t USING (agent)
                        LEFT JOIN agent_tally c ON c.team = :team AND c.agent = a.agent""")
                .bindArray("agents", String.class, agents)
                .bind("team", team)
                .map((rs, ctx) -> Map.entry(rs.getString("agent"), activity(rs)))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static Activity activity(ResultSet rs) throws SQLException {
        int live = rs.getInt("live");
        int broken = rs.getInt("broken");
        long succeeded = rs.getLong("succeeded");
        long failed = rs.getLong("failed");
        OffsetDateTime last = rs.getObject("last_ended_at", OffsetDateTime.class);
        Activity.Status status =
                broken > 0 ? Activity.Status.ERROR : live == 0 ? Activity.Status.OFFLINE : Activity.Status.IDLE;
        return new Activity(
                status.wire(),
                live + broken,
                rs.getInt("running"),
                rs.getInt("queued"),
                succeeded + failed,
                succeeded,
                failed,
                rs.getLong("cancelled"),
                succeeded + failed == 0 ? null : (double) succeeded / (succeeded + failed),
                last == null ? null : last.toInstant());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
