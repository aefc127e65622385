package io.skein.lockclient;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Takes locks and keeps them.
 *
 * <pre>{@code
 * try (HeldLock lock = client.acquire(LockRequest.of("host:nas01").withPatience(Duration.ofMinutes(5)).withOnLost(l -> stop()))) {
 *     work(lock.fencingToken("host:nas01"));
 * }
 * }</pre>
 *
 * <p>Time is the monotonic clock's, counted from when a request was sent: what was left of the lock then is no less than what the
 * service answered, so it is over here no later than there. A lock is renewed before it is handed out when too much of its time may be
 * gone: it was waited for, or it was granted to an earlier call of the same request, whose answer was lost.
 */
public final class LockClient implements AutoCloseable {

    /** One call waits no longer than this; the place in the queue is kept from one to the next. */
    private static final Duration POLL = Duration.ofSeconds(20);

    private static final Duration MAX_RETRY = Duration.ofSeconds(1);
    private static final double JITTER = 0.2;

    private final LockCalls calls;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lock-client").factory());

    public LockClient(LockCalls calls) {
        this.calls = calls;
    }

    /**
     * Takes the lock, standing in the queue for the request's patience. To give up before, interrupt the thread: the place is left.
     *
     * @throws LockRefusedException when it is not to be had, or the request is wrong
     * @throws LockUnreachableException when the service could not be asked in that time
     */
    public HeldLock acquire(LockRequest request) throws InterruptedException {
        LockRequest named = request.requestId() != null
                ? request
                : request.withRequestId(UUID.randomUUID().toString());
        long deadline = System.nanoTime() + request.patience().toNanos();
        boolean first = request.requestId() == null;
        String place = null;
        try {
            while (true) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                long sent = System.nanoTime();
                try {
                    Place now = calls.acquire(named.withPatience(left), left.compareTo(POLL) < 0 ? left : POLL);
                    place = now.id();
                    Optional<HeldLock> held =
                            now.lock() == null ? Optional.empty() : hold(now.lock(), named, sent, first);
                    if (held.isPresent()) {
                        return held.get();
                    }
                    if (now.lock() == null && left.isZero()) {
                        withdraw(named, place);
                        throw LockRefusedException.stillWaiting();
                    }
                } catch (LockRefusedException e) {
                    // Over before it was heard of: ask again.
                    if (!e.code().equals(LockRefusedException.ENDED)) {
                        throw e;
                    }
                } catch (LockUnreachableException e) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    if (deadline - System.nanoTime() <= 0) {
                        throw e;
                    }
                    pause(deadline);
                }
                first = false;
            }
        } catch (InterruptedException e) {
            withdraw(named, place);
            throw e;
        }
    }

    /** The same; empty when somebody else has it. */
    public Optional<HeldLock> tryAcquire(LockRequest request) throws InterruptedException {
        try {
            return Optional.of(acquire(request));
        } catch (LockRefusedException e) {
            if (e.isHeld()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Stops renewing. Locks that are open run out by themselves; close them before. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    /**
     * Empty when it was lost while nobody knew of it.
     *
     * @param first no earlier call can have been granted it
     */
    private Optional<HeldLock> hold(Lock lock, LockRequest request, long sent, boolean first) {
        HeldLock held = new HeldLock(lock, request.ttl(), sent, request.onLost(), System::nanoTime, this::release);
        boolean unknown = !first && lock.remainingMillis() == null;
        if (unknown || held.remaining().compareTo(request.ttl().dividedBy(2)) < 0) {
            long again = System.nanoTime();
            try {
                calls.renew(lock.id(), request.ttl());
                held.renewed(again);
            } catch (LockRefusedException e) {
                if (!e.isOver()) {
                    throw e;
                }
                return Optional.empty();
            }
        }
        renewIn(held, third(held.ttl()));
        watch(held);
        return Optional.of(held);
    }

    private void renewIn(HeldLock held, Duration time) {
        schedule(() -> Thread.ofVirtual().name("lock-renewal").start(() -> renew(held)), time);
    }

    private void renew(HeldLock held) {
        if (!held.isOpen()) {
            return;
        }
        long sent = System.nanoTime();
        try {
            calls.renew(held.id(), held.ttl());
            held.renewed(sent);
            renewIn(held, third(held.ttl()));
        } catch (LockRefusedException e) {
            if (e.isOver()) {
                held.lost(e.getMessage());
            } else {
                // Too many requests, an access token that ran out: the lock itself is not over before its time.
                renewSoon(held);
            }
        } catch (RuntimeException e) {
            renewSoon(held);
        }
    }

    private void renewSoon(HeldLock held) {
        Duration retry = held.ttl().dividedBy(10);
        renewIn(held, retry.compareTo(MAX_RETRY) < 0 ? retry : MAX_RETRY);
    }

    /** Looks again whenever its time could be over: the renewals do not come back, or the process was stopped. */
    private void watch(HeldLock held) {
        Duration left = held.remaining();
        if (!held.isOpen()) {
            return;
        }
        if (left.isPositive()) {
            schedule(() -> watch(held), left);
        } else {
            Thread.ofVirtual()
                    .name("lock-lost")
                    .start(() -> held.lost("Its time is over, and no renewal came through."));
        }
    }

    private void release(HeldLock held) {
        try {
            calls.release(held.id());
        } catch (LockRefusedException e) {
            if (!e.isOver()) {
                throw e;
            }
        } catch (LockUnreachableException e) {
            // It runs out by itself; once more is worth trying.
            schedule(() -> Thread.ofVirtual().start(() -> releaseOnceMore(held)), MAX_RETRY);
        }
    }

    private void releaseOnceMore(HeldLock held) {
        try {
            calls.release(held.id());
        } catch (RuntimeException e) {
            // Its time ends it.
        }
    }

    /** Gives up a place and what it may have become. The flag is off while this asks, and the caller throws. */
    private void withdraw(LockRequest request, String place) {
        try {
            String id = place != null
                    ? place
                    : calls.acquire(request.withPatience(Duration.ZERO), Duration.ZERO)
                            .id();
            try {
                calls.leaveQueue(id);
            } catch (LockRefusedException granted) {
                calls.release(id);
            }
        } catch (RuntimeException e) {
            // Refused: there is nothing to give up. Unreachable: the place is lost when nobody asks for it.
        }
    }

    private static Duration third(Duration ttl) {
        double factor = 1 + JITTER * (ThreadLocalRandom.current().nextDouble() - 0.5);
        return Duration.ofNanos((long) (ttl.toNanos() / 3.0 * factor));
    }

    private static void pause(long deadline) throws InterruptedException {
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
        Thread.sleep(Math.min(left, 100 + ThreadLocalRandom.current().nextLong(200)));
    }

    private void schedule(Runnable task, Duration time) {
        try {
            timer.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The client is closed: nothing is kept any more.
        }
    }
}
