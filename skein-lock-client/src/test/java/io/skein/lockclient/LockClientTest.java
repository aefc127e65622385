package io.skein.lockclient;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockClientTest {

    private static final LockRequest SHORT = LockRequest.of("host:nas01").withTtl(Duration.ofSeconds(1));

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private LockServiceStandIn service;
    private LockClient client;

    @BeforeEach
    void open() throws IOException {
        service = new LockServiceStandIn();
        client = new LockClient(service.calls());
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        client.close();
        service.close();
    }

    @Test
    void isRenewedWhileItIsOpenAndGivenBackAtTheEnd() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        try (HeldLock lock = client.acquire(SHORT.withOnLost(l -> lost.incrementAndGet()))) {
            assertEquals(1, lock.fencingToken("host:nas01"));
            assertThrows(IllegalArgumentException.class, () -> lock.fencingToken("host:web01"));
            await().atMost(10, SECONDS).until(() -> service.count("POST /" + lock.id() + "/renew") >= 4);
            assertTrue(lock.isHeld());
        }
        assertNull(service.held);
        assertEquals(0, lost.get());
        long renewals = service.count("POST /");
        Thread.sleep(600);
        assertEquals(renewals, service.count("POST /"), "nobody renews what was given back");
    }

    @Test
    void aRefusedRenewalIsALoss() throws Exception {
        CompletableFuture<HeldLock> lost = new CompletableFuture<>();
        HeldLock lock = client.acquire(SHORT.withOnLost(lost::complete));
        service.renewalsRefused = true;

        assertEquals(lock, lost.get(10, SECONDS));
        assertFalse(lock.isHeld());
        assertEquals("taken", lock.lostBecause());
        lock.close();
        assertEquals(0, service.count("DELETE"), "it is not ours any more");
    }

    /** Asked too often, or with an access token that ran out: the lock is not over for that, until its time is. */
    @Test
    void aRefusalThatSaysNothingOfTheLockIsNoLoss() throws Exception {
        CompletableFuture<HeldLock> lost = new CompletableFuture<>();
        service.tooManyRenewals = true;
        HeldLock lock = client.acquire(SHORT.withTtl(Duration.ofSeconds(3)).withOnLost(lost::complete));
        await().atMost(10, SECONDS).until(() -> service.count("POST /" + lock.id() + "/renew") >= 2);
        assertTrue(lock.isHeld());
        assertFalse(lost.isDone());
        lost.get(10, SECONDS);
        assertFalse(lock.isHeld());
    }

    /** A call whose answer was lost may have been granted the lock long ago; the repeated call is answered the same lock. */
    @Test
    void whatIsLeftOfALockThatWasAskedForAgainIsNotItsWholeTime() throws Exception {
        LockRequest minute = LockRequest.of("host:nas01").withRequestId("again");
        service.remainingMillis = 20_000L;
        try (HeldLock lock = client.acquire(minute)) {
            assertEquals(1, service.count("POST /" + lock.id() + "/renew"), "too little is left");
        }
        service.remainingMillis = 40_000L;
        try (HeldLock lock = client.acquire(minute)) {
            assertEquals(1, service.count("POST /" + lock.id() + "/renew"));
            assertTrue(lock.remaining().toMillis() <= 40_000, "longer than the service said: " + lock.remaining());
        }
        service.remainingMillis = null;
        try (HeldLock lock = client.acquire(minute)) {
            assertEquals(2, service.count("POST /" + lock.id() + "/renew"), "nobody knows what is left");
        }
        try (HeldLock lock = client.acquire(minute.withRequestId(null))) {
            assertEquals(0, service.count("POST /" + lock.id() + "/renew"), "it is new");
        }
    }

    @Test
    void itIsLostWhenItsTimeIsOverAndNobodyAnswers() throws Exception {
        CompletableFuture<HeldLock> lost = new CompletableFuture<>();
        long begun = System.nanoTime();
        HeldLock lock = client.acquire(SHORT.withOnLost(lost::complete));
        service.away = true;

        lost.get(10, SECONDS);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertFalse(lock.isHeld());
        assertTrue(took.toMillis() >= 990, "not before its time: " + took);
    }

    @Test
    void aShortSilenceIsNoLoss() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        try (HeldLock lock =
                client.acquire(SHORT.withTtl(Duration.ofSeconds(3)).withOnLost(l -> lost.incrementAndGet()))) {
            service.away = true;
            await().atMost(10, SECONDS).until(() -> service.count("POST /" + lock.id() + "/renew") >= 2);
            service.away = false;
            long before = service.count("POST /" + lock.id() + "/renew");
            await().atMost(10, SECONDS).until(() -> service.count("POST /" + lock.id() + "/renew") >= before + 3);
            assertTrue(lock.isHeld());
        }
        assertEquals(0, lost.get());
    }

    /** A process that was stopped sees on its own clock that the time is over, before anybody tells it. */
    @Test
    void timeIsTheMonotonicClocksFromTheSendingOn() {
        AtomicLong nanos = new AtomicLong();
        AtomicInteger lost = new AtomicInteger();
        HeldLock lock = new HeldLock(
                new Lock("id", "held", null, null, null, null, null, null, null),
                Duration.ofSeconds(10),
                0,
                l -> lost.incrementAndGet(),
                nanos::get,
                l -> {});
        nanos.set(Duration.ofSeconds(9).toNanos());
        assertTrue(lock.isHeld());
        nanos.set(Duration.ofSeconds(10).toNanos());
        assertFalse(lock.isHeld());
        lock.renewed(Duration.ofSeconds(5).toNanos());
        assertTrue(lock.isHeld());
        assertEquals(Duration.ofSeconds(5), lock.remaining());
        lock.lost("a");
        lock.lost("b");
        assertEquals(1, lost.get());
        assertEquals("a", lock.lostBecause());
    }

    @Test
    void waitsOverSeveralCallsUnderOneRequest() throws Exception {
        service.heldByAnother = true;
        Future<HeldLock> waiting = threads.submit(() -> client.acquire(SHORT.withPatience(Duration.ofSeconds(40))));
        await().atMost(10, SECONDS).until(() -> service.places.size() == 1);
        assertFalse(waiting.isDone());
        service.heldByAnother = false;

        HeldLock lock = waiting.get(30, SECONDS);
        assertTrue(lock.isHeld());
        assertTrue(lock.remaining().toMillis() > 400, "renewed before it was handed out: " + lock.remaining());
        assertEquals(1, service.places.size());
        lock.close();
    }

    @Test
    void theDeadlineEndsTheWaiting() throws Exception {
        service.heldByAnother = true;
        LockRefusedException refused = assertThrows(
                LockRefusedException.class, () -> client.acquire(SHORT.withPatience(Duration.ofSeconds(1))));
        assertTrue(refused.isHeld());
        assertEquals("eve", refused.holder().path("ownerId").asText());
        assertTrue(client.tryAcquire(SHORT).isEmpty());
    }

    @Test
    void anInterruptLeavesTheQueue() throws Exception {
        service.heldByAnother = true;
        Future<HeldLock> waiting = threads.submit(() -> client.acquire(SHORT.withPatience(Duration.ofSeconds(60))));
        await().atMost(10, SECONDS).until(() -> service.places.size() == 1);

        waiting.cancel(true);

        await().atMost(10, SECONDS).until(() -> service.places.isEmpty());
    }

    @Test
    void anAnswerThatIsAwayIsAskedForAgainUntilTheDeadline() throws Exception {
        service.away = true;
        assertThrows(LockUnreachableException.class, () -> client.acquire(SHORT));
        Future<HeldLock> waiting = threads.submit(() -> client.acquire(SHORT.withPatience(Duration.ofSeconds(20))));
        await().atMost(10, SECONDS).until(() -> service.count("POST ") >= 3);
        service.away = false;
        waiting.get(20, SECONDS).close();
        assertNull(service.held);
    }
}
