package io.skein.orchestrator.planning;

import io.skein.orchestrator.draft.Candidate;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.draft.Question.Code;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.language.Assignment;
import io.skein.orchestrator.language.Change;
import io.skein.orchestrator.language.ChangeWords;
import io.skein.orchestrator.language.Values;
import io.skein.orchestrator.language.VariableExtractor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Carries out changes that were said in words. What cannot be done is asked about, never left out in silence. */
@ApplicationScoped
class SpokenChanges {

    private static final String HELP = "Say for example: drop step 2, set <variable> to <value>, run step 2 first, "
            + "on <host>, use <playbook>, or what else to do.";

    @Inject
    PlanEditor editor;

    @Inject
    EmbeddedPlanner planner;

    void apply(Workbench bench, String words, Surroundings surroundings) {
        if (answersMissingVariable(bench, words.strip())) {
            return;
        }
        for (Change change : ChangeWords.read(words, !bench.aboutClauses().isEmpty())) {
            one(bench, change, surroundings);
        }
    }

    private void one(Workbench bench, Change change, Surroundings surroundings) {
        switch (change) {
            case Change.Drop drop -> withStep(bench, drop.step(), bench::drop);
            case Change.Move move ->
                withStep(bench, move.step(), step -> {
                    if (move.before() == null) {
                        bench.move(step, null);
                    } else {
                        withStep(bench, move.before(), before -> bench.move(step, before));
                    }
                });
            case Change.Assign assign -> assign(bench, assign);
            case Change.Retarget retarget -> retarget(bench, retarget.text(), surroundings);
            case Change.Choose choose -> choose(bench, choose.candidate(), surroundings);
            case Change.Pick pick -> pick(bench, pick.playbook(), surroundings);
            case Change.DropQuestion ignored -> bench.questions.removeAll(bench.aboutClauses());
            case Change.Keep ignored -> {
                // Nothing to do: questions about changes nobody understood are gone already.
            }
            case Change.Add add -> add(bench, add.text(), surroundings);
            case Change.Unclear unclear -> unclear(bench, unclear.text(), surroundings);
        }
    }

    private static void withStep(Workbench bench, int number, java.util.function.Consumer<PlannedStep> action) {
        bench.byNumber(number)
                .ifPresentOrElse(
                        action, () -> bench.unclear("step " + number, "There is no step " + number + " in this plan."));
    }

    /** One variable is missing and one value was said: they belong together. */
    private boolean answersMissingVariable(Workbench bench, String words) {
        List<Question> missing = bench.about(Code.MISSING_VARIABLE);
        if (missing.size() != 1 || bench.questions.size() != 1 || !words.matches("\\S+|\".*\"|'.*'")) {
            return false;
        }
        if (words.contains("=")) {
            return false;
        }
        PlannedStep step = bench.byId(missing.getFirst().stepId()).orElseThrow();
        String variable = missing.getFirst().variable();
        return step.variable(variable)
                .flatMap(v -> Values.of(v.type(), words))
                .map(value -> {
                    bench.set(step, variable, value, words);
                    return true;
                })
                .orElse(false);
    }

    private void assign(Workbench bench, Change.Assign assign) {
        List<PlannedStep> steps = assign.step() == null
                ? List.copyOf(bench.steps)
                : bench.byNumber(assign.step()).stream().toList();
        if (steps.isEmpty()) {
            bench.unclear(assign.text(), "There is no step " + assign.step() + " in this plan.");
            return;
        }
        Map<PlannedStep, List<Assignment>> found = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>();
        for (PlannedStep step : steps) {
            VariableExtractor.Reading reading = VariableExtractor.read(assign.text(), StepVariables.names(step));
            reading.unclear().values().forEach(names::addAll);
            if (!reading.assignments().isEmpty()) {
                found.put(step, List.copyOf(reading.assignments().values()));
                names.addAll(reading.assignments().keySet());
            }
        }
        boolean explicit = names.stream()
                .anyMatch(
                        name -> assign.text().toLowerCase(java.util.Locale.ROOT).contains(name));
        if (found.isEmpty() || names.size() > 1 && !explicit && assign.text().split("\\s+").length <= 3) {
            if (names.isEmpty()) {
                bench.unread(
                        assign.text(), "No step of this plan has a variable that \"" + assign.text() + "\" could set.");
            } else {
                bench.unclear(
                        assign.text(),
                        "\"" + assign.text() + "\" can mean " + String.join(" or ", names) + "; say which one.");
            }
            return;
        }
        found.forEach((step, assignments) -> {
            PlannedStep changed = step;
            for (Assignment assignment : assignments) {
                changed = bench.set(changed, assignment.variable(), assignment.value(), assignment.quote());
            }
        });
    }

