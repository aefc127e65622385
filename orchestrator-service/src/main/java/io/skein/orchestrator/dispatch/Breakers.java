package io.skein.orchestrator.dispatch;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Leaves an agent alone that fails again and again, in the table {@code agent_breaker}, for all processes together.
 *
 * <pre>
 *  closed ──five failures in a row──► open, 60 s ──time is over──► tried again ──works──► closed
 *    ▲ │                                ▲                              │
 *    └─┘ anything that works            └───────── fails ──────────────┘
 * </pre>
 *
 * <p>A failure is an error of the protocol (5001 to 5006) or work it was interrupted in: what is the agent's, not the playbook's. A
 * playbook that fails is work that was done.
 */
@ApplicationScoped
class Breakers {

    static final int FAILURES = 5;
    static final Duration OPEN = Duration.ofSeconds(60);
    private static final Logger LOG = Logger.getLogger(Breakers.class);

    @Inject
    Clock clock;

    @Inject
    MeterRegistry metrics;

    void failed(Handle tx, String team, String agent) {
        Instant now = clock.instant();
        int failures = tx.createQuery("""
            INSERT INTO agent_breaker AS b (team, agent, failures) VALUES (:team, :agent, 1)
            ON CONFLICT (team, agent) DO UPDATE SET failures = b.failures + 1,
                open_until = CASE WHEN b.failures + 1 >= :limit THEN CAST(:until AS timestamptz)
                    ELSE b.open_until END
            RETURNING failures\
            """)
                .bind("team", team)
                .bind("agent", agent)
                .bind("limit", FAILURES)
                .bind("until", now.plus(OPEN))
                .mapTo(Integer.class)
                .one();
        if (failures >= FAILURES) {
            LOG.warnf("%s of team %s failed %d times in a row and is left alone for %s", agent, team, failures, OPEN);
            metrics.counter("skein_orchestrator_breaker_opened_total").increment();
        }
    }

    void worked(Handle tx, String team, String agent) {
        tx.execute("DELETE FROM agent_breaker WHERE team = ? AND agent = ?", team, agent);
    }

    /** Agents of the team that get nothing now, and until when. */
    Map<String, Instant> open(Handle handle, String team) {
        return handle.createQuery(
                        "SELECT agent, open_until FROM agent_breaker WHERE team = :team AND open_until > :now")
                .bind("team", team)
                .bind("now", clock.instant())
                .reduceRows(new HashMap<>(), (map, row) -> {
                    map.put(row.getColumn("agent", String.class), row.getColumn("open_until", Instant.class));
                    return map;
                });
    }
}
