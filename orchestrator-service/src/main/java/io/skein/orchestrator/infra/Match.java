package io.skein.orchestrator.infra;

import java.util.List;

/** The answer to "which playbook does this sentence mean". */
public final class Match {

    private Match() {}

    /** One sentence; {@code context} is what it refers back to, or null. */
    public record Task(String text, String context) {}

    public record Query(List<Task> tasks, int limit) {}

    /** @param threshold from which confidence on {@code matched} is set */
    public record Answer(double threshold, List<Result> results) {}

    /**
     * @param matched the playbook that is meant, or null when none is near enough
     * @param candidates best first, whether near enough or not
     */
    public record Result(String text, double confidence, Playbook matched, List<Scored> candidates) {
        public Result {
            candidates = candidates == null ? List.of() : List.copyOf(candidates);
        }
    }

    public record Scored(Playbook playbook, double confidence) {}
}
