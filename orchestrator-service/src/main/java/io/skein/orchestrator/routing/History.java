package io.skein.orchestrator.routing;

import io.skein.orchestrator.draft.PlannedStep;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What an agent's past says for one step.
 *
 * @param runs those it is judged by
 * @param good of them
 * @param samePlaybook whether they are of this playbook only
 * @param host 0..1, how lately it worked on one of the step's hosts
 * @param kind 0..1, how lately it ran this playbook or service
 * @param talk 0..1, how lately it ran something of this session
 */
record History(int runs, int good, boolean samePlaybook, double host, double kind, double talk) {

    static final History NONE = new History(0, 0, false, 0, 0, 0);

    private static final Duration CONTEXT = Duration.ofDays(7);
    private static final int ENOUGH_RUNS = 3;

    /**
     * @param own its last runs
     * @param hosts the step's
     */
    static History of(List<PastRun> own, PlannedStep step, Set<String> hosts, UUID session, Instant now) {
        int good = 0;
        int same = 0;
        int sameGood = 0;
        Instant host = null;
        Instant kind = null;
        Instant talk = null;
        for (PastRun run : own) {
            boolean samePlaybook = run.playbook().equals(step.playbook());
            if (run.succeeded()) {
                good++;
            }
            if (samePlaybook) {
                same++;
            }
            if (samePlaybook && run.succeeded()) {
                sameGood++;
            }
            if (!Collections.disjoint(run.hosts(), hosts)) {
                host = later(host, run.finishedAt());
            }
            if (samePlaybook || step.service() != null && step.service().equals(run.service())) {
                kind = later(kind, run.finishedAt());
            }
            if (session != null && session.equals(run.sessionId())) {
                talk = later(talk, run.finishedAt());
            }
        }
        boolean enough = same >= ENOUGH_RUNS;
        return new History(
                enough ? same : own.size(),
                enough ? sameGood : good,
                enough,
                age(host, now),
                age(kind, now),
                age(talk, now));
    }

    private static Instant later(Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }

    private static double age(Instant last, Instant now) {
        if (last == null) {
            return 0;
        }
        double age = 1 - (double) Duration.between(last, now).toSeconds() / CONTEXT.toSeconds();
        return Math.clamp(age, 0, 1);
    }

    /** Points. */
    int success() {
        return (int) Math.round(40.0 * (good + 3) / (runs + 4));
    }

    /** Points. */
    int context() {
        return (int) Math.round(15 * host + 10 * kind + 5 * talk);
    }
}
