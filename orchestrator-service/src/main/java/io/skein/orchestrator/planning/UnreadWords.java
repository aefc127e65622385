package io.skein.orchestrator.planning;

import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.infra.Playbook;
import java.util.List;

/**
 * Words about a plan that no rule reads as a change of it.
 *
 * @param steps of the plan, under the numbers the person saw
 * @param offered the playbooks the words come near to
 * @param readings the steps, and steps of what is offered, with the variables recognised in the words: where the secrets are
 */
public record UnreadWords(String words, List<PlannedStep> steps, List<Playbook> offered, List<PlannedStep> readings) {

    public UnreadWords {
        steps = List.copyOf(steps);
        offered = List.copyOf(offered);
        readings = List.copyOf(readings);
    }
}
