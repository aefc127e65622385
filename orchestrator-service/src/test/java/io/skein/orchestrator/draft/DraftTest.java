package io.skein.orchestrator.draft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.IntNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class DraftTest {

    private static PlannedStep step(String playbook, String service, int stage, boolean refersBack, String... hosts) {
        return SampleStep.of(playbook)
                .service(service)
                .variables(new PlannedVariable(
                        "port", IntNode.valueOf(1), PlannedVariable.Source.PLAYBOOK_DEFAULT, null, false, false, null))
                .hosts(List.of(hosts))
                .stage(stage, refersBack)
                .inventoryHash("invsha")
                .build();
    }

    private static List<List<Integer>> dependencies(PlannedStep... steps) {
        return Dependencies.link(List.of(steps), List.of()).steps().stream()
                .map(PlannedStep::dependsOn)
                .toList();
    }

    @Test
    void independentStepsOfOneStageDoNotWait() {
        assertEquals(List.of(List.of(), List.of()), dependencies(step("a", "a", 0, false), step("b", "b", 0, false)));
    }

    @Test
    void whatRefersBackWaits() {
        assertEquals(List.of(List.of(), List.of(1)), dependencies(step("a", null, 0, false), step("b", null, 0, true)));
    }

    @Test
    void sameServiceWaits() {
        assertEquals(
                List.of(List.of(), List.of(), List.of(1)),
                dependencies(step("a", "k", 0, false), step("b", "x", 0, false), step("c", "k", 0, false)));
    }

    @Test
    void aLaterStageWaitsForTheWholeEarlierOne() {
        assertEquals(
                List.of(List.of(), List.of(), List.of(1, 2), List.of(3)),
                dependencies(
                        step("a", null, 0, false),
                        step("b", null, 0, false),
                        step("c", null, 1, false),
                        step("d", null, 3, false)));
    }

    @Test
    void leavesOutWhatFollowsAnyway() {
        assertEquals(
                List.of(List.of(), List.of(1), List.of(2)),
                dependencies(step("a", "k", 0, false), step("b", "k", 0, true), step("c", "k", 1, true)));
    }

    @Test
    void estimateIsTheLongestWay() {
        Draft parallel =
                Dependencies.link(List.of(step("a", null, 0, false, "h1"), step("b", null, 0, false, "h2")), List.of());
        Draft sameHost =
                Dependencies.link(List.of(step("a", null, 0, false, "h1"), step("b", null, 0, false, "h1")), List.of());

        assertEquals(10, parallel.estimatedSeconds());
        assertEquals(20, sameHost.estimatedSeconds());
        assertEquals(List.of("h1", "h2"), parallel.hosts());
    }

    @Test
    void hashChangesWithWhatDecidesARunAndOnlyThen() {
        Draft draft =
                Dependencies.link(List.of(step("a", null, 0, false, "h1", "h2"), step("b", null, 1, false)), List.of());
        List<PlannedStep> steps = draft.steps();
        String hash = PlanHash.of(steps);

        assertTrue(hash.matches("[0-9a-f]{64}"));
        assertEquals(
                hash,
                PlanHash.of(List.of(steps.get(0).withAgent("x", null).withEstimate(99, "history"), steps.get(1))));
        assertEquals(hash, PlanHash.of(Dependencies.link(steps, List.of()).steps()), "ids are not part of it");
        assertNotEquals(
                hash,
                PlanHash.of(List.of(
                        steps.get(0)
                                .withVariable(
                                        "port", v -> v.with(IntNode.valueOf(2), PlannedVariable.Source.MODIFIED, null)),
                        steps.get(1))));
        assertNotEquals(hash, PlanHash.of(List.of(steps.get(1), steps.get(0))));
        assertNotEquals(
                hash,
                PlanHash.of(List.of(
                        steps.get(0).withInventory("other", null, null, List.of("h1", "h2"), "invsha"), steps.get(1))));
        assertNotEquals(
                hash,
                PlanHash.of(
                        List.of(steps.get(0).withInventory("inv", null, null, List.of("h1"), "invsha"), steps.get(1))));
        assertNotEquals(
                hash,
                PlanHash.of(List.of(
                        steps.get(0).withInventory("inv", null, null, List.of("h1", "h2"), "another"), steps.get(1))),
                "one byte of the inventory");
    }

    @Test
    void questionsFollowTheirStep() {
        PlannedStep a = step("a", null, 0, false);
        PlannedStep b = step("b", null, 0, false);
        Draft draft = Dependencies.link(
                List.of(b),
                List.of(
                        Question.ofStep(Question.Code.MISSING_VARIABLE, a, "?", "x"),
                        Question.ofStep(Question.Code.MISSING_VARIABLE, b, "?", "y")));

        assertEquals(1, draft.questions().size());
        assertEquals(draft.steps().getFirst().id(), draft.questions().getFirst().stepId());
        assertTrue(draft.needsInput());
    }
}
