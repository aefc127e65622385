package io.skein.runtime.schedule;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Fires what is due, once, with any number of replicas. One transaction for each schedule: its row is locked (other replicas pass
 * over it), the due times are written down, their events go into the outbox, and the row moves on to the next due time. Who dies
 * before the commit has done nothing, and the next replica does it.
 *
 * <p>Clocks of replicas may differ and be set back: whoever thinks first that a due time has come fires it, and the row has moved
 * on for the others; and a due time is written down once.
 */
@ApplicationScoped
class DueSchedules {

    private static final Duration TROUBLE = Duration.ofSeconds(10);

    private final ScheduleRepository schedules;
    private final ScheduleEvents events;
    private final ScheduleConfig config;
    private final Jdbi jdbi;
    private final Clock clock;
    private final MeterRegistry metrics;

    @Inject
    DueSchedules(
            ScheduleRepository schedules,
            ScheduleEvents events,
            ScheduleConfig config,
            Jdbi jdbi,
            Clock clock,
            MeterRegistry metrics) {
        this.schedules = schedules;
        this.events = events;
        this.config = config;
        this.jdbi = jdbi;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Schedules that could not be fired, and until when the others go first: one that is broken must not hold up all. */
    private final Map<UUID, Instant> troubled = new ConcurrentHashMap<>();

    private record Fired(int events, int missed) {}

    /**
     * Fires one schedule.
     *
     * @return false when nothing is due that another replica is not just firing
     */
    boolean fireOne() {
        Optional<Fired> fired = jdbi.inTransaction(tx -> {
            Instant now = clock.instant();
            troubled.values().removeIf(until -> !now.isBefore(until));
            return schedules.claimDue(tx, now, troubled.keySet()).map(schedule -> attempt(tx, schedule, now));
        });
        fired.ifPresent(done -> {
            metrics.counter("skein.runtime.schedules", "outcome", "fired").increment(done.events());
            metrics.counter("skein.runtime.schedules", "outcome", "missed").increment(done.missed());
        });
        return fired.isPresent();
    }

    private Fired attempt(Handle tx, Schedule schedule, Instant now) {
        try {
            return fire(tx, schedule, now);
        } catch (RuntimeException e) {
            troubled.put(schedule.id(), now.plus(TROUBLE));
            throw e;
        }
    }

    private Fired fire(Handle tx, Schedule schedule, Instant now) {
        Turn turn = Turn.of(schedule.timetable(), schedule.nextAt(), now, schedule.missed(), config.grace());
        int fired = 0;
        for (Instant due : turn.fire()) {
            UUID id = ScheduleEvents.idOf(schedule.id(), due);
            if (schedules.decide(tx, schedule.id(), due, now, id)) {
                events.due(tx, schedule, due, id, now);
                fired++;
            }
        }
        List<Instant> missed = turn.missed().stream()
                .filter(due -> schedules.decide(tx, schedule.id(), due, now, null))
                .toList();
        if (!missed.isEmpty()) {
            events.missed(tx, schedule, missed, now);
        }
        schedules.advance(
                tx,
                schedule.id(),
                turn.next().isPresent() ? Schedule.State.ACTIVE : Schedule.State.ENDED,
                turn.next().orElse(null));
        return new Fired(fired, missed.size());
    }
}
