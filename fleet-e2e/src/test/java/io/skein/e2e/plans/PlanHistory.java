package io.skein.e2e.plans;

import java.util.List;
import java.util.UUID;

/**
 * What the orchestrator's database keeps of one plan.
 *
 * @param key the Idempotency-Key it was asked for with
 * @param recorded its stream, in order
 */
record PlanHistory(UUID id, String key, String status, List<Step> steps, List<Recorded> recorded) {

    record Step(UUID id, int number, String status) {}

    /**
     * One event of the stream.
     *
     * @param kind plan, step, task or activity
     * @param step what about, or null for all of the plan
     */
    record Recorded(long seq, String kind, UUID step, String status, String reason, String actor) {

        boolean isOf(Step of) {
            return of.id().equals(step);
        }
    }

    @Override
    public String toString() {
        return "plan " + key + " (" + id + ")";
    }
}
