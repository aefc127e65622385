package io.skein.orchestrator.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.orchestrator.draft.Needs;
import io.skein.orchestrator.draft.PlannedStep;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlanCostsTest {

    private static PlannedStep step(long seconds, Long vram, String... hosts) {
        return new PlannedStep(
                new UUID(0, 1),
                1,
                "",
                "",
                "a.yml",
                null,
                "00",
                null,
                "all",
                List.of(),
                List.of(),
                null,
                null,
                null,
                List.of(hosts),
                new Needs(null, null, vram),
                seconds,
                "history",
                "low",
                null,
                1,
                null,
                0,
                false,
                null);
    }

    private static BigDecimal estimate(PlannedStep... steps) {
        return PlanCosts.estimate(List.of(steps), new BigDecimal("0.36"), new BigDecimal("3.6"));
    }

    @Test
    void aStepTakesItsTimeOnEachOfItsHosts() {
        assertEquals(new BigDecimal("0.0100"), estimate(step(100, null, "a")));
        assertEquals(new BigDecimal("0.0300"), estimate(step(100, null, "a", "b"), step(100, 0L, "a")));
        assertEquals(new BigDecimal("0.1100"), estimate(step(100, 8_000_000_000L, "a")));
        assertEquals(new BigDecimal("0.0000"), estimate(step(100, null)));
    }
}
