package io.skein.orchestrator.draft;

import io.skein.contracts.Ids;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Which step waits for which. A step waits for all steps of the stage before its own ("then"), for the step before it when
 * it refers back ("add them to the config"), and for the last earlier step of the same service. What follows from other
 * dependencies anyway is left out, so that the graph shows what matters.
 */
public final class Dependencies {

    private Dependencies() {}

    /** Numbers the steps in list order, gives each a new id and links them; questions follow their steps. */
    public static Draft link(List<PlannedStep> steps, List<Question> questions) {
        Map<UUID, UUID> ids = new HashMap<>();
        List<PlannedStep> linked = new ArrayList<>();
        Map<Integer, Set<Integer>> ancestors = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            PlannedStep step = steps.get(i);
            Set<Integer> direct = direct(steps, i);
            Set<Integer> all = new HashSet<>(direct);
            direct.forEach(d -> all.addAll(ancestors.get(d)));
            ancestors.put(i + 1, all);
            Set<Integer> reduced = new TreeSet<>(direct);
            direct.forEach(d -> reduced.removeAll(ancestors.get(d)));
            UUID id = Ids.next();
            ids.put(step.id(), id);
            linked.add(step.renumbered(id, i + 1, List.copyOf(reduced)));
        }
        List<Question> follow = questions.stream()
                .filter(question -> question.stepId() == null || ids.containsKey(question.stepId()))
                .map(question -> question.stepId() == null ? question : question.forStep(ids.get(question.stepId())))
                .toList();
        return new Draft(linked, follow);
    }

    private static Set<Integer> direct(List<PlannedStep> steps, int index) {
        PlannedStep step = steps.get(index);
        Set<Integer> direct = new TreeSet<>();
        int before = -1;
        for (int i = 0; i < index; i++) {
            if (steps.get(i).stage() < step.stage()) {
                before = Math.max(before, steps.get(i).stage());
            }
        }
        for (int i = 0; i < index; i++) {
            PlannedStep earlier = steps.get(i);
            boolean sameService = step.service() != null
                    && !step.service().isBlank()
                    && step.service().equals(earlier.service());
            if (earlier.stage() == before && earlier.stage() < step.stage() || sameService) {
                direct.add(i + 1);
            }
        }
        if (step.refersBack() && index > 0) {
            direct.add(index);
        }
        return direct;
    }
}
