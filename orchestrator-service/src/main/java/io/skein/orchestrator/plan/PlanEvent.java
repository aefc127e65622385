package io.skein.orchestrator.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * One thing that happened to a plan, in order; what the live stream sends.
 *
 * @param seq 1, 2, 3 … per plan
 * @param kind plan, step, task or activity
 * @param status the new status, for plan and step; for activity what was done, like checkpoint_reached
 * @param task the Ansible task that ended, for task
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanEvent(
        long seq,
        Instant at,
        String kind,
        UUID planId,
        Integer stepNumber,
        String status,
        String reason,
        JsonNode task) {

    /** The stream ends with this one. */
    public boolean endsStream() {
        return kind.equals("plan")
                && status != null
                && PlanStatus.fromWire(status).isTerminal();
    }
}
