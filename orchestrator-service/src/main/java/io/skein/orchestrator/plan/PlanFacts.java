package io.skein.orchestrator.plan;

import java.util.List;
import java.util.UUID;

/**
 * What is known about a plan beside what it proposes and where it stands.
 *
 * @param approvedHash what was approved; null when nothing is, or before Skein kept it
 * @param approvalMode always, auto or two-person; null when nothing is approved
 * @param approvalRule the rule of the policy that decided on the mode, or null when none did
 * @param rollbackOf the plan it undoes, or null
 * @param rolledBackBy the newest plan that undoes it, or null
 * @param notes about the version, for a person
 * @param lapsed why the approval of the version before does not count any more, or null
 */
public record PlanFacts(
        String approvedHash,
        String approvalMode,
        String approvalRule,
        UUID rollbackOf,
        UUID rolledBackBy,
        List<String> notes,
        Lapsed lapsed) {

    public static final PlanFacts NONE = new PlanFacts(null, null, null, null, null, List.of(), null);

    public PlanFacts {
        notes = notes == null ? List.of() : List.copyOf(notes);
    }

    /**
     * @param stepNumber the step that did not run, or null when none had been tried
     * @param files those that are not as approved, as far as they are known
     */
    public record Lapsed(Integer stepNumber, String reason, List<String> files) {
        public Lapsed {
            files = files == null ? List.of() : List.copyOf(files);
        }
    }
}
