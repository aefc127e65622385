package io.skein.orchestrator.planning;

import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.draft.PlannedVariable.Source;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.draft.Question.Code;
import io.skein.orchestrator.infra.InfraCatalogue;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.language.Clause;
import io.skein.orchestrator.language.ClauseSplitter;
import io.skein.orchestrator.language.Target;
import io.skein.orchestrator.language.TargetFinder;
import io.skein.orchestrator.language.VariableExtractor;
import io.skein.orchestrator.routing.Fleet;
import io.skein.orchestrator.routing.LiveAgents;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Plans without needing an LLM: cut the request into clauses, ask the infra agent which playbook each one means, find the target and
 * the variables in the words, and ask about whatever is not certain.
 */
@ApplicationScoped
public class EmbeddedPlanner {

    /** More things to do in one request than this are a pasted document, not a request. */
    static final int MAX_CLAUSES = 50;

    private static final Executor BACKGROUND =
            task -> Thread.ofVirtual().name("planning-fleet").start(task);

    @Inject
    InfraCatalogue catalogue;

    @Inject
    LiveAgents liveAgents;

    @Inject
    Targeting targeting;

    @Inject
    Finishing finishing;

    /** The parts of a proposal before they are put in order. */
    static final class Parts {
        final List<PlannedStep> steps = new ArrayList<>();
        final List<Question> questions = new ArrayList<>();
        final Map<UUID, List<PlannedVariable>> defaults = new HashMap<>();
    }

    /** @param adviser is heard where the words alone leave something open */
    public Planned plan(Wish wish, Adviser adviser) {
        CompletableFuture<Fleet> fleet = CompletableFuture.supplyAsync(liveAgents::fleet, BACKGROUND);
        Surroundings surroundings = Surroundings.of(catalogue.of(wish.team()), wish.inventory());
        List<MatchedClause> matched = matched(wish.text(), surroundings);
        Advice advice = adviser.advise(Consultation.about(wish.text(), matched));
        Parts parts = build(advice.appliedTo(matched), wish.text(), surroundings);
        return new Planned(
                finishing.finish(parts.steps, parts.questions, parts.defaults, wish, fleet.join()),
                advice.planner(),
                advice.reason());
    }

    Parts parts(String text, Surroundings surroundings) {
        return build(matched(text, surroundings), text, surroundings);
    }

    /** The playbooks a person would be asked to choose from for these words, best first. */
    List<Playbook> offered(String text, Surroundings surroundings) {
        return ClauseSplitter.split(text).size() > MAX_CLAUSES
                ? List.of()
                : matched(text, surroundings).stream()
                        .flatMap(clause -> clause.offered().stream())
                        .distinct()
                        .toList();
    }

    private static List<MatchedClause> matched(String text, Surroundings surroundings) {
        List<Clause> clauses = ClauseSplitter.split(text);
        if (clauses.isEmpty()) {
            clauses = List.of(new Clause(0, text.strip(), null, 0, false, List.of()));
        }
        if (clauses.size() > MAX_CLAUSES) {
            throw ProblemException.invalid(
                    "text", "asks for " + clauses.size() + " things; at most " + MAX_CLAUSES + " fit in one request");
        }
        TargetFinder finder = surroundings.finder();
        List<ReadClause> read =
                clauses.stream().map(clause -> ReadClause.of(clause, finder)).toList();
        return MatchedClause.match(read, surroundings.catalogue());
    }

    private Parts build(List<MatchedClause> matched, String text, Surroundings surroundings) {
        Parts parts = new Parts();
        Set<String> assignable = new HashSet<>();
        for (MatchedClause clause : matched) {
            if (clause.playbook() == null) {
                parts.questions.add(clause.question(parts.steps.size(), surroundings.catalogue()));
                continue;
            }
            PlannedStep step = step(clause, parts);
            clause.playbook().variables().forEach(v -> assignable.add(v.name()));
            parts.steps.add(step);
        }
        place(matched, parts, surroundings);
        if (!parts.steps.isEmpty()) {
            VariableExtractor.namedExplicitly(text).stream()
                    .filter(name -> assignable.stream().noneMatch(name::equalsIgnoreCase))
                    .forEach(name -> parts.questions.add(unknownVariable(name, assignable, parts.steps.size())));
        }
        return parts;
    }

