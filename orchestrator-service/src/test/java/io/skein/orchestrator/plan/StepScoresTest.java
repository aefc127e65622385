package io.skein.orchestrator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.contracts.agent.WorkResult.HostRecap;
import io.skein.contracts.agent.WorkResult.Suggestion;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.plan.StepScores.Dimension;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** TASK-02: what the rules think of a step. */
class StepScoresTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Step step(StepStatus status, Map<String, HostRecap> recap, Suggestion... suggestions) {
        PlannedStep spec = WireFormat.read(
                "{\"id\":\"" + UUID.randomUUID() + "\",\"number\":1,\"playbook\":\"p.yml\",\"hosts\":[\"a\",\"b\"]}",
                PlannedStep.class);
        return new Step(
                spec.id(),
                UUID.randomUUID(),
                1,
                1,
                spec,
                "agent-1",
                status,
                null,
                1,
                null,
                NOW,
                NOW,
                status.isTerminal() ? NOW : null,
                0,
                new Outcome(recap, List.of(), List.of(suggestions), null),
                null,
                null,
                null,
                List.of());
    }

    private static Integer score(Step step, Dimension dimension) {
        return StepScores.of(step).orElseThrow().scores().get(dimension).score();
    }

    private static Suggestion suggestion(String category, String severity, String rule) {
        return new Suggestion(category, severity, rule, "do", "p.yml", 1);
    }

    @Test
    void aCleanRunIsCompleteAndCorrectAndOfTheRestNothingIsKnown() {
        Step step = step(
                StepStatus.COMPLETED, Map.of("a", new HostRecap(3, 1, 0, 0, 0), "b", new HostRecap(3, 0, 0, 1, 0)));
        assertEquals(100, score(step, Dimension.COMPLETENESS));
        assertEquals(100, score(step, Dimension.CORRECTNESS));
        assertNull(score(step, Dimension.SECURITY));
        assertNull(score(step, Dimension.STANDARDS));
        assertNull(score(step, Dimension.TESTABILITY));
        assertEquals(100, StepScores.of(step).orElseThrow().overall());
    }

    @Test
    void oneOfTwoHostsIsHalf() {
        Step step =
                step(StepStatus.FAILED, Map.of("a", new HostRecap(9, 0, 0, 0, 0), "b", new HostRecap(0, 0, 0, 0, 1)));
        assertEquals(50, score(step, Dimension.COMPLETENESS));
        assertEquals(50, score(step, Dimension.CORRECTNESS), "nine of ten, but it failed");
    }

    @Test
    void whatWasCutIsNotComplete() {
        Map<String, HostRecap> well = Map.of("a", new HostRecap(2, 0, 0, 0, 0), "b", new HostRecap(2, 0, 0, 0, 0));
        assertEquals(50, score(step(StepStatus.INTERRUPTED, well), Dimension.COMPLETENESS));
        assertEquals(0, score(step(StepStatus.FAILED, Map.of()), Dimension.COMPLETENESS));
        assertEquals(0, score(step(StepStatus.FAILED, Map.of()), Dimension.CORRECTNESS));
    }

    @Test
    void suggestionsCostTheDimensionTheyBelongTo() {
        Step step = step(
                StepStatus.FAILED,
                Map.of("a", new HostRecap(1, 0, 1, 0, 0)),
                suggestion("best_practices", "high", "no-log-password"),
                suggestion("standards", "low", "name[casing]"),
                suggestion("idempotency", "medium", "no-changed-when"),
                suggestion("performance", "high", "something"));
        assertEquals(60, score(step, Dimension.SECURITY));
        assertEquals(50, score(step, Dimension.STANDARDS));
        assertEquals(80, score(step, Dimension.TESTABILITY));
        Suggestion[] many = new Suggestion[5];
        java.util.Arrays.fill(many, suggestion("standards", "high", "name[missing]"));
        assertEquals(0, score(step(StepStatus.FAILED, Map.of(), many), Dimension.STANDARDS));
    }

    @Test
    void whatNeverRanOrStillRunsIsNotJudged() {
        assertTrue(StepScores.of(step(StepStatus.RUNNING, Map.of())).isEmpty());
        assertTrue(StepScores.of(step(StepStatus.PENDING, Map.of())).isEmpty());
    }

    @Test
    void aPlanIsTheMeanOfItsSteps() {
        StepScores good = StepScores.of(step(
                        StepStatus.COMPLETED,
                        Map.of("a", new HostRecap(1, 0, 0, 0, 0), "b", new HostRecap(1, 0, 0, 0, 0))))
                .orElseThrow();
        StepScores bad = StepScores.of(step(StepStatus.FAILED, Map.of())).orElseThrow();
        StepScores mean = StepScores.mean(List.of(good, bad)).orElseThrow();
        assertEquals(50, mean.scores().get(Dimension.COMPLETENESS).score());
        assertNull(mean.scores().get(Dimension.SECURITY).score());
        assertNotNull(mean.scores().get(Dimension.SECURITY).reason());
        assertEquals(50, mean.overall());
        assertTrue(StepScores.mean(List.of()).isEmpty());
    }

    @Test
    void theWireHasTheDimensionsByName() {
        String json = WireFormat.writeString(
                StepScores.of(step(StepStatus.FAILED, Map.of())).orElseThrow());
        assertTrue(json.contains("\"completeness\":{\"score\":0"), json);
    }
}
