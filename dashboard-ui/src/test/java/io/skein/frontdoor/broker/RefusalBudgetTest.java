package io.skein.frontdoor.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.test.HandClock;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RefusalBudgetTest {

    private final HandClock clock = new HandClock();
    private final RefusalBudget budget = new RefusalBudget(clock);

    @Test
    void anAgentInALoopDoesNotFloodTheTrail() {
        assertEquals(RefusalBudget.A_MINUTE, recorded(budget::spend));
        // What the bound is there for: without it, all of them.
        assertTrue(recorded(sender -> new RefusalBudget.Verdict(true, 0)) > RefusalBudget.A_MINUTE);
    }

    private static int recorded(Function<String, RefusalBudget.Verdict> spend) {
        int recorded = 0;
        for (int i = 0; i < 1000; i++) {
            recorded += spend.apply("node~default~nas01").toBeRecorded() ? 1 : 0;
        }
        return recorded;
    }

    @Test
    void whatWasLeftOutIsCountedInTheNextLine() {
        for (int i = 0; i < 100; i++) {
            budget.spend("node~default~nas01");
        }
        clock.move(Duration.ofSeconds(60));
        assertEquals(new RefusalBudget.Verdict(true, 100 - RefusalBudget.A_MINUTE), budget.spend("node~default~nas01"));
        assertEquals(new RefusalBudget.Verdict(true, 0), budget.spend("node~default~nas01"));
    }

    @Test
    void oneInALoopHidesNobodyElse() {
        for (int i = 0; i < 100; i++) {
            budget.spend("node~default~nas01");
        }
        assertEquals(new RefusalBudget.Verdict(true, 0), budget.spend("agent~default~infra-agent-2"));
    }
}
