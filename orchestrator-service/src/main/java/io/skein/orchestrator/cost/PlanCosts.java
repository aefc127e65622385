package io.skein.orchestrator.cost;

import io.quarkus.runtime.StartupEvent;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.llm.CallRepository;
import io.skein.orchestrator.llm.Usage;
import io.skein.orchestrator.plan.PlanView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Counts what models took for a plan so far, and what its steps will take by their estimated time. */
@ApplicationScoped
public class PlanCosts {

    private static final BigDecimal HOUR = BigDecimal.valueOf(3600);
    private static final int SCALE = 4;

    @Inject
    CostConfig config;

    @Inject
    CallRepository calls;

    void start(@Observes StartupEvent event) {
        if (config.hostHourUsd().signum() < 0 || config.gpuHourUsd().signum() < 0) {
            throw new IllegalArgumentException("SKEIN_COST_HOST_HOUR_USD and SKEIN_COST_GPU_HOUR_USD are not negative");
        }
    }

    public PlanView.Cost of(Handle handle, UUID planId, List<PlannedStep> steps) {
        Usage asked = calls.ofPlan(handle, planId);
        boolean priced =
                config.hostHourUsd().signum() > 0 || config.gpuHourUsd().signum() > 0;
        return new PlanView.Cost(
                asked.costUsd(),
                asked.calls(),
                priced ? estimate(steps, config.hostHourUsd(), config.gpuHourUsd()) : null);
    }

    /** Each step takes its time on each of its hosts. */
    static BigDecimal estimate(List<PlannedStep> steps, BigDecimal hostHour, BigDecimal gpuHour) {
        BigDecimal hours = BigDecimal.ZERO;
        for (PlannedStep step : steps) {
            Long vram = step.resources().vramBytes();
            BigDecimal price = vram != null && vram > 0 ? hostHour.add(gpuHour) : hostHour;
            hours = hours.add(price.multiply(
                    BigDecimal.valueOf(step.estimatedSeconds() * step.hosts().size())));
        }
        return hours.divide(HOUR, SCALE, RoundingMode.HALF_UP);
    }
}