    private static Question unknownVariable(String name, Set<String> known, int position) {
        return new Question(
                Code.UNCLEAR_CHANGE,
                null,
                position,
                name,
                "No playbook of this plan has a variable called " + name + ". "
                        + (known.isEmpty()
                                ? "They take none."
                                : "There is: "
                                        + String.join(
                                                ", ", known.stream().sorted().toList()) + "."),
                List.of(),
                null,
                0);
    }

    private PlannedStep step(MatchedClause clause, Parts parts) {
        PlannedStep bare = bare(
                clause.playbook(),
                clause.clause().text(),
                clause.confidence(),
                clause.clause().stage(),
                clause.clause().refersBack());
        parts.defaults.put(bare.id(), bare.variables());
        PlannedStep read = StepVariables.read(bare, clause.clause().withModifiers(), Source.REQUEST, parts.questions);
        return StepVariables.advised(read, clause.advised(), clause.clause().withModifiers());
    }

    /** A step for a playbook, with nothing decided yet. */
    static PlannedStep bare(Playbook playbook, String clause, double confidence, int stage, boolean refersBack) {
        Playbook.Needs needs = playbook.resources();
        return new PlannedStep(
                io.skein.contracts.Ids.next(),
                0,
                playbook.title(),
                clause,
                playbook.path(),
                playbook.id(),
                playbook.contentSha256(),
                playbook.service(),
                playbook.hosts(),
                List.of(),
                StepVariables.defaults(playbook),
                null,
                null,
                null,
                List.of(),
                needs == null
                        ? null
                        : new io.skein.orchestrator.draft.Needs(
                                needs.cpuCores(), needs.memoryBytes(), needs.vramBytes()),
                playbook.estimatedSeconds() == null ? 0 : playbook.estimatedSeconds(),
                "playbook",
                playbook.risk() == null ? "medium" : playbook.risk(),
                null,
                confidence,
                null,
                stage,
                refersBack,
                null);
    }

    /** A clause without a place of its own takes the one named before it, else the one named after it. */
    private void place(List<MatchedClause> matched, Parts parts, Surroundings surroundings) {
        List<MatchedClause> withStep =
                matched.stream().filter(clause -> clause.playbook() != null).toList();
        List<Where> named = new ArrayList<>();
        for (MatchedClause clause : withStep) {
            named.add(targeting.named(clause.target(), surroundings).orElse(null));
        }
        for (int i = 0; i < withStep.size(); i++) {
            MatchedClause clause = withStep.get(i);
            PlannedStep step = parts.steps.get(i);
            boolean ambiguous =
                    named.get(i) == null && !clause.target().places().isEmpty();
            var unknown = Targeting.unknown(clause.clause().action(), clause.target(), vocabulary(clause.playbook()));
            Targeting.Placed placed = unknown.isPresent()
                    ? targeting.askForPlace(step, unknown.get(), surroundings)
                    : targeting.place(step, ambiguous ? null : inherited(named, i), ambiguous, surroundings);
            parts.steps.set(i, placed.step());
            if (placed.question() != null) {
                parts.questions.add(placed.question());
            }
        }
    }

    private static Where inherited(List<Where> named, int index) {
        for (int i = index; i >= 0; i--) {
            if (named.get(i) != null) {
                return named.get(i);
            }
        }
        return named.stream()
                .skip(index + 1L)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The words a playbook is described with: "to the status page" is no place when the playbook is about one. */
    static Set<String> vocabulary(Playbook playbook) {
        Set<String> words = new LinkedHashSet<>();
        String all = String.join(
                " ",
                String.valueOf(playbook.name()),
                String.valueOf(playbook.description()),
                playbook.path(),
                String.valueOf(playbook.service()),
                String.join(" ", playbook.tags()),
                String.join(
                        " ",
                        playbook.variables().stream()
                                .map(Playbook.Variable::name)
                                .toList()));
        for (String word : all.toLowerCase(java.util.Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
            words.add(word);
        }
        return words;
    }

    /**
     * A clause with the places it names and the words to match.
     *
     * @param placeless the words without what looks like a place nobody knows; the same when nothing does
     */
    record ReadClause(Clause clause, Target target, String wanted, String placeless) {

        static ReadClause of(Clause clause, TargetFinder finder) {
            Target own = finder.find(clause.text());
            String wanted = VariableExtractor.withoutValues(own.rest());
            Target whole = clause.modifiers().isEmpty() ? own : finder.find(clause.withModifiers());
            String words = wanted.isBlank() ? clause.text() : wanted;
            return new ReadClause(clause, whole, words, TargetFinder.withoutUnknown(words, clause.action(), own));
        }
    }
}
