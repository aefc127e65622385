package io.skein.orchestrator.planning;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.orchestrator.draft.Draft;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.infra.InfraCatalogue;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.language.Target;
import io.skein.orchestrator.language.Values;
import io.skein.orchestrator.routing.LiveAgents;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the next version of a proposal from what a person wants different, said in data or in words. */
@ApplicationScoped
public class PlanEditor {

    /** More words than this that no rule reads are no change of a plan. */
    private static final int MAX_UNREAD = 3;

    @Inject
    InfraCatalogue catalogue;

    @Inject
    LiveAgents liveAgents;

    @Inject
    Targeting targeting;

    @Inject
    Finishing finishing;

    @Inject
    SpokenChanges spoken;

    @Inject
    EmbeddedPlanner planner;

    /** @throws ProblemException validation_failed when a step, variable or playbook named is not there */
    public Draft edit(Draft current, Edit edit, Wish wish) {
        Workbench bench = new Workbench(current);
        Surroundings surroundings = Surroundings.of(catalogue.of(wish.team()), wish.inventory());
        for (int number : edit.order()) {
            if (bench.byNumber(number).isEmpty()) {
                throw ProblemException.invalid("order", "there is no step " + number);
            }
        }
        if (edit.order().stream().distinct().count() != edit.order().size()) {
            throw ProblemException.invalid("order", "names a step twice");
        }
        apply(bench, edit, surroundings);
        return finish(bench, wish);
    }

    /**
     * The same from words: what a rule reads is done as it reads it, the adviser is asked about the rest, and what nobody reads becomes a
     * question of the new version.
     */
    public Edited edit(Draft current, String words, Wish wish, ChangeAdviser adviser) {
        Workbench bench = new Workbench(current);
        Surroundings surroundings = Surroundings.of(catalogue.of(wish.team()), wish.inventory());
        spoken.apply(bench, words, surroundings);
        String reader = Advice.EMBEDDED;
        for (Question question : bench.unread.stream().limit(MAX_UNREAD).toList()) {
            ChangeAdviser.Reading reading = adviser.read(unread(bench, question.clause(), surroundings));
            if (!reading.edit().isEmpty()) {
                bench.questions.remove(question);
                apply(bench, reading.edit(), surroundings);
                reader = reading.reader();
            }
        }
        return new Edited(finish(bench, wish), reader);
    }

    private UnreadWords unread(Workbench bench, String words, Surroundings surroundings) {
        List<Playbook> offered = planner.offered(words, surroundings);
        List<PlannedStep> readings = new ArrayList<>();
        bench.steps.forEach(step ->
                readings.add(StepVariables.read(step, words, PlannedVariable.Source.REQUEST, new ArrayList<>())));
        readings.addAll(bench.steps);
        offered.forEach(playbook -> readings.add(StepVariables.read(
                EmbeddedPlanner.bare(playbook, words, 0, 0, false),
                words,
                PlannedVariable.Source.REQUEST,
                new ArrayList<>())));
        return new UnreadWords(words, bench.steps, offered, readings);
    }

    private void apply(Workbench bench, Edit edit, Surroundings surroundings) {
        for (int i = 0; i < edit.steps().size(); i++) {
            apply(bench, edit.steps().get(i), "steps[" + i + "]", surroundings);
        }
        if (!edit.order().isEmpty()) {
            bench.order(edit.order());
        }
    }

    private Draft finish(Workbench bench, Wish wish) {
        return finishing.finish(bench.steps, bench.questions, bench.defaults, wish, liveAgents.fleet());
    }

    private void apply(Workbench bench, Edit.OfStep edit, String field, Surroundings surroundings) {
        PlannedStep step;
        if (edit.namesStep()) {
            step = (edit.id() != null ? bench.byId(edit.id()) : bench.byNumber(edit.number()))
                    .orElseThrow(() -> ProblemException.invalid(
                            field, "there is no step " + (edit.id() != null ? edit.id() : edit.number())));
            if (edit.isDrop()) {
                bench.drop(step);
                return;
            }
            if (edit.playbook() != null && !edit.playbook().equals(step.playbook())) {
                step = replacePlaybook(bench, step, edit.playbook(), field, surroundings);
            }
        } else if (edit.clause() != null) {
            Question question = bench.aboutClauses().stream()
                    .filter(q -> q.clause().equals(edit.clause()))
                    .findFirst()
                    .orElseThrow(() -> ProblemException.invalid(field + ".clause", "no open question is about it"));
            if (edit.isDrop()) {
                bench.questions.remove(question);
                return;
            }
            step = answer(bench, question, playbook(edit.playbook(), field, surroundings), surroundings);
        } else {
            step = add(bench, playbook(edit.playbook(), field, surroundings), surroundings);
        }
        if (edit.inventory() != null) {
            step = retarget(bench, step, "on " + edit.inventory(), surroundings)
                    .orElseThrow(() -> new ProblemException(
                            ErrorCode.INVENTORY_NOT_FOUND,
                            "There is no inventory, group or host \"" + edit.inventory() + "\" it can run on. "
                                    + surroundings.known()));
        }
        for (Map.Entry<String, JsonNode> variable : edit.variables().entrySet()) {
            step = set(bench, step, variable.getKey(), variable.getValue(), field);
        }
    }

