package io.skein.orchestrator.session;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What a session's plans left behind, read off the rows of requests, plans, steps, evaluations and corrections. */
@ApplicationScoped
class ArtefactRepository {

    private static final String ALL = """
            SELECT p.id AS plan_id, 0 AS rank, '' AS sub, 'intake' AS stage, 'request' AS kind, CAST(NULL AS int) AS number,
                   CAST(NULL AS text) AS status, p.text, p.requested_by AS made_by, p.created_at AS at
            FROM plan p WHERE p.session_id = :session
            UNION ALL
            SELECT p.id, 1, lpad(CAST(v.version AS text), 9, '0'), 'planning', 'plan_version', v.version,
                   CASE WHEN v.version = p.version THEN 'current' ELSE 'superseded' END, v.summary, v.created_by, v.created_at
            FROM plan p JOIN plan_version v ON v.plan_id = p.id WHERE p.session_id = :session
            UNION ALL
            SELECT p.id, 2, '', 'approval', 'decision', p.version, CASE WHEN p.status = 'rejected' THEN 'rejected' ELSE 'approved' END,
                   CASE WHEN p.status = 'rejected' THEN p.rejected_reason END,
                   CASE WHEN p.status = 'rejected' THEN NULL ELSE p.approved_by END,
                   CASE WHEN p.status = 'rejected' THEN p.finished_at ELSE p.approved_at END
            FROM plan p WHERE p.session_id = :session AND (p.approved_at IS NOT NULL OR p.status = 'rejected')
            UNION ALL
            SELECT p.id, 3, lpad(CAST(s.number AS text), 9, '0'), 'execution', 'step_result', s.number, s.status,
                   s.spec ->> 'name', s.agent, s.finished_at
            FROM plan p JOIN step s ON s.plan_id = p.id AND s.version = p.version
            WHERE p.session_id = :session AND s.finished_at IS NOT NULL
            UNION ALL
            SELECT p.id, 4, '', 'review', 'outcome', NULL, p.status, p.status_reason, NULL, p.finished_at
            FROM plan p WHERE p.session_id = :session AND p.finished_at IS NOT NULL AND p.status <> 'rejected'
            UNION ALL
            SELECT p.id, 5, CAST(e.id AS text), 'review', 'evaluation', NULL, e.evaluator, e.comment, e.evaluated_by, e.created_at
            FROM plan p JOIN evaluation e ON e.plan_id = p.id WHERE p.session_id = :session
            UNION ALL
            SELECT p.id, 6, CAST(c.id AS text), 'review', 'correction', c.round,
                   CASE WHEN c.escalated THEN 'escalated' ELSE 'sent_back' END, c.guidance, c.created_by, c.created_at
            FROM plan p JOIN correction c ON c.plan_id = p.id WHERE p.session_id = :session""";

    List<Artefact> of(Handle handle, UUID sessionId, Stage stage, Artefact.Place after, int limit) {
        return handle.createQuery("SELECT * FROM (" + ALL + """
                        ) a WHERE (CAST(:stage AS text) IS NULL OR stage = :stage)
                          AND (CAST(:plan AS uuid) IS NULL OR (plan_id, rank, sub COLLATE "C") > (:plan, :rank, :sub))
                        ORDER BY plan_id, rank, sub COLLATE "C" LIMIT :limit""")
                .bind("session", sessionId)
                .bind("stage", stage == null ? null : stage.wire())
                .bind("plan", after == null ? null : after.planId())
                .bind("rank", after == null ? 0 : after.rank())
                .bind("sub", after == null ? "" : after.sub())
                .bind("limit", limit)
                .map((row, context) -> artefact(row))
                .list();
    }

    private static Artefact artefact(ResultSet row) throws SQLException {
        int number = row.getInt("number");
        Integer shown = row.wasNull() ? null : number;
        return new Artefact(
                Stage.fromWire(row.getString("stage")).orElseThrow(),
                row.getString("kind"),
                row.getObject("plan_id", UUID.class),
                shown,
                row.getString("status"),
                row.getString("text"),
                row.getString("made_by"),
                SessionRepository.instant(row, "at"),
                new Artefact.Place(row.getObject("plan_id", UUID.class), row.getInt("rank"), row.getString("sub")));
    }
}
