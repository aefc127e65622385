package io.skein.runtime.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.skein.platform.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When something is due. Either once, or by a UNIX cron expression (minute, hour, day of month, month, day of week) in a time
 * zone.
 *
 * <p>Where clocks are put forward or back, cron's own rule holds: an expression that names hours is about the time of day, so what
 * falls into the gap is due the moment the gap ends, and what comes twice is due the first time only. An expression for every hour
 * ({@code *}, or every n-th of them) is about the time that passes: nothing is due in a gap, and both rounds of the doubled hour
 * count.
 */
sealed interface Timetable {

    /** The first due time after this one; empty when there is none any more. */
    Optional<Instant> after(Instant instant);

    /** One moment. */
    record Once(Instant at) implements Timetable {

        @Override
        public Optional<Instant> after(Instant instant) {
            return at.isAfter(instant) ? Optional.of(at) : Optional.empty();
        }
    }

    /**
     * The latest due times of {@code from..until}, both included, oldest first; no more than {@code most}. However long nobody
     * looked, this is quick: it looks back from the end in growing steps.
     */
    default List<Instant> latest(Instant from, Instant until, int most) {
        Duration span = Duration.ofHours(1);
        while (true) {
            Instant start = until.minus(span);
            boolean whole = !start.isAfter(from);
            List<Instant> found = new ArrayList<>();
            Optional<Instant> due = after((whole ? from : start).minusNanos(1));
            while (due.isPresent() && !due.get().isAfter(until)) {
                found.add(due.get());
                due = after(due.get());
            }
            if (whole || found.size() >= most) {
                return List.copyOf(found.subList(Math.max(0, found.size() - most), found.size()));
            }
            span = span.multipliedBy(2);
        }
    }

    /** Again and again. */
    final class Repeated implements Timetable {

        private static final CronParser PARSER =
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        private static final Pattern FIELD = Pattern.compile("[0-9A-Za-z*,/-]{1,60}");

        private final ExecutionTime times;
        private final ZoneRules rules;
        private final boolean everyHour;

        private Repeated(Cron cron, ZoneId zone, boolean everyHour) {
            this.times = ExecutionTime.forCron(cron);
            this.rules = zone.getRules();
            this.everyHour = everyHour;
        }

        /**
         * @throws ProblemException validation_failed, naming {@code cron} or {@code timeZone}
         */
        static Repeated of(String cron, String zone) {
            if (!ZoneId.getAvailableZoneIds().contains(zone)) {
                throw ProblemException.invalid("timeZone", "is no time zone of the IANA list, like Europe/Berlin");
            }
            String[] fields = cron.strip().split("\\s+");
            if (fields.length == 6 || fields.length == 7) {
                throw ProblemException.invalid(
                        "cron", "has a field for seconds: once a minute is as often as it gets, in five fields");
            }
            if (fields.length != 5) {
                throw ProblemException.invalid(
                        "cron", "must have five fields: minute, hour, day of month, month, day of week");
            }
            for (String field : fields) {
                if (!FIELD.matcher(field).matches()) {
                    throw ProblemException.invalid("cron", "may hold numbers, names, and the signs * , - / only");
                }
            }
            try {
                Cron parsed = PARSER.parse(String.join(" ", fields)).validate();
                return new Repeated(parsed, ZoneId.of(zone), fields[1].startsWith("*"));
            } catch (IllegalArgumentException e) {
                throw ProblemException.invalid("cron", "is not understood: " + e.getMessage());
            }
        }

        @Override
        public Optional<Instant> after(Instant instant) {
            LocalDateTime local = beginning(instant);
            Instant best = null;
            while (true) {
                Optional<LocalDateTime> next =
                        times.nextExecution(local.atZone(ZoneOffset.UTC)).map(zoned -> zoned.toLocalDateTime());
                if (next.isEmpty()) {
                    return Optional.ofNullable(best);
                }
                local = next.get();
                List<Instant> due = instants(local);
                for (Instant candidate : due) {
                    if (candidate.isAfter(instant) && (best == null || candidate.isBefore(best))) {
                        best = candidate;
                    }
                }
                if (best != null && !due.isEmpty() && !due.getFirst().isBefore(best)) {
                    return Optional.of(best);
                }
            }
        }

        /** Where on the local clock to begin to look: in a doubled hour, before its first round. */
        private LocalDateTime beginning(Instant instant) {
            LocalDateTime local = LocalDateTime.ofInstant(instant, rules.getOffset(instant));
            ZoneOffsetTransition transition = rules.getTransition(local);
            return transition != null && transition.isOverlap()
                    ? transition.getDateTimeAfter().minusMinutes(1)
                    : local;
        }

        /** When the local clock shows this, earliest first. */
        private List<Instant> instants(LocalDateTime local) {
            List<ZoneOffset> offsets = rules.getValidOffsets(local);
            return switch (offsets.size()) {
                case 1 -> List.of(local.toInstant(offsets.getFirst()));
                case 0 ->
                    everyHour ? List.of() : List.of(rules.getTransition(local).getInstant());
                default ->
                    everyHour
                            ? List.of(local.toInstant(offsets.getFirst()), local.toInstant(offsets.getLast()))
                            : List.of(local.toInstant(offsets.getFirst()));
            };
        }
    }
}
