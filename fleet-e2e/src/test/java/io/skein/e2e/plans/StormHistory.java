package io.skein.e2e.plans;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Everything there is to know about a storm.
 *
 * @param answered which plan was answered to each Idempotency-Key
 * @param plans what the database has
 * @param effects the step each playbook ran for, in the order they ran
 * @param told what the audit trail has about plans and steps
 * @param evidence how many tasks the record of each step has that ended, by the step
 */
record StormHistory(
        Map<String, UUID> answered,
        List<PlanHistory> plans,
        List<UUID> effects,
        List<Told> told,
        Map<UUID, Integer> evidence) {

    /** Steps whose record was made before what the agent told of their task arrived by way of the other process. */
    long evidenceTooEarly() {
        return evidence.values().stream().filter(tasks -> tasks == 0).count();
    }

    int steps() {
        return plans.stream().mapToInt(plan -> plan.steps().size()).sum();
    }

    /** How many transitions the database has, so that as many have to be told. */
    int transitions() {
        return plans.stream().mapToInt(plan -> Told.of(plan).size()).sum();
    }
}
