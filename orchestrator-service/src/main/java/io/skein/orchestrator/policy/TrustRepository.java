package io.skein.orchestrator.policy;

import jakarta.enterprise.context.ApplicationScoped;
import org.jdbi.v3.core.Handle;

/** How often the like of a step went well. */
@ApplicationScoped
class TrustRepository {

    /** Plans of the team in which such a step was approved by a person and completed, since the last such step that did not end well. */
    int successes(Handle handle, String team, String shape) {
        return handle.createQuery("""
            SELECT count(DISTINCT s.plan_id) FROM step s JOIN plan p ON p.id = s.plan_id
            WHERE p.team = :team AND s.shape = :shape AND s.status = 'completed' AND s.carried_from IS NULL
              AND p.approval_mode IN ('always', 'two-person')
              AND s.finished_at > coalesce(
                (SELECT max(f.finished_at) FROM step f JOIN plan q ON q.id = f.plan_id
                 WHERE q.team = :team AND f.shape = :shape AND f.carried_from IS NULL
                   AND f.dispatched_at IS NOT NULL
                   AND f.status IN ('failed', 'interrupted', 'cancelled', 'refused')), '-infinity')\
            """)
                .bind("team", team)
                .bind("shape", shape)
                .mapTo(Integer.class)
                .one();
    }
}
