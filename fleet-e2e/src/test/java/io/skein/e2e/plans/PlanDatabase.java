package io.skein.e2e.plans;

import io.skein.e2e.Fleet;
import io.skein.e2e.plans.PlanHistory.Recorded;
import io.skein.e2e.plans.PlanHistory.Step;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;

/** The orchestrator's schema, read as the orchestrator. */
final class PlanDatabase implements AutoCloseable {

    private final Connection connection;

    PlanDatabase(Fleet fleet) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", "skein_orchestrator");
        login.setProperty("password", fleet.secrets().getProperty("postgres.role.skein_orchestrator.password"));
        connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + fleet.ports().getProperty("postgresql")
                        + "/skein?currentSchema=orchestrator",
                login);
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private synchronized <T> List<T> read(String sql, Reading<T> reading, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            List<T> all = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    all.add(reading.of(row));
                }
            }
            return all;
        }
    }

    synchronized void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    boolean isFinished(UUID plan) throws SQLException {
        return !read("SELECT 1 FROM plan WHERE id = ? AND finished_at IS NOT NULL", row -> row.getInt(1), plan)
                .isEmpty();
    }

    /** Approved and not ended: what is handed over when whoever carries it out is killed. */
    int underWay() throws SQLException {
        return read("SELECT count(*) FROM plan WHERE status IN ('approved', 'running')", row -> row.getInt(1))
                .getFirst();
    }

    /** Plans some process keeps the others from, and until when: it is a claim of the dead when it is there for long. */
    Map<UUID, Object> claims() throws SQLException {
        Map<UUID, Object> claims = new HashMap<>();
        read(
                "SELECT id, claimed_until FROM plan WHERE claimed_until > now()",
                row -> claims.put(row.getObject(1, UUID.class), row.getTimestamp(2)));
        return claims;
    }

    /** Everything that was asked for with a key that begins so. */
    List<PlanHistory> plans(String keys) throws SQLException {
        List<PlanHistory> plans = new ArrayList<>();
        for (PlanHistory plan : read(
                """
                SELECT p.id, r.idempotency_key, p.status FROM plan p JOIN request r ON r.plan_id = p.id
                WHERE starts_with(r.idempotency_key, ?) ORDER BY p.id\
                """,
                row -> new PlanHistory(
                        row.getObject(1, UUID.class), row.getString(2), row.getString(3), List.of(), List.of()),
                keys)) {
            plans.add(new PlanHistory(plan.id(), plan.key(), plan.status(), steps(plan.id()), recorded(plan.id())));
        }
        return plans;
    }

    /** Steps of whatever was asked for with another key. */
    Set<UUID> stepsOfOthers(String keys) throws SQLException {
        return Set.copyOf(read("""
                SELECT s.id FROM step s JOIN request r ON r.plan_id = s.plan_id
                WHERE r.idempotency_key IS NULL OR NOT starts_with(r.idempotency_key, ?)\
                """, row -> row.getObject(1, UUID.class), keys));
    }

    private List<Step> steps(UUID plan) throws SQLException {
        return read(
                "SELECT id, number, status FROM step WHERE plan_id = ? ORDER BY version, number",
                row -> new Step(row.getObject(1, UUID.class), row.getInt(2), row.getString(3)),
                plan);
    }

    private List<Recorded> recorded(UUID plan) throws SQLException {
        return read(
                "SELECT seq, kind, step_id, status, reason, actor FROM plan_event WHERE plan_id = ? ORDER BY seq",
                row -> new Recorded(
                        row.getLong(1),
                        row.getString(2),
                        row.getObject(3, UUID.class),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6)),
                plan);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
