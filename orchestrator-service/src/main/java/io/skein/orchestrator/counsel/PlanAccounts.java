package io.skein.orchestrator.counsel;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.PlanEventRepository;
import io.skein.orchestrator.plan.PlanRepository;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Reads what can be told of a plan. */
@ApplicationScoped
class PlanAccounts {

    @Inject
    PlanRepository plans;

    @Inject
    StepRepository steps;

    @Inject
    PlanEventRepository events;

    PlanAccount of(Handle handle, Plan plan, int version) {
        List<Step> all = steps.ofPlan(handle, plan.id(), version);
        Map<Integer, List<JsonNode>> failed = new LinkedHashMap<>();
        all.stream()
                .filter(PlanAccount::wentWrong)
                .forEach(step -> failed.put(
                        step.number(), events.failedTasks(handle, step.ranAs(), PlanAccount.MAX_FAILED_TASKS)));
        return new PlanAccount(plan, plans.version(handle, plan.id(), version).orElseThrow(), all, failed);
    }
}
