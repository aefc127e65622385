package io.skein.orchestrator.draft;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A proposal: the steps in order, and what has to be answered before anybody can approve it. */
public record Draft(List<PlannedStep> steps, List<Question> questions) {

    public Draft {
        steps = List.copyOf(steps);
        questions = List.copyOf(questions);
    }

    public boolean needsInput() {
        return !questions.isEmpty() || steps.isEmpty();
    }

    public List<String> hosts() {
        Set<String> hosts = new LinkedHashSet<>();
        steps.forEach(step -> hosts.addAll(step.hosts()));
        return hosts.stream().sorted().toList();
    }

    /** How long it takes when independent steps run at once and steps on the same host do not. */
    public long estimatedSeconds() {
        List<Long> ends = new ArrayList<>();
        for (PlannedStep step : steps) {
            long start = 0;
            for (int i = 0; i < ends.size(); i++) {
                PlannedStep earlier = steps.get(i);
                if (step.dependsOn().contains(earlier.number())
                        || earlier.hosts().stream().anyMatch(step.hosts()::contains)) {
                    start = Math.max(start, ends.get(i));
                }
            }
            ends.add(start + step.estimatedSeconds());
        }
        return ends.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    public Draft withSteps(List<PlannedStep> newSteps) {
        return new Draft(newSteps, questions);
    }
}
