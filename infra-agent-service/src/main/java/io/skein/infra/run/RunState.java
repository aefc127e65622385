package io.skein.infra.run;

import io.skein.contracts.agent.WorkResult;
import java.util.Locale;

/**
 * The life of one piece of work. Every arrow is one transaction that also writes the message telling about it.
 *
 * <pre>
 *  work_request ──► accepted ──claimed by an agent with a free slot──► running ──► completed   exit code 0
 *     │                │                                                  │   ├──► failed      other exit code, time limit
 *     │                ├──► cancelled  (before it ran)                    │   ├──► cancelled   a person stopped it
 *     │                └──► refused    stale token, changed playbook,     │   └──► interrupted agent shut down, or died:
 *     │                                missing inventory, broken …        │                    told by its next life at
 *     └──► refused (5003, 5006: answered with an error)                   │                    once, or by another agent
 *                                                                         │                    when the lease ran out
 * </pre>
 *
 * Invariants: a row leaves {@code accepted} and {@code running} once; with it goes exactly one answer, kept in the row and
 * sent again when the same request id arrives again. What was {@code running} is never started again: after a crash nobody
 * knows how far it came. A write for a running row names this process' instance; when it touches no row, somebody else has
 * declared the run interrupted, and the process is killed without another word.
 */
enum RunState {
    ACCEPTED,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED,
    INTERRUPTED,
    REFUSED;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RunState fromWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    static RunState of(WorkResult.Outcome outcome) {
        return valueOf(outcome.name());
    }
}
