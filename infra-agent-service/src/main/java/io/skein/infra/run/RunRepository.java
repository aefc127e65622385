package io.skein.infra.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.AgentPayload;
import io.skein.contracts.agent.WorkRequest;
import io.skein.infra.agent.Agent;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The table {@code run} and its neighbours. Every method works in the caller's transaction. */
@ApplicationScoped
class RunRepository {

    private static final String COLUMNS =
            "request_id, state, from_agent, trace_id, request, started_at, process_id, process_start, last_sequence";

    @Inject
    Agent agent;

    /** The answer given to a request, as it was. */
    record Answer(String type, JsonNode payload) {}

    /**
     * Takes a request.
     *
     * @return false when its id is known already
     */
    boolean insert(Handle tx, AgentMessage message, WorkRequest request, String toAgent, Instant at) {
        return tx.execute(
                        """
                        INSERT INTO run (request_id, plan_id, step_id, playbook, state, from_agent, to_agent, trace_id,
                          request, received_at, last_sequence)
                        VALUES (?, ?, ?, ?, 'accepted', ?, ?, ?, ?, ?, 0) ON CONFLICT (request_id) DO NOTHING
                        """,
                        message.requestId(),
                        request.planId(),
                        request.stepId(),
                        request.playbook(),
                        message.fromAgent(),
                        toAgent,
                        message.traceId(),
                        JsonColumn.jsonb(request),
                        utc(at))
                == 1;
    }

    Optional<Answer> answer(Handle tx, UUID requestId) {
        return tx.createQuery("SELECT answer_type, answer FROM run WHERE request_id = ? AND answer IS NOT NULL")
                .bind(0, requestId)
                .map((row, context) ->
                        new Answer(row.getString("answer_type"), JsonColumn.read(row, "answer", JsonNode.class)))
                .findOne();
    }

    /**
     * The oldest accepted work this agent may take, locked; nobody waits for a row another agent looks at. Work of a newer holder of a lock
     * stays where it is while an older one's is under way.
     */
    Optional<Run> next(Handle tx, boolean previews) {
        return tx.createQuery("SELECT " + COLUMNS
                        + " FROM run WHERE state = 'accepted' AND to_agent IN (?, ?) AND NOT must_wait(run)"
                        + " AND (request ->> 'work_type' = ?) = ?"
                        + " ORDER BY received_at, request_id LIMIT 1 FOR UPDATE SKIP LOCKED")
                .bind(0, Agent.TYPE)
                .bind(1, agent.id())
                .bind(2, WorkRequest.ANSIBLE_PREVIEW)
                .bind(3, previews)
                .map((row, context) -> run(row))
                .findOne();
    }

    /** Whether work that an older lock token was shown for is still under way on one of its resources. */
    boolean mustWait(Handle tx, UUID requestId) {
        return tx.createQuery("SELECT must_wait(run) FROM run WHERE request_id = ?")
                .bind(0, requestId)
                .mapTo(Boolean.class)
                .one();
    }

    void running(Handle tx, UUID requestId, Instant at, Instant leaseUntil) {
        tx.execute("""
            UPDATE run SET state = 'running', agent_id = ?, instance_id = ?, lease_until = ?, started_at = ?
            WHERE request_id = ? AND state = 'accepted'
            """, agent.id(), agent.instance(), utc(leaseUntil), utc(at), requestId);
    }

    void process(Handle tx, UUID requestId, long pid, Instant start) {
        tx.execute(
                "UPDATE run SET process_id = ?, process_start = ? WHERE request_id = ? AND instance_id = ?",
                pid,
                start == null ? null : utc(start),
                requestId,
                agent.instance());
    }

    /**
     * Moves the sequence on.
     *
     * @return false when the run is not ours any more
     */
    boolean sequence(Handle tx, UUID requestId, long sequence) {
        return tx.execute(
                        "UPDATE run SET last_sequence = ? WHERE request_id = ? AND instance_id = ? AND state ="
                                + " 'running'",
                        sequence,
                        requestId,
                        agent.instance())
                == 1;
    }

    /** Sequence of a run that has not started. */
    void firstSequence(Handle tx, UUID requestId) {
        tx.execute("UPDATE run SET last_sequence = 1 WHERE request_id = ?", requestId);
    }

    /**
     * Ends a run.
     *
     * @param owner the instance that must still hold it; null when the caller has locked the row
     * @param scrubbed the request without secret values: they are not needed any more
     * @return false when it has ended before, or is not the owner's any more
     */
    boolean end(Handle tx, Run run, UUID owner, RunState to, AgentPayload answer, WorkRequest scrubbed, Instant at) {
        return tx.execute(
                        """
                        UPDATE run SET state = ?, answer_type = ?, answer = ?, request = ?, finished_at = ?
                        WHERE request_id = ? AND state IN ('accepted', 'running')
                          AND (instance_id = ? OR ?)
                        """,
                        to.wire(),
                        answer.type(),
                        JsonColumn.jsonb(answer),
                        JsonColumn.jsonb(scrubbed),
                        utc(at),
                        run.requestId(),
                        owner == null ? agent.instance() : owner,
                        owner == null)
                == 1;
    }

    /** Runs nobody looks after: of instances known to be dead, or with a lease that ran out. Locked. */
    List<Run> abandoned(Handle tx, List<UUID> dead, Instant now) {
        return tx.createQuery("SELECT " + COLUMNS
                        + " FROM run WHERE state = 'running' AND (instance_id = ANY(?) OR lease_until < ?)"
                        + " AND instance_id <> ? FOR UPDATE SKIP LOCKED")
                .bind(0, dead.toArray(UUID[]::new))
                .bind(1, utc(now))
                .bind(2, agent.instance())
                .map((row, context) -> run(row))
                .list();
    }

    /** Renews our leases; what is missing in the answer is not ours any more. */
    List<UUID> renew(Handle tx, Instant leaseUntil) {
        return tx.createQuery("UPDATE run SET lease_until = ? WHERE instance_id = ? AND state = 'running' RETURNING"
                        + " request_id")
                .bind(0, utc(leaseUntil))
                .bind(1, agent.instance())
                .mapTo(UUID.class)
                .list();
    }

    void cancel(Handle tx, UUID requestId, String reason, Instant at) {
        tx.execute(
                "INSERT INTO cancellation (request_id, reason, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                requestId,
                reason,
                utc(at));
    }

    Optional<String> cancellation(Handle tx, UUID requestId) {
        return tx.createQuery("SELECT coalesce(reason, '') FROM cancellation WHERE request_id = ?")
                .bind(0, requestId)
                .mapTo(String.class)
                .findOne();
    }

    Optional<Run> accepted(Handle tx, UUID requestId) {
        return tx.createQuery("SELECT " + COLUMNS + " FROM run WHERE request_id = ? AND state = 'accepted' FOR UPDATE")
                .bind(0, requestId)
                .map((row, context) -> run(row))
                .findOne();
    }

    private static Run run(ResultSet row) throws SQLException {
        return new Run(
                row.getObject("request_id", UUID.class),
                RunState.fromWire(row.getString("state")),
                row.getString("from_agent"),
                row.getString("trace_id"),
                JsonColumn.read(row, "request", WorkRequest.class),
                instant(row, "started_at"),
                row.getObject("process_id", Long.class),
                instant(row, "process_start"),
                row.getLong("last_sequence"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
