package io.skein.runtime.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.Ids;
import io.skein.contracts.event.Priority;
import io.skein.platform.messaging.Outbox;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.HandClock;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** EVT-03: one firing for each due time, whatever the replicas do. The clock stands years ahead, so the service's own never fires. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class DueSchedulesQuarkusTest {

    private static final Instant TEN = Instant.parse("2095-01-01T10:00:00Z");

    @Inject
    Jdbi jdbi;

    @Inject
    Outbox outbox;

    @Inject
    ScheduleConfig config;

    private final HandClock clock = new HandClock(TEN.minusSeconds(30));
    private final List<UUID> said = new CopyOnWriteArrayList<>();

    /** Notes what is really committed, and waits a while so that all replicas are in their transactions at once. */
    private final class Slow extends ScheduleEvents {

        private final CountDownLatch all;

        Slow(CountDownLatch all) {
            super(outbox);
            this.all = all;
        }

        @Override
        void due(Handle tx, Schedule schedule, Instant due, UUID id, Instant now) {
            all.countDown();
            await(all);
            super.due(tx, schedule, due, id, now);
            tx.afterCommit(() -> said.add(id));
        }
    }

    /** What the exclusion rests on, each to be switched off. */
    private static final class Weak extends ScheduleRepository {

        private final boolean locks;
        private final boolean remembers;

        Weak(boolean locks, boolean remembers) {
            this.locks = locks;
            this.remembers = remembers;
        }

        @Override
        Optional<Schedule> claimDue(Handle tx, Instant now, Collection<UUID> except) {
            if (locks) {
                return super.claimDue(tx, now, except);
            }
            return tx.createQuery("SELECT id FROM schedule WHERE next_at <= :now ORDER BY next_at LIMIT 1")
                    .bind("now", now.atOffset(java.time.ZoneOffset.UTC))
                    .mapTo(UUID.class)
                    .findOne()
                    .flatMap(id -> find(tx, id));
        }

        @Override
        boolean decide(Handle tx, UUID schedule, Instant due, Instant now, UUID event) {
            return !remembers || super.decide(tx, schedule, due, now, event);
        }
    }

    @BeforeEach
    void nothingElseIsDue() {
        jdbi.useHandle(handle -> handle.execute("DELETE FROM schedule"));
    }

    @Test
    void threeReplicasFireOnce() throws Exception {
        UUID id = add("0 * * * *", Missed.ALL);
        clock.move(Duration.ofMinutes(1));
        assertEquals(1, firedByThree(new ScheduleRepository()));
        assertEquals(List.of("fired"), outcomes(id));
        assertEquals(TEN.plus(Duration.ofHours(1)), find(id).nextAt());
    }

    @Test
    void threeReplicasShareManySchedulesAndEachFiresOnce() throws Exception {
        for (int i = 0; i < 60; i++) {
            add("0 * * * *", Missed.ALL);
        }
        clock.move(Duration.ofMinutes(1));
        List<Callable<Integer>> replicas = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            DueSchedules replica = replica(new ScheduleRepository(), new Slow(new CountDownLatch(0)));
            replicas.add(() -> {
                int fired = 0;
                while (replica.fireOne()) {
                    fired++;
                }
                return fired;
            });
        }
        assertEquals(60, sum(replicas));
        assertEquals(60, said.size());
        assertEquals(60, said.stream().distinct().count());
    }

    /** Planted: without the lock and without what is written down, the test above would see more than one. */
    @Test
    void withoutItsTwoGuardsItFiresMoreThanOnce() throws Exception {
        add("0 * * * *", Missed.ALL);
        clock.move(Duration.ofMinutes(1));
        assertTrue(firedByThree(new Weak(false, false)) > 1, "the planted bug was not seen");
    }

    @Test
    void withoutTheLockWhatIsWrittenDownStillHolds() throws Exception {
        add("0 * * * *", Missed.ALL);
        clock.move(Duration.ofMinutes(1));
        assertEquals(1, firedByThree(new Weak(false, true)));
    }

    @Test
    void whoDiesBeforeTheCommitHasDoneNothingAndTheNextOneDoesIt() {
        UUID id = add("0 * * * *", Missed.ALL);
        clock.move(Duration.ofMinutes(1));
        DueSchedules dying = replica(new ScheduleRepository(), new ScheduleEvents(outbox) {
            @Override
            void due(Handle tx, Schedule schedule, Instant due, UUID event, Instant now) {
                super.due(tx, schedule, due, event, now);
                // The connection of a process that is killed.
                tx.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            }
        });
        assertThrows(RuntimeException.class, dying::fireOne);
        assertEquals(List.of(), outcomes(id));

        DueSchedules next = replica(new ScheduleRepository(), new Slow(new CountDownLatch(0)));
        assertTrue(next.fireOne());
        assertFalse(next.fireOne());
        assertEquals(List.of(ScheduleEvents.idOf(id, TEN)), said);
        assertEquals(List.of("fired"), outcomes(id));
    }

    @Test
    void oneThatCannotBeFiredDoesNotHoldUpTheOthers() {
        UUID broken = add("0 * * * *", Missed.ALL);
        UUID sound = add("0 * * * *", Missed.ALL);
        jdbi.useHandle(handle -> handle.execute("UPDATE schedule SET zone = 'Mars/Olympus' WHERE id = ?", broken));
        clock.move(Duration.ofMinutes(1));
        DueSchedules replica = replica(new ScheduleRepository(), new Slow(new CountDownLatch(0)));
        assertThrows(RuntimeException.class, replica::fireOne);
        assertTrue(replica.fireOne());
        assertFalse(replica.fireOne());
        assertEquals(List.of("fired"), outcomes(sound));
        clock.move(Duration.ofSeconds(11));
        assertThrows(RuntimeException.class, replica::fireOne, "it is tried again");
    }

    @Test
    void aClockThatIsSetBackFiresNothingAgain() {
        UUID id = add("0 * * * *", Missed.ALL);
        DueSchedules replica = replica(new ScheduleRepository(), new Slow(new CountDownLatch(0)));
        clock.move(Duration.ofMinutes(1));
        assertTrue(replica.fireOne());
        clock.move(Duration.ofHours(-2));
        assertFalse(replica.fireOne());
        clock.move(Duration.ofHours(2));
        assertFalse(replica.fireOne());
        clock.move(Duration.ofHours(1));
        assertTrue(replica.fireOne());
        assertEquals(
                List.of(ScheduleEvents.idOf(id, TEN), ScheduleEvents.idOf(id, TEN.plus(Duration.ofHours(1)))), said);
    }

    @Test
    void evenARowThatIsSetBackFiresNothingAgain() {
        UUID id = add("0 * * * *", Missed.ALL);
        DueSchedules replica = replica(new ScheduleRepository(), new Slow(new CountDownLatch(0)));
        clock.move(Duration.ofMinutes(1));
        assertTrue(replica.fireOne());
        jdbi.useHandle(
                handle -> handle.execute("UPDATE schedule SET next_at = next_at - interval '1 hour' WHERE id = ?", id));
        assertTrue(replica.fireOne());
        assertEquals(1, said.size());
    }

    @Test
    void afterAnOutageThePolicySaysWhatIsMadeUpFor() {
        UUID skip = add("0 * * * *", Missed.SKIP);
        UUID once = add("0 * * * *", Missed.ONCE);
        UUID all = add("0 * * * *", Missed.ALL);
        clock.move(Duration.ofMinutes(150));
        DueSchedules replica = replica(new ScheduleRepository(), new Slow(new CountDownLatch(0)));
        while (replica.fireOne()) {
            // Until nothing is due.
        }
        assertEquals(List.of("missed", "missed", "missed"), outcomes(skip));
        assertEquals(List.of("fired", "missed", "missed"), outcomes(once));
        assertEquals(List.of("fired", "fired", "fired"), outcomes(all));
        assertEquals(4, said.size());
    }

    @Test
    void aOneShotComesOnceAndEnds() {
        Schedule once = schedule(null, TEN, Missed.ONCE);
        jdbi.useHandle(handle -> new ScheduleRepository().insert(handle, once));
        DueSchedules replica = replica(new ScheduleRepository(), new Slow(new CountDownLatch(0)));
        assertFalse(replica.fireOne());
        clock.move(Duration.ofSeconds(30));
        assertTrue(replica.fireOne());
        clock.move(Duration.ofDays(400));
        assertFalse(replica.fireOne());
        assertEquals(Schedule.State.ENDED, find(once.id()).state());
        assertEquals(1, said.size());
    }

    private int firedByThree(ScheduleRepository repository) throws Exception {
        CountDownLatch all = new CountDownLatch(3);
        List<Callable<Integer>> replicas = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            DueSchedules replica = replica(repository, new Slow(all));
            replicas.add(() -> {
                replica.fireOne();
                return 0;
            });
        }
        sum(replicas);
        return said.size();
    }

    private static int sum(List<Callable<Integer>> tasks) throws Exception {
        int sum = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            for (Future<Integer> future : threads.invokeAll(tasks)) {
                sum += future.get();
            }
        }
        return sum;
    }

    private DueSchedules replica(ScheduleRepository repository, ScheduleEvents events) {
        return new DueSchedules(repository, events, config, jdbi, (Clock) clock, new SimpleMeterRegistry());
    }

    private UUID add(String cron, Missed missed) {
        Schedule schedule = schedule(cron, null, missed);
        jdbi.useHandle(handle -> new ScheduleRepository().insert(handle, schedule));
        return schedule.id();
    }

    private Schedule schedule(String cron, Instant at, Missed missed) {
        Instant now = clock.instant();
        Schedule schedule = new Schedule(
                Ids.next(),
                "default",
                "test",
                cron,
                cron == null ? null : "UTC",
                at,
                missed,
                "backup.due",
                "nas01",
                Priority.HIGH,
                JsonNodeFactory.instance.objectNode().put("full", true),
                Schedule.State.ACTIVE,
                null,
                "ada",
                "ada",
                now,
                now,
                1);
        return schedule.due(schedule.timetable().after(now).orElseThrow());
    }

    private Schedule find(UUID id) {
        return jdbi.withHandle(handle -> new ScheduleRepository().find(handle, id))
                .orElseThrow();
    }

    /** The latest due time first. */
    private List<String> outcomes(UUID id) {
        return jdbi.withHandle(handle -> new ScheduleRepository().firings(handle, id, null, 200)).stream()
                .map(ScheduleRepository.Firing::outcome)
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(700, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
