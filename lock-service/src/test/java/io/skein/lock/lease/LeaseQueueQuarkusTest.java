package io.skein.lock.lease;

import static io.skein.lock.lease.Locks.person;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.Priority;
import io.skein.lock.claim.Claim;
import io.skein.lock.queue.Waiter;
import io.skein.platform.problem.ProblemException;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** LOCK-02, LOCK-03: who is next, hand-over and expiry. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class LeaseQueueQuarkusTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Inject
    LeaseService service;

    @Inject
    LeaseKeeper keeper;

    @Inject
    Locks locks;

    @Inject
    Acquiring acquiring;

    @Inject
    LeaseRepository leases;

    @Inject
    Jdbi jdbi;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String resource = "host:" + UUID.randomUUID();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void priorityFirstThenArrival() throws Exception {
        Lease held = locks.acquire(claim("holder", Priority.NORMAL, 60, resource), Duration.ZERO);
        List<String> served = Collections.synchronizedList(new ArrayList<>());
        List<Future<?>> all = new ArrayList<>();
        int waiting = 0;
        for (Priority priority :
                List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.NORMAL, Priority.CRITICAL)) {
            String owner = priority.wire() + waiting;
            all.add(threads.submit(() -> {
                Lease lease = locks.acquire(claim(owner, priority, 60, resource), LONG);
                served.add(owner);
                service.release(lease.id(), person(owner), null);
            }));
            int expected = ++waiting;
            await().until(() -> locks.waitingFor(resource).size() == expected);
        }

        service.release(held.id(), person("holder"), null);
        for (Future<?> one : all) {
            one.get(20, SECONDS);
        }

        assertEquals(List.of("critical4", "high2", "normal1", "normal3", "low0"), served);
    }

    @Test
    void whoWantsManyIsNotOvertakenByThoseWhoWantOne() throws Exception {
        String other = resource + "-b";
        Lease first = locks.acquire(claim("holder", Priority.NORMAL, 60, resource), Duration.ZERO);
        Future<Lease> both =
                threads.submit(() -> locks.acquire(claim("both", Priority.NORMAL, 60, resource, other), LONG));
        await().until(() -> locks.waitingFor(other).size() == 1);

        ProblemException refused = assertThrows(
                ProblemException.class, () -> locks.acquire(claim("late", Priority.NORMAL, 60, other), Duration.ZERO));
        assertEquals(ErrorCode.LOCK_HELD, refused.code());
        assertFalse(refused.members().containsKey("holder"), "the resource itself is free");
        Lease urgent = locks.acquire(claim("urgent", Priority.CRITICAL, 60, other), Duration.ZERO);
        service.release(urgent.id(), person("urgent"), null);

        service.release(first.id(), person("holder"), null);
        assertEquals(2, both.get(20, SECONDS).fencingTokens().size());
    }

    @Test
    void anExpiredHolderLosesWhenSomebodyWaits() throws Exception {
        Lease dead = locks.acquire(claim("dead", Priority.NORMAL, 1, resource), Duration.ZERO);
        Lease next = locks.acquire(claim("next", Priority.NORMAL, 60, resource), LONG);

        assertTrue(next.fencingTokens().get(resource) > dead.fencingTokens().get(resource));
        assertFalse(next.grantedAt().isBefore(dead.expiresAt()), "granted before the other's time was over");
        assertEquals(
                Lease.Status.EXPIRED, service.visible(dead.id(), person("dead")).status());
        ProblemException late = assertThrows(
                ProblemException.class, () -> service.renew(dead.id(), Duration.ofSeconds(5), person("dead")));
        assertEquals(ErrorCode.LOCK_EXPIRED, late.code());
        ProblemException again =
                assertThrows(ProblemException.class, () -> service.release(dead.id(), person("dead"), null));
        assertEquals(ErrorCode.LOCK_EXPIRED, again.code());
        assertEquals(
                next.id(), service.holder("default", resource).orElseThrow().id());
    }

    @Test
    void theSweepEndsWhatNobodyWaitsFor() {
        Lease lease = locks.acquire(claim("dead", Priority.NORMAL, 1, resource), Duration.ZERO);
        await().atMost(10, SECONDS)
                .until(() -> service.holder("default", resource).isEmpty());
        assertEquals(
                Lease.Status.HELD, service.visible(lease.id(), person("dead")).status());

        keeper.sweep();

        assertEquals(
                Lease.Status.EXPIRED,
                service.visible(lease.id(), person("dead")).status());
    }

    @Test
    void theSweepSparesWhoRenewedInTime() throws Exception {
        assertEquals(Lease.Status.HELD, renewedWhileSwept());
        try (AutoCloseable bug = locks.plant("sweep-without-recheck", "sweep")) {
            assertEquals(Lease.Status.EXPIRED, renewedWhileSwept(), "the planted bug was not seen");
        }
    }

    private Lease.Status renewedWhileSwept() throws Exception {
        Lease lease = locks.acquire(claim("late", Priority.NORMAL, 1, resource), Duration.ZERO);
        Future<?> sweeping = threads.submit(keeper::sweep);
        Thread.sleep(300);
        service.renew(lease.id(), Duration.ofSeconds(60), person("late"));
        sweeping.get(20, SECONDS);
        Lease.Status status = service.visible(lease.id(), person("late")).status();
        if (status == Lease.Status.HELD) {
            service.release(lease.id(), person("late"), null);
        }
        return status;
    }

    /** An expired holder is noticed although nobody listens: the one who waits will come back for it. */
    @Test
    void theLastHolderLosesThoughNobodyIsConnected() {
        locks.acquire(claim("dead", Priority.NORMAL, 1, resource), Duration.ZERO);
        UUID place = acquiring
                .ask(
                        Locks.claim("away", Priority.NORMAL, 60, "r-" + resource, resource),
                        new Patience(Duration.ZERO, LONG),
                        hangUp -> {})
                .id();
        await().atMost(10, SECONDS).until(() -> service.holder("default", resource)
                .filter(lease -> lease.id().equals(place))
                .isPresent());
    }

    @Test
    void patienceEndsWithTheHolderNamedAndThePlaceGivenUp() {
        locks.acquire(claim("holder", Priority.NORMAL, 60, resource), Duration.ZERO);

        ProblemException refused = assertThrows(
                ProblemException.class,
                () -> locks.acquire(claim("impatient", Priority.NORMAL, 60, resource), Duration.ofSeconds(1)));

        assertEquals(ErrorCode.LOCK_HELD, refused.code());
        assertTrue(refused.members().get("holder").toString().contains("holder"));
        assertEquals(List.of(), locks.waitingFor(resource));
    }

    @Test
    void whoIsTakenOutOfTheQueueIsTold() {
        locks.acquire(claim("holder", Priority.NORMAL, 60, resource), Duration.ZERO);
        Future<Lease> waiting =
                threads.submit(() -> locks.acquire(claim("waiting", Priority.NORMAL, 60, resource), LONG));
        await().until(() -> locks.waitingFor(resource).size() == 1);
        Waiter waiter = locks.waitingFor(resource).getFirst();

        ProblemException other =
                assertThrows(ProblemException.class, () -> acquiring.leave(waiter.id(), person("somebody")));
        assertEquals(ErrorCode.FORBIDDEN, other.code());
        acquiring.leave(waiter.id(), person("waiting"));

        ExecutionException told = assertThrows(ExecutionException.class, () -> waiting.get(20, SECONDS));
        assertInstanceOf(ProblemException.class, told.getCause());
        assertThrows(ProblemException.class, () -> acquiring.leave(waiter.id(), person("waiting")));
    }

    /** What another replica does that dies: its waiters are rows nobody keeps alive. */
    @Test
    void theWaitersOfADeadProcessDoNotStandInTheWay() throws Exception {
        Lease held = locks.acquire(claim("holder", Priority.NORMAL, 60, resource), Duration.ZERO);
        leases.claim(
                jdbi,
                Ids.next(),
                claim("ghost", Priority.CRITICAL, 60, resource),
                Patience.ofCall(LONG),
                Duration.ofSeconds(3),
                "lock_another");
        assertEquals(1, locks.waitingFor(resource).size());
        await().atMost(10, SECONDS).until(() -> locks.waitingFor(resource).isEmpty());

        Future<Lease> alive = threads.submit(() -> locks.acquire(claim("alive", Priority.LOW, 60, resource), LONG));
        await().until(() -> locks.waitingFor(resource).size() == 1);
        service.release(held.id(), person("holder"), null);

        assertEquals("alive", alive.get(20, SECONDS).ownerId());
    }

    /** What another replica releases is noticed here although nobody signals. */
    @Test
    void aReleaseElsewhereIsNoticed() throws Exception {
        Lease held = locks.acquire(claim("holder", Priority.NORMAL, 60, resource), Duration.ZERO);
        Future<Lease> waiting =
                threads.submit(() -> locks.acquire(claim("waiting", Priority.NORMAL, 60, resource), LONG));
        await().until(() -> locks.waitingFor(resource).size() == 1);

        jdbi.useHandle(
                h -> h.execute("UPDATE lease SET status = 'released', ended_at = now() WHERE id = ?", held.id()));

        assertEquals("waiting", waiting.get(20, SECONDS).ownerId());
    }

    private static Claim claim(String owner, Priority priority, int ttl, String... resources) {
        return Locks.claim(owner, priority, ttl, null, resources);
    }
}
