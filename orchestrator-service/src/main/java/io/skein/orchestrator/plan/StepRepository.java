package io.skein.orchestrator.plan;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.routing.PastRun;
import io.skein.orchestrator.routing.PastRuns;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Rows of {@code step}. Whoever writes one holds the lock on its plan's row. */
@ApplicationScoped
public class StepRepository implements PastRuns {

    private static final int MAX_PAST = 200;

    @Inject
    Jdbi jdbi;

    public void insert(Handle tx, UUID planId, int version, List<PlannedStep> steps) {
        if (steps.isEmpty()) {
            return;
        }
        var batch = tx.prepareBatch("""
            INSERT INTO step (id, plan_id, version, number, spec, playbook, agent, status, shape)
            VALUES (:id, :plan, :version, :number, CAST(:spec AS jsonb), :playbook, :agent, 'pending', :shape)\
            """);
        for (PlannedStep step : steps) {
            batch.bind("id", step.id())
                    .bind("plan", planId)
                    .bind("version", version)
                    .bind("number", step.number())
                    .bind("spec", WireFormat.writeString(step))
                    .bind("playbook", step.playbook())
                    .bind("agent", step.agent())
                    .bind("shape", StepShape.of(step))
                    .add();
        }
        batch.execute();
    }

    public List<Step> ofPlan(Handle handle, UUID planId, int version) {
        return handle.createQuery("SELECT * FROM step WHERE plan_id = :plan AND version = :version ORDER BY number")
                .bind("plan", planId)
                .bind("version", version)
                .map((row, context) -> step(row))
                .list();
    }

    /** Every step that ran to its end in any version, in the order they ended. */
    public List<Step> completed(Handle handle, UUID planId) {
        return handle.createQuery("""
            SELECT * FROM step WHERE plan_id = :plan AND status = 'completed' AND carried_from IS NULL
            ORDER BY finished_at, version, number\
            """)
                .bind("plan", planId)
                .map((row, context) -> step(row))
                .list();
    }

    /** The new step stands for one that ran in an earlier version. */
    public void carry(Handle tx, UUID id, Step ran) {
        tx.createUpdate("""
            UPDATE step SET status = old.status, status_reason = old.status_reason, agent = old.agent,
                attempt = old.attempt, dispatched_at = old.dispatched_at, started_at = old.started_at,
                finished_at = old.finished_at, exit_code = old.exit_code, outcome = old.outcome,
                audit_commit = old.audit_commit, carried_from = :origin
            FROM step old WHERE step.id = :id AND old.id = :old\
            """)
                .bind("id", id)
                .bind("old", ran.id())
                .bind("origin", ran.ranAs())
                .execute();
    }

    /** Why the agent did not run it. */
    public void refused(Handle tx, UUID id, String code, List<String> changedFiles) {
        tx.createUpdate("UPDATE step SET refusal_code = :code, changed_files = CAST(:files AS jsonb) WHERE id = :id")
                .bind("code", code)
                .bind("files", WireFormat.writeString(changedFiles))
                .bind("id", id)
                .execute();
    }

