package io.skein.orchestrator.planning;

import io.skein.contracts.error.ErrorCode;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.infra.InfraCatalogue;
import io.skein.orchestrator.infra.Inventory;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.infra.TeamCatalogue;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The same steps as they are with what is in the repository now: what was said stays said, what the files say is read again. */
@ApplicationScoped
public class Renewal {

    @Inject
    InfraCatalogue catalogue;

    /**
     * Steps keep their ids, numbers and order; questions are about what cannot be the same any more.
     *
     * @throws ProblemException playbook_broken when a playbook is gone or broken, inventory_not_found for its inventory
     */
    public Draft renew(List<PlannedStep> steps, String team) {
        TeamCatalogue.Now now = catalogue.of(team).now();
        List<PlannedStep> renewed = new ArrayList<>();
        List<Question> questions = new ArrayList<>();
        for (PlannedStep step : steps) {
            Playbook playbook = now.playbooks().get(step.playbook());
            if (playbook == null || playbook.broken() != null) {
                throw new ProblemException(
                        ErrorCode.PLAYBOOK_BROKEN,
                        playbook == null
                                ? "There is no playbook " + step.playbook() + " any more."
                                : playbook.path() + " cannot be run: " + playbook.broken());
            }
            Inventory inventory = now.inventories().get(step.inventory());
            if (inventory == null || inventory.broken() != null) {
                throw new ProblemException(
                        ErrorCode.INVENTORY_NOT_FOUND,
                        inventory == null
                                ? "There is no inventory " + step.inventory() + " any more."
                                : step.inventory() + " cannot be read: " + inventory.broken());
            }
            PlannedStep fresh = renew(step, playbook, inventory);
            renewed.add(fresh);
            questions.addAll(StepVariables.missing(fresh));
            if (fresh.hosts().isEmpty()) {
                questions.add(Question.ofStep(
                        Question.Code.UNKNOWN_TARGET,
                        fresh,
                        "None of its hosts (" + String.join(", ", step.hosts()) + ") is in inventory "
                                + inventory.name() + " any more.",
                        null));
            }
        }
        return new Draft(renewed, questions);
    }

    private static PlannedStep renew(PlannedStep step, Playbook playbook, Inventory inventory) {
        Set<String> known = inventory.hostNames();
        List<String> hosts = step.hosts().stream()
                .filter(host -> known.contains(host) || host.equals("localhost"))
                .toList();
        List<PlannedVariable> defaults = StepVariables.defaults(playbook);
        PlannedStep bare = EmbeddedPlanner.bare(
                        playbook, step.clause(), step.matchConfidence(), step.stage(), step.refersBack())
                .renumbered(step.id(), step.number(), step.dependsOn())
                .withInventory(
                        inventory.path(), inventory.name(), step.inventorySource(), hosts, inventory.contentSha256())
                .withEstimate(step.estimatedSeconds(), step.estimateSource())
                .withAgent(step.agent(), step.score());
        PlannedStep said = bare;
        for (PlannedVariable variable : step.variables()) {
            if (variable.source() == PlannedVariable.Source.REQUEST
                    || variable.source() == PlannedVariable.Source.MODIFIED) {
                said = said.withVariable(
                        variable.name(), v -> v.with(variable.value(), variable.source(), variable.quote()));
            }
        }
        return StepVariables.fromInventory(said, inventory, defaults);
    }
}
