package io.skein.runtime.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about one schedule now.
 *
 * @param fire due times that get their event, oldest first
 * @param missed due times that went by, oldest first; only the latest when there were many
 * @param next when to look again; empty when it has ended
 */
record Turn(List<Instant> fire, List<Instant> missed, Optional<Instant> next) {

    /** Of what went by, no more than this is looked at. */
    static final int MOST = 100;

    Turn {
        fire = List.copyOf(fire);
        missed = List.copyOf(missed);
    }

    /**
     * @param due the earliest due time that nobody has decided about
     * @param grace no later than this counts as on time
     */
    static Turn of(Timetable timetable, Instant due, Instant now, Missed policy, Duration grace) {
        if (due.isAfter(now)) {
            return new Turn(List.of(), List.of(), Optional.of(due));
        }
        List<Instant> gone = timetable.latest(due, now, MOST);
        int onTime = gone.size();
        while (onTime > 0 && !gone.get(onTime - 1).isBefore(now.minus(grace))) {
            onTime--;
        }
        // What is on time was not missed, whatever the policy.
        int first =
                switch (policy) {
                    case SKIP -> onTime;
                    case ONCE -> Math.min(onTime, gone.size() - 1);
                    case ALL -> 0;
                };
        return new Turn(gone.subList(first, gone.size()), gone.subList(0, first), timetable.after(now));
    }
}
