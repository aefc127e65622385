package io.skein.runtime.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnTest {

    private static final Timetable HOURLY = Timetable.Repeated.of("0 * * * *", "UTC");
    private static final Instant TEN = Instant.parse("2027-01-01T10:00:00Z");
    private static final Duration GRACE = Duration.ofMinutes(1);

    @Test
    void onTimeFiresWhateverThePolicy() {
        for (Missed policy : Missed.values()) {
            Turn turn = Turn.of(HOURLY, TEN, TEN.plusSeconds(1), policy, GRACE);
            assertEquals(new Turn(List.of(TEN), List.of(), Optional.of(hours(1))), turn, policy.name());
        }
    }

    @Test
    void whatWentByIsSkippedMadeUpForOnceOrAll() {
        Instant now = hours(3).plus(Duration.ofMinutes(30));
        List<Instant> gone = List.of(TEN, hours(1), hours(2), hours(3));
        assertEquals(new Turn(List.of(), gone, Optional.of(hours(4))), Turn.of(HOURLY, TEN, now, Missed.SKIP, GRACE));
        assertEquals(
                new Turn(List.of(hours(3)), gone.subList(0, 3), Optional.of(hours(4))),
                Turn.of(HOURLY, TEN, now, Missed.ONCE, GRACE));
        assertEquals(new Turn(gone, List.of(), Optional.of(hours(4))), Turn.of(HOURLY, TEN, now, Missed.ALL, GRACE));
    }

    @Test
    void skippingFiresTheOneThatIsOnTimeAllTheSame() {
        assertEquals(
                new Turn(List.of(hours(2)), List.of(TEN, hours(1)), Optional.of(hours(3))),
                Turn.of(HOURLY, TEN, hours(2).plusSeconds(59), Missed.SKIP, GRACE));
    }

    @Test
    void whatIsOnTimeIsNotMissedWhateverThePolicy() {
        Duration patient = Duration.ofHours(3);
        Instant now = hours(4).plusSeconds(1);
        List<Instant> onTime = List.of(hours(2), hours(3), hours(4));
        for (Missed policy : List.of(Missed.SKIP, Missed.ONCE)) {
            assertEquals(
                    new Turn(onTime, List.of(TEN, hours(1)), Optional.of(hours(5))),
                    Turn.of(HOURLY, TEN, now, policy, patient),
                    policy.name());
        }
    }

    @Test
    void noMoreThanAHundredAreMadeUpFor() {
        Turn turn = Turn.of(HOURLY, TEN, TEN.plus(Duration.ofDays(3650)), Missed.ALL, GRACE);
        assertEquals(100, turn.fire().size());
        assertEquals(TEN.plus(Duration.ofDays(3650)), turn.fire().getLast());
    }

    @Test
    void aClockThatWasSetBackFiresNothingAndLosesNothing() {
        assertEquals(
                new Turn(List.of(), List.of(), Optional.of(TEN)),
                Turn.of(HOURLY, TEN, TEN.minus(Duration.ofHours(5)), Missed.ALL, GRACE));
    }

    @Test
    void aOneShotEnds() {
        Timetable once = new Timetable.Once(TEN);
        assertEquals(
                new Turn(List.of(TEN), List.of(), Optional.empty()), Turn.of(once, TEN, hours(9), Missed.ONCE, GRACE));
        assertEquals(
                new Turn(List.of(), List.of(TEN), Optional.empty()), Turn.of(once, TEN, hours(9), Missed.SKIP, GRACE));
    }

    private static Instant hours(int hours) {
        return TEN.plus(Duration.ofHours(hours));
    }
}
