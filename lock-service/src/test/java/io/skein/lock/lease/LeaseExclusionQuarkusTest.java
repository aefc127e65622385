package io.skein.lock.lease;

import static io.skein.lock.lease.Locks.claim;
import static io.skein.lock.lease.Locks.person;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.contracts.error.ErrorCode;
import io.skein.lock.claim.Claim;
import io.skein.platform.problem.ProblemException;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** LOCK-01, LOCK-04, LOCK-05: never two holders, tokens only rise, several resources never deadlock. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
class LeaseExclusionQuarkusTest {

    private static final int THREADS = 50;

    @Inject
    LeaseService service;

    @Inject
    Locks locks;

    @Inject
    Jdbi jdbi;

    /** Who is inside, per resource, and the worst that was ever seen. */
    private static final class Observer {
        private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
        private final Map<String, ConcurrentLinkedQueue<Long>> tokens = new ConcurrentHashMap<>();
        private final AtomicInteger worst = new AtomicInteger();
        private final AtomicInteger grants = new AtomicInteger();

        void enter(Lease lease) {
            grants.incrementAndGet();
            lease.fencingTokens().forEach((name, token) -> {
                tokens.computeIfAbsent(name, n -> new ConcurrentLinkedQueue<>()).add(token);
                int now = inside.computeIfAbsent(name, n -> new AtomicInteger()).incrementAndGet();
                worst.accumulateAndGet(now, Math::max);
            });
        }

        void leave(Lease lease) {
            lease.fencingTokens().keySet().forEach(name -> inside.get(name).decrementAndGet());
        }
    }

    @Test
    void fiftyThreadsNeverHoldTheSameResourceTogether() throws Exception {
        Observer observer = contend(5, Duration.ofSeconds(60));

        assertEquals(1, observer.worst.get());
        assertEquals(THREADS * 5, observer.grants.get());
    }

    @Test
    void withoutTheRowLockTheSameTestFindsTwoHolders() throws Exception {
        try (AutoCloseable bug = locks.plant("claim-without-row-lock", "claim")) {
            assertTrue(
                    contend(1, Duration.ZERO).worst.get() > 1, "the planted bug was not seen: the test proves nothing");
        }
    }

    @Test
    void tokensStrictlyRiseInTheOrderOfHolding() throws Exception {
        Observer observer = contend(2, Duration.ofSeconds(60));

        observer.tokens.forEach((name, tokens) -> {
            List<Long> seen = List.copyOf(tokens);
            for (int i = 1; i < seen.size(); i++) {
                assertTrue(seen.get(i) > seen.get(i - 1), name + ": " + seen);
            }
        });
    }

    @Test
    void aGrantThatIsToldBeforeItIsCommittedIsGivenTwice() throws Exception {
        String resource = "host:" + UUID.randomUUID();
        try (AutoCloseable bug = locks.plant("grant-before-commit", "grant_lease")) {
            long last = 0;
            boolean twice = false;
            for (int i = 0; i < 500 && !twice; i++) {
                Lease lease = locks.acquire(claim("ada", resource), Duration.ZERO);
                twice = lease.fencingTokens().get(resource) <= last;
                last = lease.fencingTokens().get(resource);
                try {
                    service.release(lease.id(), person("ada"), null);
                } catch (ProblemException lost) {
                    assertEquals(ErrorCode.NOT_FOUND, lost.code());
                }
            }
            assertTrue(twice, "the planted bug was not seen: the test proves nothing");
        }
    }

    /** All threads want the same resource at the same instant, several times; with no patience only those who win count. */
    private Observer contend(int rounds, Duration patience) throws Exception {
        String resource = "host:" + UUID.randomUUID();
        Observer observer = new Observer();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String owner = "owner-" + i;
                all.add(threads.submit(() -> {
                    start.await();
                    for (int round = 0; round < rounds; round++) {
                        useIfGranted(claim(owner, resource), patience, observer);
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        }
        return observer;
    }

    private void useIfGranted(Claim claim, Duration patience, Observer observer) throws InterruptedException {
        Lease lease;
        try {
            lease = locks.acquire(claim, patience);
        } catch (ProblemException e) {
            assertEquals(ErrorCode.LOCK_HELD, e.code());
            return;
        }
        observer.enter(lease);
        Thread.sleep(patience.isZero() ? 50 : 1);
        observer.leave(lease);
        service.release(lease.id(), person(claim.actor()), null);
    }

    @Test
    void manyResourcesInAnyOrderAllOrNothingWithoutDeadlock() throws Exception {
        String run = UUID.randomUUID().toString();
        Observer observer = new Observer();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int seed = i;
                all.add(threads.submit(() -> {
                    Random random = new Random(seed);
                    for (int round = 0; round < 5; round++) {
                        String[] wanted = random.ints(0, 6)
                                .distinct()
                                .limit(1 + random.nextInt(4))
                                .sorted()
                                .mapToObj(n -> run + n)
                                .toArray(String[]::new);
                        useIfGranted(claim("owner-" + seed, wanted), Duration.ofSeconds(60), observer);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        assertEquals(1, observer.worst.get());
        assertEquals(100, observer.grants.get());
    }

    /** PostgreSQL takes one of two back that wait for each other. Whoever gives a lock back must not hear of it. */
    @Test
    void aReleaseThatMeetsADeadlockIsDoneAgain() throws Exception {
        String resource = "host:" + UUID.randomUUID();
        Lease lease = locks.acquire(claim("ada", resource), Duration.ZERO);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> release = jdbi.inTransaction(other -> {
                other.execute("SELECT 1 FROM lease WHERE id = ? FOR UPDATE", lease.id());
                Future<?> waits = threads.submit(() -> service.release(lease.id(), person("ada"), null));
                await().until(() -> jdbi.withHandle(
                        h -> h.createQuery("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                                + " AND query LIKE '%release(%' AND datname = current_database()")
                                        .mapTo(Integer.class)
                                        .one()
                                == 1));
                // It has waited longer, so it is the one that is taken back.
                other.execute("SELECT 1 FROM resource WHERE name = ? FOR UPDATE", resource);
                return waits;
            });
            release.get(20, SECONDS);
        }
        assertEquals(
                Lease.Status.RELEASED,
                service.visible(lease.id(), person("ada")).status());
    }

    @Test
    void theTokenSurvivesTheLocksAndCannotBeSetBack() {
        String resource = "host:" + UUID.randomUUID();
        long last = 0;
        for (int i = 0; i < 3; i++) {
            Lease lease = locks.acquire(claim("ada", resource), Duration.ZERO);
            long token = lease.fencingTokens().get(resource);
            assertTrue(token > last);
            last = token;
            service.release(lease.id(), person("ada"), null);
            jdbi.useHandle(h -> h.execute("DELETE FROM lease WHERE id = ?", lease.id()));
        }
        assertEquals(3, last);
        assertEquals(3, service.fencingToken("default", resource));
        for (String sabotage : List.of("DELETE FROM resource", "UPDATE resource SET fencing_token = 0")) {
            assertTrue(refuses(sabotage + " WHERE name = '" + resource + "'"), sabotage);
        }
    }

    private boolean refuses(String sql) {
        try {
            jdbi.useHandle(h -> h.execute(sql));
            return false;
        } catch (org.jdbi.v3.core.statement.UnableToExecuteStatementException e) {
            return e.getMessage().contains("fencing token");
        }
    }
}
