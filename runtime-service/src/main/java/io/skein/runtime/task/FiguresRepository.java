package io.skein.runtime.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.skein.platform.auth.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Counts over the tasks that have ended. */
@ApplicationScoped
class FiguresRepository {

    private static final int MAX_AGENTS = 500;

    /**
     * @param count of those that ended, cancelled ones included
     * @param successRate of those that succeeded or failed, 0..1; null when there was none
     * @param meanSeconds from the first step to the end, waiting for people not counted; of those that succeeded or failed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OfAgent(
            String team,
            String agent,
            long count,
            long succeeded,
            long failed,
            long cancelled,
            Double successRate,
            Double meanSeconds,
            Double p95Seconds,
            BigDecimal costUsd) {}

    private final Jdbi jdbi;

    @Inject
    FiguresRepository(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    List<OfAgent> perAgent(Visibility visibility, String agent, Instant since) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH ended AS (
                          SELECT team, agent, status, cost_usd,
                            CASE WHEN status <> 'cancelled' THEN
                              extract(epoch FROM finished_at - started_at) - people_millis / 1000.0 END AS seconds
                          FROM task
                          WHERE finished_at >= :since
                            AND (CAST(:team AS text) IS NULL OR team = :team)
                            AND (CAST(:person AS text) IS NULL OR owner IS NULL OR owner = :person)
                            AND (CAST(:agent AS text) IS NULL OR agent = :agent))
                        SELECT team, agent, count(*) AS number,
                          count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
                          count(*) FILTER (WHERE status = 'failed') AS failed,
                          count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
                          avg(seconds) AS mean, percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS p95,
                          sum(cost_usd) AS cost
                        FROM ended GROUP BY team, agent ORDER BY team, agent LIMIT :limit""")
                .bind("since", since)
                .bind("team", visibility.team())
                .bind("person", visibility.person())
                .bind("agent", agent)
                .bind("limit", MAX_AGENTS)
                .map((row, context) -> figures(row))
                .list());
    }

    private static OfAgent figures(ResultSet row) throws SQLException {
        long succeeded = row.getLong("succeeded");
        long failed = row.getLong("failed");
        return new OfAgent(
                row.getString("team"),
                row.getString("agent"),
                row.getLong("number"),
                succeeded,
                failed,
                row.getLong("cancelled"),
                succeeded + failed == 0 ? null : (double) succeeded / (succeeded + failed),
                seconds(row, "mean"),
                seconds(row, "p95"),
                row.getBigDecimal("cost"));
    }

    private static Double seconds(ResultSet row, String column) throws SQLException {
        double seconds = row.getDouble(column);
        return row.wasNull() ? null : Math.max(0, seconds);
    }
}
