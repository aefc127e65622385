package io.skein.orchestrator.plan;

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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
                INSERT INTO step (id, plan_id, version, number, spec, playbook, agent, status)
                VALUES (:id, :plan, :version, :number, CAST(:spec AS jsonb), :playbook, :agent, 'pending')""");
        for (PlannedStep step : steps) {
            batch.bind("id", step.id())
                    .bind("plan", planId)
                    .bind("version", version)
                    .bind("number", step.number())
                    .bind("spec", WireFormat.writeString(step))
                    .bind("playbook", step.playbook())
                    .bind("agent", step.agent())
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

    public Optional<Step> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT * FROM step WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> step(row))
                .findOne();
    }

    void status(Handle tx, UUID id, StepStatus status, String reason, Instant at) {
        tx.createUpdate("""
                        UPDATE step SET status = :status, status_reason = :reason,
                            dispatched_at = CASE WHEN :status = 'dispatched' THEN :at ELSE dispatched_at END,
                            started_at = CASE WHEN :status = 'running' THEN coalesce(started_at, :at) ELSE started_at END,
                            finished_at = CASE WHEN :terminal THEN :at ELSE finished_at END,
                            retry_at = NULL
                        WHERE id = :id""")
                .bind("id", id)
                .bind("status", status.wire())
                .bind("reason", reason)
                .bind("terminal", status.isTerminal())
                .bind("at", at)
                .execute();
    }

    /** Given to the agent the spec names now. */
    public void given(Handle tx, UUID id, PlannedStep spec, int attempt) {
        tx.createUpdate(
                        "UPDATE step SET spec = CAST(:spec AS jsonb), agent = :agent, attempt = :attempt WHERE id = :id")
                .bind("spec", WireFormat.writeString(spec))
                .bind("agent", spec.agent())
                .bind("attempt", attempt)
                .bind("id", id)
                .execute();
    }

    /** Taken by an agent: competing consumers decide who it is in the end. */
    public void takenBy(Handle tx, UUID id, String agent) {
        tx.execute("UPDATE step SET agent = ? WHERE id = ?", agent, id);
    }

    public void ended(Handle tx, UUID id, Integer exitCode, Outcome outcome, Instant startedAt) {
        tx.createUpdate("""
                        UPDATE step SET exit_code = :exit, outcome = CAST(:outcome AS jsonb),
                            started_at = coalesce(started_at, :started)
                        WHERE id = :id""")
                .bind("id", id)
                .bind("exit", exitCode)
                .bind("outcome", WireFormat.writeString(outcome))
                .bind("started", startedAt)
                .execute();
    }

    public void retryAt(Handle tx, UUID id, Instant at, String reason) {
        tx.createUpdate("UPDATE step SET retry_at = :at, status_reason = :reason WHERE id = :id")
                .bind("at", at)
                .bind("reason", reason)
                .bind("id", id)
                .execute();
    }

    public void auditCommit(Handle tx, UUID id, String commit) {
        tx.execute("UPDATE step SET audit_commit = ? WHERE id = ?", commit, id);
    }

    @Override
    public List<PastRun> find(String team, Collection<String> playbooks, Collection<String> agents) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT s.agent, s.playbook, s.spec ->> 'service' AS service, s.spec -> 'hosts' AS hosts, p.session_id,
                            s.status, s.finished_at, coalesce(s.started_at, s.dispatched_at, s.finished_at) AS began
                        FROM step s JOIN plan p ON p.id = s.plan_id
                        WHERE p.team = :team AND s.finished_at IS NOT NULL AND s.dispatched_at IS NOT NULL
                          AND s.status IN ('completed', 'failed', 'interrupted')
                          AND (s.playbook = ANY(:playbooks) OR s.agent = ANY(:agents))
                        ORDER BY s.finished_at DESC LIMIT :limit""")
                .bind("team", team)
                .bindArray("playbooks", String.class, playbooks.toArray(String[]::new))
                .bindArray("agents", String.class, agents.toArray(String[]::new))
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
                JsonColumn.read(row, "hosts", new com.fasterxml.jackson.core.type.TypeReference<List<String>>() {}),
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
                row.getString("audit_commit"));
    }
}