    private void retarget(Workbench bench, String words, Surroundings surroundings) {
        List<PlannedStep> homeless = bench.about(Code.UNKNOWN_TARGET).stream()
                .flatMap(question -> bench.byId(question.stepId()).stream())
                .toList();
        List<PlannedStep> steps = homeless.isEmpty() ? List.copyOf(bench.steps) : homeless;
        boolean any = false;
        for (PlannedStep step : steps) {
            any |= editor.retarget(bench, step, words, surroundings).isPresent();
        }
        if (!any) {
            bench.unclear(words, "I know no place called that where these steps can run. " + surroundings.known());
        }
    }

    private void choose(Workbench bench, int number, Surroundings surroundings) {
        Optional<Question> question = bench.aboutClauses().stream()
                .filter(q -> q.candidates().size() >= number && number >= 1)
                .findFirst();
        if (question.isEmpty()) {
            bench.unclear(String.valueOf(number), "No open question has a candidate number " + number + ".");
            return;
        }
        Candidate candidate = question.get().candidates().get(number - 1);
        answer(bench, question.get(), candidate.playbook(), surroundings);
    }

    private void pick(Workbench bench, String path, Surroundings surroundings) {
        List<Question> open = bench.aboutClauses();
        Optional<Question> offered = open.stream()
                .filter(q -> q.candidates().stream().anyMatch(c -> c.playbook().equals(path)))
                .findFirst()
                .or(() -> open.size() == 1 ? Optional.of(open.getFirst()) : Optional.empty());
        if (offered.isPresent()) {
            answer(bench, offered.get(), path, surroundings);
            return;
        }
        Optional<Playbook> playbook = editor.known(path, surroundings);
        if (playbook.isPresent()) {
            editor.add(bench, playbook.get(), surroundings);
        } else {
            bench.unclear(path, "There is no playbook " + path + " in the repository.");
        }
    }

    private void answer(Workbench bench, Question question, String path, Surroundings surroundings) {
        Optional<Playbook> playbook = editor.known(path, surroundings);
        if (playbook.isPresent()) {
            editor.answer(bench, question, playbook.get(), surroundings);
        } else {
            bench.unclear(path, "There is no playbook " + path + " in the repository.");
        }
    }

    private void add(Workbench bench, String words, Surroundings surroundings) {
        EmbeddedPlanner.Parts parts = planner.parts(words, surroundings);
        if (parts.steps.isEmpty() && !bench.steps.isEmpty() && noCandidates(parts)) {
            bench.unread(words, "I cannot read \"" + words + "\" as a change, and no playbook does it. " + HELP);
            return;
        }
        editor.parts(bench, parts);
    }

    private static boolean noCandidates(EmbeddedPlanner.Parts parts) {
        return parts.questions.stream()
                .allMatch(question -> question.candidates().isEmpty());
    }

    private void unclear(Workbench bench, String words, Surroundings surroundings) {
        List<Question> homeless = bench.about(Code.UNKNOWN_TARGET);
        if (!homeless.isEmpty()
                && !surroundings.finder().find("on " + words).places().isEmpty()) {
            retarget(bench, "on " + words, surroundings);
            return;
        }
        List<Question> asked = new ArrayList<>(bench.aboutClauses());
        if (asked.size() == 1 && bench.steps.isEmpty()) {
            // The request itself was not understood: what is said now replaces it.
            bench.questions.removeAll(asked);
            editor.parts(bench, planner.parts(words, surroundings));
            return;
        }
        bench.unread(words, "I cannot read \"" + words + "\" as a change. " + HELP);
    }
}