    private static PlannedStep set(Workbench bench, PlannedStep step, String name, JsonNode value, String field) {
        PlannedVariable variable = step.variable(name)
                .orElseThrow(() -> ProblemException.invalid(
                        field + ".variables." + name,
                        step.playbook() + " has no such variable; it has "
                                + String.join(
                                        ", ",
                                        step.variables().stream()
                                                .map(PlannedVariable::name)
                                                .toList())));
        JsonNode typed = value;
        if (value != null && value.isTextual() && variable.type() != null) {
            typed = Values.of(variable.type(), value.asText())
                    .orElseThrow(() ->
                            ProblemException.invalid(field + ".variables." + name, "must be a " + variable.type()));
        }
        return bench.set(step, name, typed, null);
    }

    private Playbook playbook(String path, String field, Surroundings surroundings) {
        if (path == null || path.isBlank()) {
            throw ProblemException.invalid(field, "needs an id, a number, or the playbook of a new step");
        }
        return known(path, surroundings)
                .orElseThrow(() -> ProblemException.invalid(field + ".playbook", "there is no playbook " + path));
    }

    /** @throws ProblemException playbook_broken when it is there and cannot be run */
    Optional<Playbook> known(String path, Surroundings surroundings) {
        Optional<Playbook> found = surroundings.catalogue().playbook(path);
        found.filter(playbook -> playbook.broken() != null).ifPresent(playbook -> {
            throw new ProblemException(
                    ErrorCode.PLAYBOOK_BROKEN, playbook.path() + " cannot be run: " + playbook.broken());
        });
        return found;
    }

    PlannedStep add(Workbench bench, Playbook playbook, Surroundings surroundings) {
        PlannedStep step = EmbeddedPlanner.bare(playbook, playbook.title(), 1.0, bench.lastStage() + 1, false);
        bench.defaults.put(step.id(), step.variables());
        bench.steps.add(step);
        return placeLikeTheOthers(bench, step, surroundings);
    }

    PlannedStep answer(Workbench bench, Question question, Playbook playbook, Surroundings surroundings) {
        PlannedStep step = EmbeddedPlanner.bare(playbook, question.clause(), 1.0, question.stage(), false);
        bench.defaults.put(step.id(), step.variables());
        bench.answer(question, step);
        PlannedStep read = StepVariables.read(step, question.clause(), PlannedVariable.Source.REQUEST, bench.questions);
        bench.replace(read);
        return retarget(bench, read, question.clause(), surroundings)
                .orElseGet(() -> placeLikeTheOthers(bench, read, surroundings));
    }

    private PlannedStep replacePlaybook(
            Workbench bench, PlannedStep old, String path, String field, Surroundings surroundings) {
        PlannedStep fresh = EmbeddedPlanner.bare(
                playbook(path, field, surroundings), old.clause(), 1.0, old.stage(), old.refersBack());
        bench.defaults.put(fresh.id(), fresh.variables());
        bench.steps.replaceAll(step -> step.id().equals(old.id()) ? fresh : step);
        bench.questions.removeIf(question -> old.id().equals(question.stepId()));
        return surroundings
                .byPath(old.inventory())
                .map(inventory -> place(bench, fresh, new Where(inventory, null, old.inventorySource()), surroundings))
                .orElseGet(() -> placeLikeTheOthers(bench, fresh, surroundings));
    }

    /** Where the step before it runs, else the default. */
    private PlannedStep placeLikeTheOthers(Workbench bench, PlannedStep step, Surroundings surroundings) {
        int index = bench.steps.indexOf(step);
        Where before = bench.steps.stream()
                .limit(Math.max(0, index))
                .filter(other -> other.inventory() != null)
                .reduce((first, second) -> second)
                .flatMap(other -> surroundings
                        .byPath(other.inventory())
                        .map(inventory -> new Where(inventory, null, "like the step before")))
                .orElse(null);
        return place(bench, step, before, surroundings);
    }

    /** Moves a step to the place the words name; empty when they name none it can run on. */
    Optional<PlannedStep> retarget(Workbench bench, PlannedStep step, String words, Surroundings surroundings) {
        Target target = surroundings.finder().find(words);
        return targeting.named(target, surroundings).flatMap(where -> {
            Targeting.Placed placed = targeting.place(step, where, false, surroundings);
            if (placed.question() != null) {
                return Optional.empty();
            }
            return Optional.of(place(bench, step, where, surroundings));
        });
    }

    private PlannedStep place(Workbench bench, PlannedStep step, Where where, Surroundings surroundings) {
        Targeting.Placed placed = targeting.place(step, where, false, surroundings);
        bench.replace(placed.step());
        bench.questions.removeIf(question ->
                question.code() == Question.Code.UNKNOWN_TARGET && step.id().equals(question.stepId()));
        if (placed.question() != null) {
            bench.questions.add(placed.question());
        }
        return placed.step();
    }

    List<Question> parts(Workbench bench, EmbeddedPlanner.Parts parts) {
        int offset = bench.lastStage() + 1;
        int before = bench.steps.size();
        bench.defaults.putAll(parts.defaults);
        parts.steps.forEach(step -> bench.steps.add(step.atStage(step.stage() + offset, step.refersBack())));
        List<Question> added = parts.questions.stream()
                .map(q -> new Question(
                        q.code(),
                        q.stepId(),
                        q.position() + before,
                        q.clause(),
                        q.message(),
                        q.candidates(),
                        q.variable(),
                        q.stage() + offset))
                .toList();
        bench.questions.addAll(added);
        return added;
    }
}
