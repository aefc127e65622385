package io.skein.orchestrator.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.orchestrator.draft.Needs;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.SampleStep;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanCostsTest {

    private static PlannedStep step(long seconds, Long vram, String... hosts) {
        return SampleStep.of("a.yml")
                .seconds(seconds)
                .hosts(List.of(hosts))
                .needs(new Needs(null, null, vram))
                .build();
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
