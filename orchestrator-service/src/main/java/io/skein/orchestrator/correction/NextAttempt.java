package io.skein.orchestrator.correction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.wire.WireFormat;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.infra.InfraCatalogue;
import io.skein.orchestrator.plan.Plan;
import io.skein.orchestrator.plan.Step;
import io.skein.orchestrator.plan.StepStatus;
import io.skein.orchestrator.planning.ChangeAdviser;
import io.skein.orchestrator.planning.Edit;
import io.skein.orchestrator.planning.PlanEditor;
import io.skein.orchestrator.planning.Wish;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Proposes how a step is run again: itself and what was left out because of it, with the playbooks as they are now. */
@ApplicationScoped
class NextAttempt {

    @Inject
    InfraCatalogue catalogue;

    @Inject
    PlanEditor editor;

    /**
     * Asks other services, so no row is locked meanwhile.
     *
     * @param variables what the step's variables are to be; null: as the guidance says, and what of it is not understood becomes a
     *     question of the plan
     * @param adviser is heard where no rule reads the guidance
     */
    Draft propose(
            Plan plan,
            List<Step> all,
            Step again,
            String guidance,
            Map<String, JsonNode> variables,
            ChangeAdviser adviser) {
        List<PlannedStep> specs = again(all, again).stream()
                .map(Step::spec)
                .map(spec -> asItIsNow(plan.team(), spec))
                .toList();
        Draft draft = new Draft(specs, List.of());
        Wish wish = new Wish(guidance, plan.team(), plan.sessionId(), plan.inventory());
        if (variables == null) {
            return editor.edit(draft, guidance, wish, adviser).draft();
        }
        Edit.OfStep step = new Edit.OfStep(again.id(), null, null, variables, null, null, null);
        return editor.edit(draft, new Edit(List.of(step), List.of()), wish);
    }

    /** The step, and of those that were skipped the ones that needed it. Steps depend on lower numbers only. */
    static List<Step> again(List<Step> all, Step again) {
        Set<Integer> numbers = new HashSet<>(Set.of(again.number()));
        List<Step> steps = new ArrayList<>(List.of(again));
        for (Step step : all) {
            boolean needed = step.spec().dependsOn().stream().anyMatch(numbers::contains);
            if (step.number() > again.number() && step.status() == StepStatus.SKIPPED && needed) {
                numbers.add(step.number());
                steps.add(step);
            }
        }
        return steps;
    }

    /** What was wrong may have been put right in the playbook: whoever approves sees, and approves, today's content. */
    private PlannedStep asItIsNow(String team, PlannedStep spec) {
        return catalogue
                .of(team)
                .playbook(spec.playbook())
                .filter(playbook -> playbook.contentSha256() != null
                        && !playbook.contentSha256().equals(spec.playbookHash()))
                .map(playbook -> {
                    ObjectNode changed = WireFormat.mapper().valueToTree(spec);
                    changed.put("playbookHash", playbook.contentSha256());
                    return WireFormat.mapper().convertValue(changed, PlannedStep.class);
                })
                .orElse(spec);
    }
}
