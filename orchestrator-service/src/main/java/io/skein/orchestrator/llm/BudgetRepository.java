package io.skein.orchestrator.llm;

import io.skein.platform.auth.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rows of {@code llm_budget}, as people see and change them. In the table "" is everybody of the team. */
@ApplicationScoped
class BudgetRepository {

    /** A budget of the period before counts as unspent already, whether or not a call came since. */
    private static final String SELECT = """
            SELECT b.person, b.period, b.soft_usd, b.hard_usd, b.version, b.changed_by, b.changed_at,
              CASE WHEN b.period_start < llm_period_start(b.period, :now) THEN 0 ELSE b.spent_usd END AS spent_usd,
              greatest(b.period_start, llm_period_start(b.period, :now)) AS period_start,
              (SELECT coalesce(sum(c.reserved_usd), 0) FROM llm_call c WHERE c.outcome = 'open' AND c.team = b.team
                AND (b.person = '' OR c.person = b.person)) AS reserved_usd
            FROM llm_budget b WHERE""";

    /** The team's, and those of the people who may be seen. */
    List<Budget> list(Handle handle, Visibility visibility, String after, Instant now, int limit) {
        return handle.createQuery(SELECT + """
                         b.team = :team AND (CAST(:person AS text) IS NULL OR b.person IN ('', :person))
                          AND (CAST(:after AS text) IS NULL OR b.person > :after)
                        ORDER BY b.person LIMIT :limit""")
                .bind("team", visibility.team())
                .bind("person", visibility.person())
                .bind("after", after)
                .bind("now", now)
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list();
    }

    Optional<Budget> find(Handle handle, String team, String person, Instant now) {
        return handle.createQuery(SELECT + " b.team = :team AND b.person = :person")
                .bind("team", team)
                .bind("person", person)
                .bind("now", now)
                .map((row, context) -> read(row))
                .findOne();
    }

    /**
     * Until the transaction ends no call is settled: what a new budget finds spent is all that was spent before it, and what is spent
     * afterwards finds the budget.
     */
    void keepStill(Handle tx) {
        tx.execute("LOCK TABLE llm_budget IN SHARE ROW EXCLUSIVE MODE");
    }

    void put(
            Handle tx,
            String team,
            String person,
            String period,
            BigDecimal soft,
            BigDecimal hard,
            String by,
            Instant now) {
        tx.createUpdate("""
                        INSERT INTO llm_budget AS b (team, person, period, soft_usd, hard_usd, spent_usd, period_start, warned, version,
                            changed_by, changed_at)
                        VALUES (:team, :person, :period, :soft, :hard,
                            (SELECT coalesce(sum(c.cost_usd), 0) FROM llm_call c WHERE c.team = :team
                                AND (:person = '' OR c.person = :person) AND c.outcome <> 'open'
                                AND c.finished_at >= llm_period_start(:period, :now)),
                            llm_period_start(:period, :now), false, 1, :by, :now)
                        ON CONFLICT (team, person) DO UPDATE SET period = excluded.period, soft_usd = excluded.soft_usd,
                            hard_usd = excluded.hard_usd, spent_usd = excluded.spent_usd, period_start = excluded.period_start,
                            warned = false, version = b.version + 1, changed_by = excluded.changed_by,
                            changed_at = excluded.changed_at""")
                .bind("team", team)
                .bind("person", person)
                .bind("period", period)
                .bind("soft", soft)
                .bind("hard", hard)
                .bind("by", by)
                .bind("now", now)
                .execute();
    }

    void delete(Handle tx, String team, String person) {
        tx.createUpdate("DELETE FROM llm_budget WHERE team = :team AND person = :person")
                .bind("team", team)
                .bind("person", person)
                .execute();
    }

    private static Budget read(ResultSet row) throws SQLException {
        String person = row.getString("person");
        return new Budget(
                person.isEmpty() ? null : person,
                row.getString("period"),
                row.getBigDecimal("soft_usd"),
                row.getBigDecimal("hard_usd"),
                row.getBigDecimal("spent_usd"),
                row.getBigDecimal("reserved_usd"),
                row.getTimestamp("period_start").toInstant(),
                row.getLong("version"),
                row.getString("changed_by"),
                row.getTimestamp("changed_at").toInstant());
    }
}
