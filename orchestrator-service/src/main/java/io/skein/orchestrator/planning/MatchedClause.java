package io.skein.orchestrator.planning;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.orchestrator.draft.Candidate;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.draft.Question.Code;
import io.skein.orchestrator.infra.Match;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.infra.TeamCatalogue;
import io.skein.orchestrator.language.Clause;
import io.skein.orchestrator.language.Distribution;
import io.skein.orchestrator.language.Target;
import io.skein.orchestrator.planning.EmbeddedPlanner.ReadClause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A clause with what the infra agent says it means.
 *
 * @param playbook the playbook to run, or null when there is a question
 * @param result the whole answer
 * @param threshold the confidence from which a match counts
 * @param advised values for variables that nothing in the words was recognised for
 */
record MatchedClause(
        Clause clause,
        Target target,
        Playbook playbook,
        double confidence,
        Match.Result result,
        double threshold,
        Map<String, JsonNode> advised) {

    /** Under this nothing is near enough to be offered as "did you mean". */
    private static final double WORTH_NAMING = 0.4;

    /** Words of paths that say nothing about what a playbook does. */
    private static final Set<String> COMMON = Set.of(
            "yml",
            "yaml",
            "playbook",
            "playbooks",
            "main",
            "site",
            "the",
            "and",
            "add",
            "all",
            "setup",
            "install",
            "deploy",
            "update",
            "upgrade",
            "remove",
            "restart",
            "start",
            "stop",
            "config",
            "configure",
            "services",
            "service",
            "broken");

    /** One question to the infra agent for all clauses and their second readings. */
    static List<MatchedClause> match(List<ReadClause> clauses, TeamCatalogue catalogue) {
        List<Match.Task> tasks = new ArrayList<>();
        List<List<String>> readings = new ArrayList<>();
        String context = null;
        for (ReadClause clause : clauses) {
            tasks.add(new Match.Task(clause.wanted(), context));
            if (!clause.placeless().equals(clause.wanted())) {
                tasks.add(new Match.Task(clause.placeless(), context));
            }
            List<String> parts = Distribution.of(clause.wanted());
            readings.add(parts);
            for (String part : parts) {
                tasks.add(new Match.Task(part, context));
            }
            context = context == null ? clause.wanted() : context + ". " + clause.wanted();
        }
        Match.Answer answer = catalogue.match(tasks);
        List<MatchedClause> matched = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < clauses.size(); i++) {
            Match.Result whole = answer.results().get(next++);
            if (!clauses.get(i).placeless().equals(clauses.get(i).wanted())) {
                Match.Result placeless = answer.results().get(next++);
                whole = whole.matched() == null ? placeless : whole;
            }
            List<Match.Result> parts = new ArrayList<>();
            for (int j = 0; j < readings.get(i).size(); j++) {
                parts.add(answer.results().get(next++));
            }
            if (eachMeansAnother(parts)) {
                for (int j = 0; j < parts.size(); j++) {
                    Clause part =
                            withText(clauses.get(i).clause(), readings.get(i).get(j));
                    matched.add(of(part, clauses.get(i).target(), parts.get(j), answer.threshold()));
                }
            } else {
                matched.add(of(clauses.get(i).clause(), clauses.get(i).target(), whole, answer.threshold()));
            }
        }
        return matched;
    }

    private static boolean eachMeansAnother(List<Match.Result> parts) {
        return !parts.isEmpty()
                && parts.stream()
                        .allMatch(
                                part -> part.matched() != null && part.matched().broken() == null)
                && parts.stream().map(part -> part.matched().path()).distinct().count() == parts.size();
    }

    private static Clause withText(Clause clause, String text) {
        return new Clause(
                clause.index(), text, clause.action(), clause.stage(), clause.refersBack(), clause.modifiers());
    }

    private static MatchedClause of(Clause clause, Target target, Match.Result result, double threshold) {
        Playbook playbook = result.matched() != null && result.matched().broken() == null ? result.matched() : null;
        return new MatchedClause(clause, target, playbook, result.confidence(), result, threshold, Map.of());
    }

    /** The same words, taken to mean this playbook, which is one of {@link #offered}. */
    MatchedClause meaning(Playbook chosen, Map<String, JsonNode> values) {
        double sure = result.candidates().stream()
                .filter(candidate -> candidate.playbook().path().equals(chosen.path()))
                .mapToDouble(Match.Scored::confidence)
                .findFirst()
                .orElse(confidence);
        return new MatchedClause(clause, target, chosen, sure, result, threshold, values);
    }

    /** What a person would be asked to choose from; the playbook alone when there is no question. */
    List<Playbook> offered() {
        return playbook != null
                ? List.of(playbook)
                : result.candidates().stream()
                        .filter(MatchedClause::isWorthNaming)
                        .map(Match.Scored::playbook)
                        .toList();
    }

    private static boolean isWorthNaming(Match.Scored candidate) {
        return candidate.playbook().broken() == null && candidate.confidence() >= WORTH_NAMING;
    }

    /** What to ask when nothing can be proposed. */
    Question question(int position, TeamCatalogue catalogue) {
        Playbook broken = broken(catalogue);
        if (broken != null) {
            return new Question(
                    Code.BROKEN_PLAYBOOK,
                    null,
                    position,
                    clause.text(),
                    "This looks like " + broken.path() + ", but that playbook is broken: " + broken.broken(),
                    List.of(new Candidate(broken.path(), broken.title(), result.confidence())),
                    null,
                    clause.stage());
        }
        List<Candidate> candidates = result.candidates().stream()
                .filter(MatchedClause::isWorthNaming)
                .map(c -> new Candidate(c.playbook().path(), c.playbook().title(), c.confidence()))
                .toList();
        String message = candidates.isEmpty()
                ? "No playbook in the repository does this. Say it in other words, name a playbook, or drop it."
                : "I am not sure which playbook you mean. Nearest: "
                        + candidates.stream()
                                .map(c -> c.name() + " (" + c.playbook() + ")")
                                .collect(Collectors.joining("; "))
                        + ".";
        return new Question(
                candidates.isEmpty() ? Code.UNKNOWN_INTENT : Code.AMBIGUOUS,
                null,
                position,
                clause.text(),
                message,
                candidates,
                null,
                clause.stage());
    }

    /** A broken playbook has no description to match; its path has to be named by a word of its own. */
    private Playbook broken(TeamCatalogue catalogue) {
        if (result.matched() != null) {
            return result.matched();
        }
        Set<String> said = words(clause.text());
        Playbook best = null;
        long most = 0;
        for (Playbook playbook : catalogue.brokenPlaybooks()) {
            Set<String> own = words(playbook.path());
            own.removeAll(COMMON);
            long common = own.stream().filter(said::contains).count();
            if (common > most) {
                best = playbook;
                most = common;
            }
        }
        return best;
    }

    private static Set<String> words(String text) {
        return Stream.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> word.length() > 2)
                .collect(Collectors.toCollection(HashSet::new));
    }
}
