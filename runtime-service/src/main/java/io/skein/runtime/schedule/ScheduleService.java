package io.skein.runtime.schedule;

import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.auth.Visibility;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.publish.GivenKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What people do with schedules. */
@ApplicationScoped
class ScheduleService {

    private static final String THING = "schedule";

    /** Who asks. */
    record Person(String team, String actor, String traceId) {}

    @Inject
    ScheduleRepository schedules;

    @Inject
    ScheduleEvents events;

    @Inject
    ScheduleConfig config;

    @Inject
    GivenKeys keys;

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    Page<Schedule> page(Visibility visibility, UUID after, int size) {
        return Page.of(
                jdbi.withHandle(handle -> schedules.list(handle, visibility, after, size + 1)),
                size,
                schedule -> schedule.id().toString());
    }

    Schedule find(Visibility visibility, UUID id) {
        return visible(jdbi.withHandle(handle -> schedules.find(handle, id)), visibility);
    }

    Page<ScheduleRepository.Firing> firings(Visibility visibility, UUID id, Instant before, int size) {
        find(visibility, id);
        return Page.of(
                jdbi.withHandle(handle -> schedules.firings(handle, id, before, size + 1)),
                size,
                firing -> firing.dueAt().toString());
    }

    /** @param key the person's Idempotency-Key, or null */
    Schedule create(Person person, String key, ScheduleRequest request) {
        UUID id = Ids.next();
        return jdbi.inTransaction(tx -> {
            Optional<UUID> earlier = keys.earlier(tx, person.team(), person.actor(), key, "/schedules", request, id);
            if (earlier.isPresent()) {
                return schedules.find(tx, earlier.get()).orElseThrow(GivenKeys::gone);
            }
            Schedule schedule = request.schedule(id, person.team(), person.actor(), now());
            if (schedules.countForAdding(tx, person.team()) >= config.perTeam()) {
                throw new ProblemException(ErrorCode.TEAM_LIMIT, "A team may have " + config.perTeam() + " schedules.");
            }
            schedules.insert(tx, schedule);
            events.created(tx, schedule, person.traceId());
            return schedule;
        });
    }

    /** Puts another one in its place. A paused one stays paused. */
    Schedule replace(Person person, UUID id, Optional<Long> version, ScheduleRequest request) {
        return change(person, id, version, "replaced", before -> {
            Schedule wanted = request.schedule(id, person.team(), person.actor(), now());
            Schedule kept = new Schedule(
                    id,
                    before.team(),
                    wanted.name(),
                    wanted.cron(),
                    wanted.timeZone(),
                    wanted.at(),
                    wanted.missed(),
                    wanted.type(),
                    wanted.subject(),
                    wanted.priority(),
                    wanted.data(),
                    wanted.state(),
                    wanted.nextAt(),
                    before.createdBy(),
                    before.changedBy(),
                    before.createdAt(),
                    before.changedAt(),
                    before.version());
            return before.state() == Schedule.State.PAUSED ? kept.paused() : kept;
        });
    }

    /** Again is fine. */
    Schedule pause(Person person, UUID id) {
        return change(person, id, Optional.empty(), "paused", before -> {
            if (before.state() == Schedule.State.ENDED) {
                throw new ProblemException(ErrorCode.ILLEGAL_TRANSITION, "It has ended; there is nothing to pause.");
            }
            return before.paused();
        });
    }

    /** From now on; what was due meanwhile is not made up for. Again is fine. */
    Schedule resume(Person person, UUID id) {
        return change(person, id, Optional.empty(), "resumed", before -> {
            if (before.state() == Schedule.State.ACTIVE) {
                return before;
            }
            return before.timetable()
                    .after(now())
                    .map(before::due)
                    .orElseThrow(() -> new ProblemException(
                            ErrorCode.ILLEGAL_TRANSITION, "Its time has passed; give it another one."));
        });
    }

    void delete(Person person, UUID id) {
        jdbi.useTransaction(tx -> {
            Schedule schedule = locked(tx, person, id);
            schedules.delete(tx, id);
            events.deleted(tx, schedule, now(), person.actor(), person.traceId());
        });
    }

    private Schedule change(
            Person person, UUID id, Optional<Long> version, String change, Function<Schedule, Schedule> to) {
        return jdbi.inTransaction(tx -> {
            Schedule before = locked(tx, person, id);
            if (version.isPresent() && version.get() != before.version()) {
                throw new ProblemException(
                        ErrorCode.PRECONDITION_FAILED, "The schedule changed since the version you have.");
            }
            Schedule wanted = to.apply(before);
            if (wanted.equals(before)) {
                return before;
            }
            Schedule after = wanted.changed(person.actor(), now());
            schedules.update(tx, after);
            events.changed(tx, after, change, person.traceId());
            return after;
        });
    }

    private Schedule locked(Handle tx, Person person, UUID id) {
        return visible(schedules.lock(tx, id), Visibility.ofTeam(person.team()));
    }

    private static Schedule visible(Optional<Schedule> schedule, Visibility visibility) {
        return schedule.filter(found -> visibility.covers(found.team(), null))
                .orElseThrow(() -> ProblemException.notFound(THING));
    }

    /** As precise as the schema keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
