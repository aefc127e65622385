package io.skein.e2e.plans;

import io.skein.e2e.plans.PlanHistory.Recorded;
import io.skein.e2e.plans.PlanHistory.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * ORCH-03 and ORCH-06 against what happened. Everybody who was answered has one plan and nobody two; every plan is completed; every
 * step took effect once, after those before it, and is recorded once; and the audit trail tells each transition the database has,
 * once, and no other.
 */
final class PlanChecker {

    private final StormHistory history;
    private final List<String> violations = new ArrayList<>();

    private PlanChecker(StormHistory history) {
        this.history = history;
    }

    /** Sentences about what must not be; empty when all is well. */
    static List<String> violations(StormHistory history) {
        PlanChecker checker = new PlanChecker(history);
        checker.everybodyHasOnePlan();
        history.plans().forEach(checker::ended);
        history.plans().forEach(checker::recordedOnce);
        checker.tookEffectOnce();
        checker.trailAgrees();
        return checker.violations;
    }

    private void everybodyHasOnePlan() {
        Map<String, Long> plans = counted(history.plans(), PlanHistory::key);
        plans.forEach((key, times) -> {
            if (times > 1) {
                violations.add("request " + key + " made " + times + " plans");
            }
        });
        Set<UUID> there = history.plans().stream().map(PlanHistory::id).collect(Collectors.toSet());
        history.answered().forEach((key, plan) -> {
            if (!there.contains(plan)) {
                violations.add("plan " + plan + ", answered to request " + key + ", was lost");
            }
        });
    }

    private void ended(PlanHistory plan) {
        if (!plan.status().equals("completed")) {
            violations.add(plan + " is " + plan.status());
        }
        for (Step step : plan.steps()) {
            if (!step.status().equals("completed")) {
                violations.add("step " + step.number() + " of " + plan + " is " + step.status());
            }
        }
    }

    private void recordedOnce(PlanHistory plan) {
        for (int i = 0; i < plan.recorded().size(); i++) {
            if (plan.recorded().get(i).seq() != i + 1) {
                violations.add("the stream of " + plan + " has no event " + (i + 1));
                break;
            }
        }
        for (Step step : plan.steps()) {
            List<String> moves = plan.recorded().stream()
                    .filter(event -> event.kind().equals("step") && event.isOf(step))
                    .map(Recorded::status)
                    .toList();
            // Who is slow to hear that it began may hear first that it ended.
            if (!moves.equals(List.of("dispatched", "running", "completed"))
                    && !moves.equals(List.of("dispatched", "completed"))) {
                violations.add("step " + step.number() + " of " + plan + " is recorded as " + moves);
            }
            long tasks = plan.recorded().stream()
                    .filter(event -> event.kind().equals("task") && event.isOf(step))
                    .count();
            if (tasks != 1) {
                violations.add(
                        "the one task of step " + step.number() + " of " + plan + " is recorded " + tasks + " times");
            }
        }
    }

    private void tookEffectOnce() {
        Map<UUID, Long> effects = counted(history.effects(), Function.identity());
        Set<UUID> known = new HashSet<>();
        for (PlanHistory plan : history.plans()) {
            int last = -1;
            for (Step step : plan.steps()) {
                known.add(step.id());
                long times = effects.getOrDefault(step.id(), 0L);
                if (times == 0) {
                    violations.add("step " + step.number() + " of " + plan + " never ran");
                } else if (times > 1) {
                    violations.add("step " + step.number() + " of " + plan + " ran " + times + " times");
                }
                int place = history.effects().indexOf(step.id());
                if (place >= 0 && place < last) {
                    violations.add("step " + step.number() + " of " + plan + " ran before the step it depends on");
                }
                last = Math.max(last, place);
            }
        }
        effects.forEach((step, times) -> {
            if (!known.contains(step)) {
                violations.add("something ran as " + step + ", which is no step");
            }
        });
    }

    private void trailAgrees() {
        Map<Told, Long> wanted = counted(
                history.plans().stream().flatMap(plan -> Told.of(plan).stream()).toList(), Function.identity());
        Map<Told, Long> found = counted(history.told(), Function.identity());
        Set<Told> all = new HashSet<>(wanted.keySet());
        all.addAll(found.keySet());
        for (Told told : all) {
            long in = wanted.getOrDefault(told, 0L);
            long out = found.getOrDefault(told, 0L);
            if (out < in) {
                violations.add("the audit trail lacks " + told);
            } else if (out > in) {
                violations.add("the audit trail has " + (out - in) + " more than the database of " + told);
            }
        }
    }

    private static <T, K> Map<K, Long> counted(List<T> things, Function<T, K> key) {
        return things.stream().collect(Collectors.groupingBy(key, HashMap::new, Collectors.counting()));
    }
}
