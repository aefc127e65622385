package io.skein.orchestrator.language;

import java.util.List;

/** One thing a person wants different about a plan, as read from words. Step numbers are those of the version they saw. */
public sealed interface Change {

    /** "drop step 2". */
    record Drop(int step) implements Change {}

    /** "run step 2 first", "step 3 before step 1": the steps named come first of all, or right before another. */
    record Move(int step, Integer before) implements Change {}

    /** "set kuma_port to 3002", "use port 3002 in step 1": {@code text} is read against each playbook's variables. */
    record Assign(String text, Integer step) implements Change {}

    /** "on nas01", "run it on the homelab". */
    record Retarget(String text) implements Change {}

    /** "the first one", "2": which candidate of an open question is meant. */
    record Choose(int candidate) implements Change {}

    /** "use uptime-kuma/deploy.yml". */
    record Pick(String playbook) implements Change {}

    /** "skip it", said to a question: what it is about is not wanted after all. */
    record DropQuestion() implements Change {}

    /** "never mind": nothing is to change. */
    record Keep() implements Change {}

    /** Something more to do. */
    record Add(String text) implements Change {}

    /** Words no rule reads. */
    record Unclear(String text) implements Change {}

    static boolean understood(List<Change> changes) {
        return !changes.isEmpty() && changes.stream().noneMatch(Unclear.class::isInstance);
    }
}
