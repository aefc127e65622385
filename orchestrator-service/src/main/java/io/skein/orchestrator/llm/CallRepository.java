package io.skein.orchestrator.llm;

import io.skein.platform.auth.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code llm_call}; those of {@code llm_budget} as far as a call touches them. */
@ApplicationScoped
public class CallRepository {

    private static final String VISIBLE = " (CAST(:team AS text) IS NULL OR team = :team)"
            + " AND (CAST(:person AS text) IS NULL OR person = :person)";

    /**
     * @param call null when it was settled before
     * @param warned whose soft budget was reached by it: a person, or "" for everybody
     */
    record Settled(LlmCall call, List<String> warned) {}

    /** Whose budget has no room for it: a person, or "" for everybody; empty when it is open. */
    Optional<String> open(Handle handle, LlmCall call) {
        return handle.createQuery("""
                        SELECT llm_reserve(ROW(:id, :team, :person, :session, :plan, :purpose, :provider, :model, :prompt, :reason,
                            :outcome, :reserved, 0, 0, 0, 0, :trace, :now, NULL)::llm_call, :now)""")
                .bind("id", call.id())
                .bind("team", call.team())
                .bind("person", call.person())
                .bind("session", call.sessionId())
                .bind("plan", call.planId())
                .bind("purpose", call.purpose())
                .bind("provider", call.provider())
                .bind("model", call.model())
                .bind("prompt", call.prompt())
                .bind("reason", call.reason())
                .bind("outcome", call.outcome())
                .bind("reserved", call.reservedUsd())
                .bind("trace", call.traceId())
                .bind("now", call.startedAt())
                .map((row, context) -> Optional.ofNullable(row.getString(1)))
                .one();
    }

    void withdraw(Handle tx, UUID id) {
        tx.createUpdate("DELETE FROM llm_call WHERE id = :id AND outcome = 'open'")
                .bind("id", id)
                .execute();
    }

    /** One statement: who asked waits for each. The row is locked before anything is made of it, so it is settled once. */
    Settled settle(Handle tx, UUID id, CallBook.Result result, long wallMillis, Instant now) {
        return tx.createQuery("""
                        WITH open AS MATERIALIZED (SELECT * FROM llm_call WHERE id = :id AND outcome = 'open' FOR UPDATE)
                        SELECT open.*, ARRAY(SELECT llm_settle(open.id, :outcome, :cost, :in, :out, :millis, :now)) AS warned
                        FROM open""")
                .bind("id", id)
                .bind("outcome", result.outcome())
                .bind("cost", result.costUsd())
                .bind("in", result.tokensIn())
                .bind("out", result.tokensOut())
                .bind("millis", wallMillis)
                .bind("now", now)
                .map((row, context) -> new Settled(read(row).settled(result, wallMillis, now), List.of((String[])
                        row.getArray("warned").getArray())))
                .findOne()
                .orElseGet(() -> new Settled(null, List.of()));
    }

    List<LlmCall> openBefore(Handle handle, Instant time) {
        return handle.createQuery("SELECT * FROM llm_call WHERE outcome = 'open' AND started_at < :time LIMIT 100")
                .bind("time", time)
                .map((row, context) -> read(row))
                .list();
    }

    long tokensSince(Handle handle, Provider provider, Instant since) {
        return handle.createQuery("""
                        SELECT coalesce(sum(tokens_in + tokens_out), 0) FROM llm_call
                        WHERE provider = :provider AND started_at >= :since""")
                .bind("provider", provider.wire())
                .bind("since", since)
                .mapTo(Long.class)
                .one();
    }

    /** A plan's session was made after its model was asked. */
    public void belongTo(Handle tx, UUID planId, UUID sessionId) {
        tx.createUpdate("UPDATE llm_call SET session_id = :session WHERE plan_id = :plan AND session_id IS NULL")
                .bind("session", sessionId)
                .bind("plan", planId)
                .execute();
    }

    /** Newest first. */
    List<LlmCall> list(Handle handle, Visibility visibility, UUID plan, UUID session, UUID after, int limit) {
        return handle.createQuery("SELECT * FROM llm_call WHERE" + VISIBLE + """
                         AND (CAST(:plan AS uuid) IS NULL OR plan_id = :plan)
                         AND (CAST(:session AS uuid) IS NULL OR session_id = :session)
                         AND (CAST(:after AS uuid) IS NULL OR id < :after)
                        ORDER BY id DESC LIMIT :limit""")
                .bind("team", visibility.team())
                .bind("person", visibility.person())
                .bind("plan", plan)
                .bind("session", session)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list();
    }

    /** Everything asked about one plan. */
    public Usage ofPlan(Handle handle, UUID planId) {
        return handle.createQuery("""
                        SELECT count(*) AS calls, count(*) FILTER (WHERE outcome NOT IN ('answered', 'open')) AS failed,
                          coalesce(sum(tokens_in), 0) AS tokens_in, coalesce(sum(tokens_out), 0) AS tokens_out,
                          coalesce(sum(cost_usd), 0) AS cost_usd
                        FROM llm_call WHERE plan_id = :plan""")
                .bind("plan", planId)
                .map((row, context) -> usage(planId.toString(), row))
                .one();
    }

    private static Usage usage(String key, ResultSet row) throws SQLException {
        return new Usage(
                key,
                row.getLong("calls"),
                row.getLong("failed"),
                row.getLong("tokens_in"),
                row.getLong("tokens_out"),
                row.getBigDecimal("cost_usd"));
    }

    /** Sums, by key; by what is a column of ours and never a caller's word. */
    List<Usage> sums(
            Handle handle, Visibility visibility, UsageBy by, Instant from, Instant to, String after, int limit) {
        return handle.createQuery("SELECT " + by.column() + "::text AS key, count(*) AS calls,"
                        + " count(*) FILTER (WHERE outcome NOT IN ('answered', 'open')) AS failed,"
                        + " sum(tokens_in) AS tokens_in, sum(tokens_out) AS tokens_out, sum(cost_usd) AS cost_usd"
                        + " FROM llm_call WHERE" + VISIBLE + " AND started_at >= :from AND started_at < :to AND "
                        + by.column() + " IS NOT NULL AND (CAST(:after AS text) IS NULL OR " + by.column()
                        + "::text > :after)"
                        + " GROUP BY 1 ORDER BY 1 LIMIT :limit")
                .bind("team", visibility.team())
                .bind("person", visibility.person())
                .bind("from", from)
                .bind("to", to)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> usage(row.getString("key"), row))
                .list();
    }

    private static LlmCall read(ResultSet row) throws SQLException {
        Timestamp finished = row.getTimestamp("finished_at");
        BigDecimal cost = row.getBigDecimal("cost_usd");
        return new LlmCall(
                row.getObject("id", UUID.class),
                row.getString("team"),
                row.getString("person"),
                row.getObject("session_id", UUID.class),
                row.getObject("plan_id", UUID.class),
                row.getString("purpose"),
                row.getString("provider"),
                row.getString("model"),
                row.getString("prompt"),
                row.getString("reason"),
                row.getString("outcome"),
                row.getBigDecimal("reserved_usd"),
                cost,
                row.getLong("tokens_in"),
                row.getLong("tokens_out"),
                row.getLong("wall_millis"),
                row.getString("trace_id"),
                row.getTimestamp("started_at").toInstant(),
                finished == null ? null : finished.toInstant());
    }
}
