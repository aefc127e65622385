package io.skein.orchestrator.approval;

import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanView.ApprovalView.Given;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Rows of {@code plan_approval}: who has approved a version where one person is not enough. */
@ApplicationScoped
class GivenApprovalRepository {

    /** Of the plan's newest version, as it is; oldest first. */
    List<Given> given(Handle handle, Plan plan) {
        return handle.createQuery("""
            SELECT approver, at FROM plan_approval
            WHERE plan_id = :plan AND version = :version AND plan_hash = :hash ORDER BY at, approver\
            """)
                .bind("plan", plan.id())
                .bind("version", plan.version())
                .bind("hash", plan.planHash())
                .map((row, context) -> new Given(
                        row.getString("approver"), row.getTimestamp("at").toInstant()))
                .list();
    }

    void give(Handle tx, Plan plan, String approver, Instant at) {
        tx.createUpdate("""
            INSERT INTO plan_approval (plan_id, version, approver, plan_hash, at)
            VALUES (:plan, :version, :approver, :hash, :at)\
            """)
                .bind("plan", plan.id())
                .bind("version", plan.version())
                .bind("approver", approver)
                .bind("hash", plan.planHash())
                .bind("at", at)
                .execute();
    }
}
