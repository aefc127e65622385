package io.skein.orchestrator.correction;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;

/**
 * Guidance that sent a task back.
 *
 * @param rootId what was corrected first; rounds are counted along it
 * @param round 1, 2, 3; of an escalation how many there were, and this one
 * @param status sent_back (a task of its own kind is pending again), of a step the state of the plan that runs it again, or escalated
 * @param checkpointId of an escalation: where a person decides
 * @param nextPlanId of a step: the plan that runs it again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Correction(
        UUID id,
        UUID taskId,
        UUID rootId,
        int round,
        String guidance,
        String status,
        UUID checkpointId,
        UUID nextPlanId,
        String createdBy,
        Instant createdAt,
        @JsonIgnore String playbook) {

    static final String SENT_BACK = "sent_back";
    static final String ESCALATED = "escalated";

    @JsonIgnore
    boolean isEscalation() {
        return ESCALATED.equals(status);
    }
}
