package io.skein.orchestrator.plan;

import io.skein.orchestrator.plan.PlanJournal.Author;
import org.jdbi.v3.core.Handle;

/**
 * A plan changed in the transaction that is open: told to whoever has something to do in the same transaction, as a CDI event. What an
 * observer finds may have been changed by one before it.
 */
public final class PlanChange {

    /** What happened. */
    public enum Kind {
        /** A first version. */
        PROPOSED,
        /** A version somebody made out of another. */
        MODIFIED,
        /** A version that came about because something is not as it was approved. */
        ASKED_AGAIN,
        /** The same version in another state. */
        MOVED
    }

    private final Kind kind;
    private final Handle tx;
    private final Plan plan;
    private final Author author;

    PlanChange(Kind kind, Handle tx, Plan plan, Author author) {
        this.kind = kind;
        this.tx = tx;
        this.plan = plan;
        this.author = author;
    }

    public Kind kind() {
        return kind;
    }

    public Handle tx() {
        return tx;
    }

    /** As it is after the change. */
    public Plan plan() {
        return plan;
    }

    public Author author() {
        return author;
    }
}