    public Optional<Step> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT * FROM step WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> step(row))
                .findOne();
    }

    /** Of each of these steps that is there, its plan. */
    public Map<UUID, UUID> plansOf(Handle handle, Collection<UUID> ids) {
        return handle.createQuery("SELECT id, plan_id FROM step WHERE id = ANY(:ids)")
                .bindArray("ids", UUID.class, ids)
                .reduceRows(new HashMap<>(), (map, row) -> {
                    map.put(row.getColumn("id", UUID.class), row.getColumn("plan_id", UUID.class));
                    return map;
                });
    }

    public Map<UUID, Step> find(Handle handle, Collection<UUID> ids) {
        return handle.createQuery("SELECT * FROM step WHERE id = ANY(:ids)")
                .bindArray("ids", UUID.class, ids)
                .map((row, context) -> step(row))
                .collectToMap(Step::id, Function.identity());
    }

    /** Returns the step as it is now. */
    Step status(Handle tx, UUID id, StepStatus status, String reason, Instant at) {
        return tx.createQuery("""
            UPDATE step SET status = :status, status_reason = :reason,
                dispatched_at = CASE WHEN :status = 'dispatched' THEN :at ELSE dispatched_at END,
                started_at = CASE WHEN :status = 'running' THEN coalesce(started_at, :at) ELSE started_at END,
                finished_at = CASE WHEN :terminal THEN :at ELSE finished_at END,
                retry_at = NULL
            WHERE id = :id
            RETURNING *\
            """)
                .bind("id", id)
                .bind("status", status.wire())
                .bind("reason", reason)
                .bind("terminal", status.isTerminal())
                .bind("at", at)
                .map((row, context) -> step(row))
                .one();
    }

    /** Given to the agent the spec names now. */
    public void given(Handle tx, UUID id, PlannedStep spec, int attempt) {
        tx.createUpdate("UPDATE step SET spec = CAST(:spec AS jsonb), agent = :agent, attempt = :attempt WHERE id ="
                        + " :id")
                .bind("spec", WireFormat.writeString(spec))
                .bind("agent", spec.agent())
                .bind("attempt", attempt)
                .bind("id", id)
                .execute();
    }

    /** The statuses of the work with these numbers have come. */
    public void told(Handle tx, UUID id, Collection<Long> sequences) {
        tx.createUpdate("""
            UPDATE step SET told = told
                + (SELECT range_agg(int8range(n, n, '[]')) FROM unnest(CAST(:sequences AS bigint[])) AS n)
            WHERE id = :id\
            """)
                .bindArray("sequences", Long.class, sequences)
                .bind("id", id)
                .execute();
    }

    /** Whether every status of the work up to this number has come. */
    public boolean isTold(Handle handle, UUID id, long lastSequence) {
        return lastSequence < 1
                || handle.createQuery("SELECT told @> int8range(1, :last, '[]') FROM step WHERE id = :id")
                        .bind("last", lastSequence)
                        .bind("id", id)
                        .mapTo(Boolean.class)
                        .one();
    }

    /** Taken by an agent: competing consumers decide who it is in the end. Returns the step as it is now. */
    public Step takenBy(Handle tx, UUID id, String agent) {
        return tx.createQuery("UPDATE step SET agent = :agent WHERE id = :id RETURNING *")
                .bind("agent", agent)
                .bind("id", id)
                .map((row, context) -> step(row))
                .one();
    }

    /** Returns the step as it is now; its status is still to follow. */
    public Step ended(Handle tx, UUID id, Integer exitCode, Outcome outcome, Instant startedAt) {
        return tx.createQuery("""
            UPDATE step SET exit_code = :exit, outcome = CAST(:outcome AS jsonb),
                started_at = coalesce(started_at, :started)
            WHERE id = :id
            RETURNING *\
            """)
                .bind("id", id)
                .bind("exit", exitCode)
                .bind("outcome", WireFormat.writeString(outcome))
                .bind("started", startedAt)
                .map((row, context) -> step(row))
                .one();
    }

    public void retryAt(Handle tx, UUID id, Instant at, String reason) {
        tx.createUpdate("UPDATE step SET retry_at = :at, status_reason = :reason WHERE id = :id")
                .bind("at", at)
                .bind("reason", reason)
                .bind("id", id)
                .execute();
    }

    public void auditCommit(Handle tx, UUID id, String commit) {
        tx.execute("UPDATE step SET audit_commit = ? WHERE id = ? OR carried_from = ?", commit, id, id);
    }

    @Override
    public List<PastRun> find(String team, Collection<String> playbooks, Collection<String> agents) {
        // The newest of each playbook and of each agent by their indexes: what ran long ago costs nothing. The team is
        // compared row by row, because PostgreSQL would begin a join with all plans of the team while it believes that
        // there are few.
        return jdbi.withHandle(handle -> handle.createQuery("""
            WITH recent AS (
              SELECT r.* FROM unnest(:playbooks) AS by(name) CROSS JOIN LATERAL (
                SELECT s.id, s.finished_at FROM step s
                WHERE s.playbook = by.name AND s.finished_at IS NOT NULL
                  AND s.dispatched_at IS NOT NULL AND s.carried_from IS NULL
                  AND s.status IN ('completed', 'failed', 'interrupted')
                  AND (SELECT p.team FROM plan p WHERE p.id = s.plan_id) = :team
                ORDER BY s.finished_at DESC LIMIT :limit) r
              UNION
              SELECT r.* FROM unnest(:agents) AS by(name) CROSS JOIN LATERAL (
                SELECT s.id, s.finished_at FROM step s
                WHERE s.agent = by.name AND s.finished_at IS NOT NULL
                  AND s.dispatched_at IS NOT NULL AND s.carried_from IS NULL
                  AND s.status IN ('completed', 'failed', 'interrupted')
                  AND (SELECT p.team FROM plan p WHERE p.id = s.plan_id) = :team
                ORDER BY s.finished_at DESC LIMIT :limit) r)
            SELECT s.agent, s.playbook, s.spec ->> 'service' AS service, s.spec -> 'hosts' AS hosts, p.session_id,
                s.status, s.finished_at, coalesce(s.started_at, s.dispatched_at, s.finished_at) AS began
            FROM step s JOIN plan p ON p.id = s.plan_id
            WHERE s.id = ANY(ARRAY(SELECT id FROM recent ORDER BY finished_at DESC LIMIT :limit))
            ORDER BY s.finished_at DESC\
            """)
                .bind("team", team)
                .bindArray("playbooks", String.class, playbooks)
                .bindArray("agents", String.class, agents)
                .bind("limit", MAX_PAST)
                .map((row, context) -> pastRun(row))
                .list());
    }

    private static PastRun pastRun(ResultSet row) throws SQLException {
        Instant finished = PlanRepository.instant(row, "finished_at");
        return new PastRun(
                row.getString("agent"),
                row.getString("playbook"),
                row.getString("service"),
                JsonColumn.read(row, "hosts", new TypeReference<List<String>>() {}),
                row.getObject("session_id", UUID.class),
                StepStatus.fromWire(row.getString("status")) == StepStatus.COMPLETED,
                finished,
                Duration.between(PlanRepository.instant(row, "began"), finished).toSeconds());
    }

    private static Step step(ResultSet row) throws SQLException {
        int exit = row.getInt("exit_code");
        Integer exitCode = row.wasNull() ? null : exit;
        return new Step(
                row.getObject("id", UUID.class),
                row.getObject("plan_id", UUID.class),
                row.getInt("version"),
                row.getInt("number"),
                JsonColumn.read(row, "spec", PlannedStep.class),
                row.getString("agent"),
                StepStatus.fromWire(row.getString("status")),
                row.getString("status_reason"),
                row.getInt("attempt"),
                PlanRepository.instant(row, "retry_at"),
                PlanRepository.instant(row, "dispatched_at"),
                PlanRepository.instant(row, "started_at"),
                PlanRepository.instant(row, "finished_at"),
                exitCode,
                JsonColumn.read(row, "outcome", Outcome.class),
                row.getString("audit_commit"),
                row.getObject("carried_from", UUID.class),
                row.getString("refusal_code"),
                JsonColumn.read(row, "changed_files", new TypeReference<List<String>>() {}));
    }
}
