package io.skein.runtime.schedule;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * An event that comes by the clock.
 *
 * <pre>
 *            pause
 *   active ---------> paused      active: has a next due time
 *      |   <---------    |        paused: nothing comes, and what is due meanwhile is not made up for
 *      |     resume      |        ended:  a one-shot that has come, or a cron that never comes again;
 *      v                 v                a change makes it active anew
 *    ended   <-----------+
 * </pre>
 *
 * @param cron UNIX syntax, five fields; null for a one-shot
 * @param timeZone of the cron, an IANA name; null for a one-shot
 * @param at when the one-shot is due; null for a cron
 * @param nextAt the next due time, while it is active
 * @param changedBy whose word it is: the actor of its events
 * @param version grows with every change; its ETag
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Schedule(
        UUID id,
        String team,
        String name,
        String cron,
        String timeZone,
        Instant at,
        Missed missed,
        String type,
        String subject,
        Priority priority,
        JsonNode data,
        State state,
        Instant nextAt,
        String createdBy,
        String changedBy,
        Instant createdAt,
        Instant changedAt,
        @JsonIgnore long version) {

    public enum State {
        ACTIVE,
        PAUSED,
        ENDED;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State fromWire(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    Timetable timetable() {
        return cron == null ? new Timetable.Once(at) : Timetable.Repeated.of(cron, timeZone);
    }

    /** The same, due then; ended when it never is. */
    Schedule due(Instant next) {
        return in(next == null ? State.ENDED : State.ACTIVE, next);
    }

    Schedule paused() {
        return in(State.PAUSED, null);
    }

    private Schedule in(State newState, Instant next) {
        return new Schedule(
                id, team, name, cron, timeZone, at, missed, type, subject, priority, data, newState, next, createdBy,
                changedBy, createdAt, changedAt, version);
    }

    /** The same, as somebody left it now. */
    Schedule changed(String by, Instant now) {
        return new Schedule(
                id,
                team,
                name,
                cron,
                timeZone,
                at,
                missed,
                type,
                subject,
                priority,
                data,
                state,
                nextAt,
                createdBy,
                by,
                createdAt,
                now,
                version + 1);
    }
}
