package io.skein.e2e.plans;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.e2e.plans.PlanHistory.Recorded;
import io.skein.e2e.plans.PlanHistory.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The checker against histories in which one thing is wrong. */
class PlanCheckerTest {

    private static final UUID PLAN = new UUID(0, 9);
    private static final Step FIRST = new Step(new UUID(0, 1), 1, "completed");
    private static final Step SECOND = new Step(new UUID(0, 2), 2, "completed");
    private static final String SERVICE = "service:orchestrator-service";
    private static final String AGENT = "agent:infra-agent-1";

    private final Parts parts = new Parts();

    /** A right history, before something is done to it. */
    private static final class Parts {
        String status = "completed";
        final List<Step> steps = new ArrayList<>(List.of(FIRST, SECOND));
        final List<Recorded> recorded = new ArrayList<>();
        final List<UUID> effects = new ArrayList<>(List.of(FIRST.id(), SECOND.id()));
        List<Told> told;

        Parts() {
            plan("awaiting_approval", null, "user:ada");
            plan("approved", null, "user:ada");
            plan("approved", "Waiting for the lock on bed01", SERVICE);
            plan("running", null, SERVICE);
            for (Step step : steps) {
                step(step, "dispatched", SERVICE);
                step(step, "running", AGENT);
                recorded.add(new Recorded(recorded.size() + 1, "task", step.id(), null, null, null));
                step(step, "completed", AGENT);
            }
            plan("running", "Step 2 waits", SERVICE);
            plan("running", null, SERVICE);
            plan("completed", null, SERVICE);
            told = new ArrayList<>(Told.of(plan()));
        }

        void plan(String to, String reason, String actor) {
            recorded.add(new Recorded(recorded.size() + 1, "plan", null, to, reason, actor));
        }

        void step(Step step, String to, String actor) {
            recorded.add(new Recorded(recorded.size() + 1, "step", step.id(), to, null, actor));
        }

        PlanHistory plan() {
            return new PlanHistory(PLAN, "a", status, List.copyOf(steps), List.copyOf(recorded));
        }

        StormHistory history() {
            return new StormHistory(Map.of("a", PLAN), List.of(plan()), effects, told, Map.of());
        }
    }

    @Test
    void nothingIsWrongWithARightHistory() {
        assertEquals(List.of(), PlanChecker.violations(parts.history()));
    }

    @Test
    void whatHasToBeToldIsEveryTransitionAndWhyAPlanWaits() {
        assertEquals(
                List.of(
                        "plan.created",
                        "plan.approved",
                        "plan.waiting",
                        "plan.started",
                        "step.dispatched",
                        "step.started",
                        "step.completed",
                        "step.dispatched",
                        "step.started",
                        "step.completed",
                        "plan.waiting",
                        "plan.completed"),
                Told.of(parts.plan()).stream().map(Told::type).toList());
    }

    @Test
    void aStepThatRanTwice() {
        assertViolation("step 2 of plan a (" + PLAN + ") ran 2 times", wrong -> wrong.effects.add(SECOND.id()));
    }

    @Test
    void aStepThatWasLost() {
        assertViolation("step 2 of plan a (" + PLAN + ") never ran", wrong -> wrong.effects.remove(SECOND.id()));
    }

    @Test
    void aStepThatRanTooEarly() {
        assertViolation("before the step it depends on", wrong -> {
            wrong.effects.clear();
            wrong.effects.addAll(List.of(SECOND.id(), FIRST.id()));
        });
    }

    @Test
    void anOrderNobodyKnowsOf() {
        assertViolation("which is no step", wrong -> wrong.effects.add(new UUID(0, 3)));
    }

    @Test
    void aStepThatIsRecordedTwice() {
        assertViolation("is recorded as [dispatched, running, completed, completed]", wrong -> {
            wrong.step(SECOND, "completed", AGENT);
            wrong.told = Told.of(wrong.plan());
        });
    }

    @Test
    void aStepThatWasOrderedTwice() {
        assertViolation("[dispatched, running, completed, dispatched]", wrong -> {
            wrong.step(FIRST, "dispatched", SERVICE);
            wrong.told = Told.of(wrong.plan());
        });
    }

    @Test
    void anAnswerThatIsRecordedTwice() {
        assertViolation(
                "is recorded 2 times",
                wrong -> wrong.recorded.add(
                        new Recorded(wrong.recorded.size() + 1, "task", FIRST.id(), null, null, null)));
    }

    @Test
    void anEventThatIsGone() {
        assertViolation("has no event 3", wrong -> wrong.recorded.remove(2));
    }

    @Test
    void anEntryTheAuditTrailLacks() {
        assertViolation("the audit trail lacks Told[plan=" + PLAN, wrong -> wrong.told.removeLast());
    }

    @Test
    void anEntryTheDatabaseLacks() {
        assertViolation(
                "1 more than the database",
                wrong -> wrong.told.add(new Told(PLAN, PLAN, "plan.cancelled", null, SERVICE)));
    }

    @Test
    void anEntryThatIsThereTwice() {
        assertViolation("1 more than the database", wrong -> wrong.told.add(wrong.told.getFirst()));
    }

    @Test
    void anEntryThatNamesSomebodyElse() {
        assertViolation("the audit trail lacks", wrong -> {
            Told first = wrong.told.removeFirst();
            wrong.told.add(new Told(first.plan(), first.subject(), first.type(), first.reason(), "user:eve"));
        });
    }

    @Test
    void aPlanThatDidNotEnd() {
        assertViolation("plan a (" + PLAN + ") is running", wrong -> wrong.status = "running");
    }

    @Test
    void aStepThatDidNotEnd() {
        assertViolation("step 2 of plan a (" + PLAN + ") is dispatched", wrong -> {
            wrong.steps.set(1, new Step(SECOND.id(), 2, "dispatched"));
        });
    }

    @Test
    void aPlanThatWasLost() {
        StormHistory right = parts.history();
        StormHistory wrong = new StormHistory(
                Map.of("a", PLAN, "b", new UUID(0, 8)), right.plans(), right.effects(), right.told(), Map.of());
        assertEquals(
                List.of("plan " + new UUID(0, 8) + ", answered to request b, was lost"), PlanChecker.violations(wrong));
    }

    @Test
    void aRequestThatMadeTwoPlans() {
        StormHistory right = parts.history();
        PlanHistory twin = new PlanHistory(new UUID(0, 7), "a", "completed", List.of(), List.of());
        StormHistory wrong = new StormHistory(
                right.answered(), List.of(parts.plan(), twin), right.effects(), right.told(), Map.of());
        assertEquals(List.of("request a made 2 plans"), PlanChecker.violations(wrong));
    }

    private void assertViolation(String text, Consumer<Parts> done) {
        done.accept(parts);
        List<String> found = PlanChecker.violations(parts.history());
        assertTrue(found.stream().anyMatch(violation -> violation.contains(text)), () -> text + " not in " + found);
    }
}
