package io.skein.orchestrator.planning;

import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable.Source;
import io.skein.orchestrator.infra.Playbook;
import java.util.ArrayList;
import java.util.List;

/**
 * What an adviser is asked about.
 *
 * @param text the whole request
 * @param parts what it asks for, in order
 * @param readings steps for everything on offer with the variables recognised in the words: where the secrets are
 */
public record Consultation(String text, List<Part> parts, List<PlannedStep> readings) {

    public Consultation {
        parts = List.copyOf(parts);
        readings = List.copyOf(readings);
    }

    /**
     * One thing that is asked for.
     *
     * @param number 1, 2, 3 …
     * @param words of the request
     * @param certain the words alone are enough: then the one playbook is on offer
     * @param offered the playbooks it may mean, best first; none when nothing comes near
     */
    public record Part(int number, String words, boolean certain, List<Playbook> offered) {
        public Part {
            offered = List.copyOf(offered);
        }
    }

    static Consultation about(String text, List<MatchedClause> matched) {
        List<Part> parts = new ArrayList<>();
        List<PlannedStep> readings = new ArrayList<>();
        for (MatchedClause clause : matched) {
            String words = clause.clause().withModifiers();
            List<Playbook> offered = clause.offered();
            parts.add(new Part(parts.size() + 1, words, clause.playbook() != null, offered));
            for (Playbook playbook : offered) {
                PlannedStep bare = EmbeddedPlanner.bare(playbook, words, 0, 0, false);
                readings.add(StepVariables.read(bare, words, Source.REQUEST, new ArrayList<>()));
            }
        }
        return new Consultation(text, parts, readings);
    }
}
