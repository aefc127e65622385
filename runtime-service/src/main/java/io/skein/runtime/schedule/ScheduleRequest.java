package io.skein.runtime.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.publish.EventRules;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * A schedule as somebody wants it.
 *
 * @param name for people; need not be unique
 * @param cron UNIX syntax: minute, hour, day of month, month, day of week; this or {@code at}
 * @param timeZone of the cron, an IANA name; default UTC
 * @param at once, then; must be to come
 * @param missed {@code skip}, {@code once} (default) or {@code all}: what becomes of due times nobody could fire at
 * @param type of the event; not one of the fleet's own
 * @param data of the event, a JSON object of at most 64 KiB
 */
record ScheduleRequest(
        @NotBlank @Size(max = 100) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String name,

        @Size(max = 200) String cron,
        @Size(max = 60) String timeZone,
        Instant at,
        Missed missed,

        @NotNull @Pattern(regexp = EventRules.TYPE, message = EventRules.TYPE_MESSAGE) @Size(max = EventRules.MAX_TYPE) String type,

        @Size(max = EventRules.MAX_SUBJECT) @Pattern(regexp = EventRules.ONE_LINE, message = EventRules.ONE_LINE_MESSAGE) String subject,

        Priority priority,
        JsonNode data) {

    private static final String UTC = "UTC";
    private static final Instant TOO_FAR = Instant.parse("9999-12-31T00:00:00Z");

    /**
     * The schedule this makes, active and due for the first time after now.
     *
     * @throws ProblemException validation_failed, naming the field
     */
    Schedule schedule(UUID id, String team, String actor, Instant now) {
        EventRules.requireOwnType("type", type);
        if ((cron == null) == (at == null)) {
            throw ProblemException.invalid("cron", "or at must be given, one of the two");
        }
        if (at != null && timeZone != null) {
            throw ProblemException.invalid("timeZone", "goes with cron; at says its own offset");
        }
        Instant moment = at == null ? null : at.truncatedTo(ChronoUnit.MILLIS);
        if (moment != null && !moment.isAfter(now)) {
            throw ProblemException.invalid("at", "must be to come");
        }
        if (moment != null && !moment.isBefore(TOO_FAR)) {
            throw ProblemException.invalid("at", "must be before the year 10000");
        }
        Schedule schedule = new Schedule(
                id,
                team,
                name.strip(),
                cron == null ? null : String.join(" ", cron.strip().split("\\s+")),
                cron == null ? null : timeZone == null ? UTC : timeZone,
                moment,
                missed == null ? Missed.ONCE : missed,
                type,
                subject,
                priority == null ? Priority.NORMAL : priority,
                EventRules.data("data", data),
                Schedule.State.ACTIVE,
                null,
                actor,
                actor,
                now,
                now,
                1);
        return schedule.due(schedule.timetable()
                .after(now)
                .orElseThrow(() -> ProblemException.invalid("cron", "never comes: there is no such day")));
    }
}
