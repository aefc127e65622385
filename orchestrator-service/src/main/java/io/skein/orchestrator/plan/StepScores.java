package io.skein.orchestrator.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.skein.contracts.agent.WorkResult.HostRecap;
import io.skein.contracts.agent.WorkResult.Suggestion;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What the rules think of a step that ran: read off its result and nothing else, so the same result is always thought the same of.
 *
 * @param rules which edition of the rules this is
 * @param overall the mean of the scores there are, or null
 */
public record StepScores(String rules, Integer overall, Map<Dimension, Score> scores) {

    private static final String EDITION = "1";
    private static final int FAILED_AT_MOST = 50;
    private static final Map<String, Integer> PENALTIES = Map.of("high", 40, "medium", 20, "low", 10);
    /** Rules of ansible-lint that are about what somebody could do who should not. */
    private static final Set<String> SECURITY_RULES = Set.of(
            "no-log-password",
            "risky-file-permissions",
            "risky-octal",
            "risky-shell-pipe",
            "command-instead-of-shell",
            "latest",
            "package-latest",
            "no-relative-paths",
            "partial-become");

    /** What a score is about. */
    public enum Dimension {
        /** How much of what was to be done was done. */
        COMPLETENESS,
        /** How much of what was done went right. */
        CORRECTNESS,
        SECURITY,
        /** Architecture and standards. */
        STANDARDS,
        /** Whether it can be run again, and says so when something is wrong. */
        TESTABILITY;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Dimension> fromWire(String wire) {
            for (Dimension dimension : values()) {
                if (dimension.wire().equals(wire)) {
                    return Optional.of(dimension);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * One score.
     *
     * @param score 0..100, or null when there is nothing to judge by
     * @param reason for a person
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Score(Integer score, String reason) {}

    /** Empty for a step that was never given to an agent or has not ended. */
    public static Optional<StepScores> of(Step step) {
        if (!step.status().isTerminal() || step.dispatchedAt() == null) {
            return Optional.empty();
        }
        Map<Dimension, Score> scores = new EnumMap<>(Dimension.class);
        scores.put(Dimension.COMPLETENESS, completeness(step));
        scores.put(Dimension.CORRECTNESS, correctness(step));
        List<Suggestion> suggestions = step.outcome().suggestions();
        scores.put(
                Dimension.SECURITY,
                linted(
                        suggestions,
                        suggestions.stream()
                                .filter(s -> s.rule() != null && SECURITY_RULES.contains(base(s.rule())))
                                .toList()));
        scores.put(Dimension.STANDARDS, linted(suggestions, in(suggestions, "standards", "best_practices")));
        scores.put(Dimension.TESTABILITY, linted(suggestions, in(suggestions, "idempotency", "error_handling")));
        return Optional.of(new StepScores(EDITION, overall(scores.values()), scores));
    }

    /** Of several, as of a plan's steps: the mean in each dimension that some have a score in. */
    public static Optional<StepScores> mean(Collection<StepScores> all) {
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Map<Dimension, Score> scores = new EnumMap<>(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            List<Integer> known = all.stream()
                    .map(each -> each.scores().get(dimension).score())
                    .filter(Objects::nonNull)
                    .toList();
            OptionalDouble mean = known.stream().mapToInt(Integer::intValue).average();
            scores.put(
                    dimension,
                    mean.isPresent()
                            ? new Score(
                                    (int) Math.round(mean.getAsDouble()),
                                    "The mean of " + known.size() + " of its steps")
                            : new Score(null, "None of its steps has anything to judge by"));
        }
        return Optional.of(new StepScores(EDITION, overall(scores.values()), scores));
    }

    public static Integer overall(Collection<Score> scores) {
        OptionalDouble mean = scores.stream()
                .map(Score::score)
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .average();
        return mean.isPresent() ? (int) Math.round(mean.getAsDouble()) : null;
    }

    private static Score completeness(Step step) {
        Map<String, HostRecap> recap = step.outcome().recap();
        long total = Math.max(step.spec().hosts().size(), recap.size());
        if (total == 0) {
            return new Score(null, "No host was to be touched and none was");
        }
        long done = recap.values().stream()
                .filter(host -> host.failed() == 0 && host.unreachable() == 0)
                .count();
        // A run that was cut left hosts behind that look well in what it had counted so far.
        if (step.status() != StepStatus.COMPLETED && done == total) {
            return new Score(
                    FAILED_AT_MOST,
                    "No host failed, but the run was " + step.status().wire());
        }
        return new Score((int) (100 * done / total), done + " of " + total + " hosts got to the end");
    }

    private static Score correctness(Step step) {
        long right = 0;
        long wrong = 0;
        for (HostRecap host : step.outcome().recap().values()) {
            right += host.ok();
            wrong += host.failed() + host.unreachable();
        }
        if (right + wrong == 0) {
            return step.status() == StepStatus.COMPLETED
                    ? new Score(null, "No task ran")
                    : new Score(
                            0, "No task ran, and the step was " + step.status().wire());
        }
        int score = (int) (100 * right / (right + wrong));
        String reason = right + " of " + (right + wrong) + " tasks went right";
        return step.status() == StepStatus.COMPLETED
                ? new Score(score, reason)
                : new Score(
                        Math.min(score, FAILED_AT_MOST),
                        reason + ", but the step was " + step.status().wire());
    }

    private static Score linted(List<Suggestion> all, List<Suggestion> relevant) {
        if (all.isEmpty()) {
            return new Score(
                    null, "The result carries nothing of the linter, which looks after failures and on demand");
        }
        int lost = relevant.stream()
                .mapToInt(suggestion -> PENALTIES.getOrDefault(String.valueOf(suggestion.severity()), 10))
                .sum();
        String reason = relevant.isEmpty()
                ? "The linter found something, but nothing of this kind"
                : relevant.size()
                        + (relevant.size() == 1 ? " suggestion: " : " suggestions: ")
                        + String.join(
                                ", ",
                                relevant.stream()
                                        .map(s -> String.valueOf(s.rule()))
                                        .distinct()
                                        .limit(5)
                                        .toList());
        return new Score(Math.max(0, 100 - lost), reason);
    }

    private static List<Suggestion> in(List<Suggestion> suggestions, String... categories) {
        return suggestions.stream()
                .filter(suggestion ->
                        suggestion.category() != null && List.of(categories).contains(suggestion.category()))
                .toList();
    }

    /** {@code name[casing]} is rule {@code name}. */
    private static String base(String rule) {
        int bracket = rule.indexOf('[');
        return bracket < 0 ? rule : rule.substring(0, bracket);
    }
}
