package io.skein.orchestrator.planning;

import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.infra.InfraCatalogue;
import io.skein.orchestrator.infra.Inventory;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.infra.TeamCatalogue;
import io.skein.orchestrator.routing.LiveAgents;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Proposes the counterparts of steps that ran, the last one first. */
@ApplicationScoped
public class UndoPlanner {

    @Inject
    InfraCatalogue catalogue;

    @Inject
    LiveAgents liveAgents;

    @Inject
    Finishing finishing;

    /**
     * @param draft without steps when nothing can be undone
     * @param notes a sentence for each step that stays as it is
     */
    public record Undoing(Draft draft, List<String> notes) {}

    /**
     * @param ran in the order they ended
     */
    public Undoing undo(List<PlannedStep> ran, Wish wish) {
        TeamCatalogue.Now now = catalogue.of(wish.team()).now();
        List<PlannedStep> steps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Map<UUID, List<PlannedVariable>> defaults = new HashMap<>();
        for (PlannedStep done : ran.reversed()) {
            String obstacle = obstacle(done, now);
            if (obstacle != null) {
                notes.add("What step " + done.number() + " (" + done.playbook() + ") did stays: " + obstacle + ".");
                continue;
            }
            Playbook undo =
                    now.playbooks().get(now.playbooks().get(done.playbook()).undo());
            Inventory inventory = now.inventories().get(done.inventory());
            PlannedStep step = EmbeddedPlanner.bare(undo, "Undo \"" + done.name() + "\"", 1.0, steps.size(), false)
                    .withInventory(
                            inventory.path(),
                            inventory.name(),
                            "where " + done.playbook() + " ran",
                            done.hosts(),
                            inventory.contentSha256());
            defaults.put(step.id(), step.variables());
            for (PlannedVariable variable : done.variables()) {
                if (variable.isGiven()) {
                    step = step.withVariable(
                            variable.name(),
                            v -> v.with(variable.value(), PlannedVariable.Source.REQUEST, variable.quote()));
                }
            }
            steps.add(step);
        }
        return new Undoing(
                steps.isEmpty()
                        ? new Draft(List.of(), List.of())
                        : finishing.finish(steps, List.of(), defaults, wish, liveAgents.fleet()),
                notes);
    }

    /** Why it cannot be undone, or null. */
    private static String obstacle(PlannedStep done, TeamCatalogue.Now now) {
        Playbook playbook = now.playbooks().get(done.playbook());
        if (playbook == null) {
            return "its playbook is not in the repository any more";
        }
        if (playbook.undo() == null || playbook.undo().isBlank()) {
            return "its playbook names no counterpart (skein:undo)";
        }
        Playbook undo = now.playbooks().get(playbook.undo());
        if (undo == null || undo.broken() != null) {
            return "its counterpart " + playbook.undo()
                    + (undo == null ? " is not in the repository" : " is broken: " + undo.broken());
        }
        Inventory inventory = now.inventories().get(done.inventory());
        if (inventory == null || inventory.broken() != null) {
            return "its inventory " + done.inventory() + " cannot be read any more";
        }
        return inventory.hostNames().containsAll(done.hosts()) || done.hosts().equals(List.of("localhost"))
                ? null
                : "not all of its hosts are in " + done.inventory() + " any more";
    }
}
