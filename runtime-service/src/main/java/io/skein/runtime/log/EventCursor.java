package io.skein.runtime.log;

import io.skein.platform.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A place in the log: events are listed by when they got there, and by their order where that is the same. */
record EventCursor(Instant receivedAt, long seq) {

    static EventCursor of(LoggedEvent event) {
        return new EventCursor(event.receivedAt(), event.seq());
    }

    /**
     * Null for none.
     *
     * @throws ProblemException validation_failed when it is no cursor
     */
    static EventCursor parse(String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            int dash = text.indexOf('-', 1);
            Instant at = Instant.EPOCH.plus(Long.parseLong(text.substring(0, dash)), ChronoUnit.MICROS);
            if (!Storable.time(at).equals(at)) {
                throw new DateTimeException("beyond what PostgreSQL knows");
            }
            return new EventCursor(at, Long.parseLong(text.substring(dash + 1)));
        } catch (NumberFormatException | StringIndexOutOfBoundsException | DateTimeException | ArithmeticException e) {
            throw ProblemException.invalid("after", "is not a cursor this list gave out");
        }
    }

    @Override
    public String toString() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, receivedAt) + "-" + seq;
    }
}
