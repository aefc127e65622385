package io.skein.runtime.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.platform.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Berlin: clocks go forward on 2027-03-28 from 02:00 (+1) to 03:00 (+2), and back on 2027-10-31 from 03:00 (+2) to 02:00 (+1). */
class TimetableTest {

    private static final String BERLIN = "Europe/Berlin";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 9 * * MON-FRI | Europe/Berlin | 2026-11-20T08:00:00Z | 2026-11-23T08:00:00Z",
                "0 9 * * *       | Asia/Kolkata  | 2026-11-20T00:00:00Z | 2026-11-20T03:30:00Z",
                "*/15 * * * *    | UTC           | 2026-11-20T00:00:00Z | 2026-11-20T00:15:00Z",
                "0 0 29 2 *      | UTC           | 2026-11-20T00:00:00Z | 2028-02-29T00:00:00Z",
                "0 0 13 * 5      | UTC           | 2026-11-20T00:00:00Z | 2026-11-27T00:00:00Z",
                "0 0 * * 7       | UTC           | 2026-11-20T00:00:00Z | 2026-11-22T00:00:00Z",
                "59 23 31 12 *   | America/New_York | 2026-11-20T00:00:00Z | 2027-01-01T04:59:00Z"
            })
    void aCronIsReadInItsTimeZone(String cron, String zone, Instant after, Instant due) {
        assertEquals(Optional.of(due), Timetable.Repeated.of(cron, zone).after(after));
    }

    @Test
    void whatFallsIntoTheGapIsDueWhenTheGapEnds() {
        assertEquals(
                times("2027-03-27T01:30:00Z", "2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z"),
                next("30 2 * * *", "2027-03-26T12:00:00Z", 3));
    }

    @Test
    void twoThatFallIntoTheSameMomentAreOne() {
        assertEquals(
                times("2027-03-28T01:00:00Z", "2027-03-29T00:00:00Z", "2027-03-29T01:00:00Z"),
                next("0 2,3 * * *", "2027-03-27T12:00:00Z", 3));
    }

    @Test
    void anEveryHourCronSkipsTheHourThatIsNotThere() {
        assertEquals(
                times("2027-03-28T00:00:00Z", "2027-03-28T00:30:00Z", "2027-03-28T01:00:00Z", "2027-03-28T01:30:00Z"),
                next("*/30 * * * *", "2027-03-27T23:59:00Z", 4));
    }

    @Test
    void aTimeOfDayThatComesTwiceIsDueTheFirstTime() {
        assertEquals(
                times("2027-10-30T00:30:00Z", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"),
                next("30 2 * * *", "2027-10-29T12:00:00Z", 3));
    }

    @Test
    void anEveryHourCronCountsBothRoundsOfTheDoubledHour() {
        assertEquals(
                times(
                        "2027-10-31T00:00:00Z",
                        "2027-10-31T00:30:00Z",
                        "2027-10-31T01:00:00Z",
                        "2027-10-31T01:30:00Z",
                        "2027-10-31T02:00:00Z"),
                next("*/30 * * * *", "2027-10-30T23:59:00Z", 5));
    }

    /** Every start within the two nights gives the first due time after it, and none is jumped over. */
    @Test
    void whereverOneBeginsTheNextIsTheSame() {
        for (String cron : List.of("*/20 * * * *", "10 2 * * *", "0,30 1-3 * * *", "0 * * * *")) {
            for (String night : List.of("2027-03-27T22:00:00Z", "2027-10-30T22:00:00Z")) {
                Timetable timetable = Timetable.Repeated.of(cron, BERLIN);
                Instant begin = Instant.parse(night);
                List<Instant> chain = next(cron, night, 12);
                for (int minute = 0; minute < 240; minute++) {
                    Instant start = begin.plus(Duration.ofMinutes(minute));
                    Instant expected = chain.stream()
                            .filter(due -> due.isAfter(start))
                            .findFirst()
                            .orElseThrow();
                    assertEquals(Optional.of(expected), timetable.after(start), cron + " after " + start);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * * *      | UTC | cron",
                "0 0 12 * * ? *   | UTC | cron",
                "61 * * * *       | UTC | cron",
                "* * * *          | UTC | cron",
                "every minute of the day | UTC | cron",
                "@daily           | UTC | cron",
                "0 0 L * *        | UTC | cron",
                "'0 0 31 2 *||0 0 1 1 *' | UTC | cron",
                "*/0 * * * *      | UTC | cron",
                "5-1 * * * *      | UTC | cron",
                "0 0 1 1 *        | Mars/Olympus | timeZone",
                "0 0 1 1 *        | +02:00 | timeZone"
            })
    void whatIsNoCronIsRefusedByName(String cron, String zone, String field) {
        ProblemException refused = assertThrows(ProblemException.class, () -> Timetable.Repeated.of(cron, zone));
        assertTrue(refused.getMessage().startsWith(field + ":"), refused.getMessage());
    }

    @Test
    void aDayThatNeverComesIsNoDueTime() {
        assertEquals(
                Optional.empty(), Timetable.Repeated.of("0 0 30 2 *", "UTC").after(Instant.EPOCH));
    }

    @Test
    void theLatestDueTimesAreFoundQuicklyAfterYears() {
        Timetable everyMinute = Timetable.Repeated.of("* * * * *", BERLIN);
        Instant until = Instant.parse("2036-11-20T10:00:30Z");
        List<Instant> latest = assertTimeout(
                Duration.ofSeconds(5), () -> everyMinute.latest(Instant.parse("2026-01-01T00:00:00Z"), until, 100));
        assertEquals(100, latest.size());
        assertEquals(Instant.parse("2036-11-20T10:00:00Z"), latest.getLast());
        assertEquals(Instant.parse("2036-11-20T08:21:00Z"), latest.getFirst());
        assertEquals(
                times("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"),
                Timetable.Repeated.of("0 0 1 * *", "UTC")
                        .latest(Instant.parse("2026-05-01T00:00:00Z"), Instant.parse("2026-06-30T00:00:00Z"), 100));
    }

    private static List<Instant> next(String cron, String after, int count) {
        Timetable timetable = Timetable.Repeated.of(cron, BERLIN);
        List<Instant> due = new ArrayList<>();
        Instant last = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            last = timetable.after(last).orElseThrow();
            due.add(last);
        }
        return due;
    }

    private static List<Instant> times(String... times) {
        return java.util.Arrays.stream(times).map(Instant::parse).toList();
    }
}
