package io.skein.orchestrator.plan;

import com.fasterxml.jackson.core.type.TypeReference;
import io.skein.contracts.wire.WireFormat;
import io.skein.platform.persistence.JsonColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** {@link PlanFacts}, out of the rows of {@code plan} and {@code plan_version}. */
@ApplicationScoped
public class PlanFactsRepository {

    public PlanFacts find(Handle handle, UUID planId, int version) {
        return handle.createQuery("""
            SELECT p.approved_hash, p.approval_mode, p.approval_rule, p.rollback_of, v.notes, v.lapsed,
              (SELECT r.id FROM plan r WHERE r.rollback_of = p.id ORDER BY r.id DESC LIMIT 1) AS rolled_back_by
            FROM plan p JOIN plan_version v ON v.plan_id = p.id
            WHERE p.id = :plan AND v.version = :version\
            """)
                .bind("plan", planId)
                .bind("version", version)
                .map((row, context) -> new PlanFacts(
                        row.getString("approved_hash"),
                        row.getString("approval_mode"),
                        row.getString("approval_rule"),
                        row.getObject("rollback_of", UUID.class),
                        row.getObject("rolled_back_by", UUID.class),
                        JsonColumn.read(row, "notes", new TypeReference<List<String>>() {}),
                        JsonColumn.read(row, "lapsed", PlanFacts.Lapsed.class)))
                .findOne()
                .orElse(PlanFacts.NONE);
    }

    public void lapsed(Handle tx, UUID planId, int version, PlanFacts.Lapsed lapsed) {
        tx.createUpdate("UPDATE plan_version SET lapsed = CAST(:lapsed AS jsonb) WHERE plan_id = :plan AND version ="
                        + " :version")
                .bind("lapsed", WireFormat.writeString(lapsed))
                .bind("plan", planId)
                .bind("version", version)
                .execute();
    }

    public void rollbackOf(Handle tx, UUID planId, UUID undone, List<String> notes) {
        tx.execute("UPDATE plan SET rollback_of = ? WHERE id = ?", undone, planId);
        tx.createUpdate("UPDATE plan_version SET notes = CAST(:notes AS jsonb) WHERE plan_id = :plan")
                .bind("notes", WireFormat.writeString(notes))
                .bind("plan", planId)
                .execute();
    }

    /** A plan that undoes this one and has not ended. */
    public Optional<UUID> openRollback(Handle handle, UUID planId) {
        return handle.createQuery("""
            SELECT id FROM plan WHERE rollback_of = :plan
              AND status IN ('needs_input', 'awaiting_approval', 'approved', 'running', 'paused')
            ORDER BY id DESC LIMIT 1\
            """).bind("plan", planId).mapTo(UUID.class).findOne();
    }
}
