package io.skein.lock.lease;

import java.util.Locale;

/**
 * One thing a function of the database says; V2 of the schema lists them.
 *
 * @param ahead how many stand before a place in the queue; -1 where that says nothing
 * @param lease what it is about; of a place only id, team and resources are there
 */
record Answer(Kind kind, long ahead, Lease lease) {

    enum Kind {
        GRANTED,
        QUEUED,
        REFUSED,
        DONE,
        ENDED,
        MISMATCH,
        NOT_FOUND,
        NOT_OWNER,
        REASON_MISSING,
        UNKNOWN,
        SERVED,
        AGAIN;

        static Kind fromWire(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    /** Says what became of the call; the others say what it meant for those who wait. */
    boolean isOutcome() {
        return kind != Kind.SERVED && kind != Kind.AGAIN;
    }
}
