package io.skein.orchestrator.planning;

import io.skein.orchestrator.draft.Dependencies;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.draft.Question.Code;
import io.skein.orchestrator.infra.InfraCatalogue;
import io.skein.orchestrator.infra.Inventory;
import io.skein.orchestrator.routing.Fleet;
import io.skein.orchestrator.routing.LiveAgent;
import io.skein.orchestrator.routing.PastRun;
import io.skein.orchestrator.routing.PastRuns;
import io.skein.orchestrator.routing.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The last part of every proposal: order, open variables, estimate and agent of each step. */
@ApplicationScoped
class Finishing {

    private static final long DEFAULT_SECONDS = 60;
    private static final int RUNS_FOR_ESTIMATE = 20;

    @Inject
    PastRuns pastRuns;

    @Inject
    InfraCatalogue catalogue;

    @Inject
    Clock clock;

    /**
     * @param open questions that are not about missing variables
     * @param defaults the playbook defaults per step id, where they are known
     */
    Draft finish(
            List<PlannedStep> steps,
            List<Question> open,
            Map<UUID, List<PlannedVariable>> defaults,
            Wish wish,
            Fleet fleet) {
        Map<String, Inventory> inventories = new HashMap<>();
        catalogue.of(wish.team()).inventories().forEach(inventory -> inventories.put(inventory.path(), inventory));
        List<PlannedStep> filled = steps.stream()
                .map(step -> StepVariables.fromInventory(
                        step, inventories.get(step.inventory()), defaults.getOrDefault(step.id(), step.variables())))
                .toList();
        List<Question> questions = new ArrayList<>(
                open.stream().filter(q -> q.code() != Code.MISSING_VARIABLE).toList());
        filled.forEach(step -> questions.addAll(StepVariables.missing(step)));
        Draft linked = Dependencies.link(filled, questions);
        if (linked.steps().isEmpty()) {
            return linked;
        }
        List<PastRun> past = pastRuns.find(
                wish.team(),
                linked.steps().stream().map(PlannedStep::playbook).distinct().toList(),
                fleet.agents().stream().map(LiveAgent::agentId).toList());
        return linked.withSteps(linked.steps().stream()
                .map(step -> estimated(step, past))
                .map(step -> {
                    Router.Choice choice =
                            Router.choose(step, wish.team(), wish.sessionId(), fleet, past, clock.instant());
                    return step.withAgent(choice.agent(), choice.score());
                })
                .toList());
    }

    static PlannedStep estimated(PlannedStep step, List<PastRun> past) {
        long[] seconds = past.stream()
                .filter(run -> run.succeeded() && run.playbook().equals(step.playbook()))
                .limit(RUNS_FOR_ESTIMATE)
                .mapToLong(PastRun::seconds)
                .sorted()
                .toArray();
        if (seconds.length > 0) {
            return step.withEstimate(Math.max(1, seconds[seconds.length / 2]), "history");
        }
        return step.estimatedSeconds() > 0 ? step : step.withEstimate(DEFAULT_SECONDS, "default");
    }
}
