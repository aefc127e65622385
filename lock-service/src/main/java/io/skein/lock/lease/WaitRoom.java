package io.skein.lock.lease;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The callers of this process that wait. Nothing here is true by itself: a bell is a hint to look into the database, and a lease that
 * is handed over with it is what a committed transaction answered.
 */
@ApplicationScoped
class WaitRoom {

    /** A caller's own. Taken before the request is in the queue, so no bell is missed. */
    final class Seat implements AutoCloseable {
        private final UUID waiter;
        private final boolean waits;
        private final Semaphore bell = new Semaphore(0);
        private volatile Lease handed;
        private volatile boolean hungUp;

        private Seat(UUID waiter, boolean waits) {
            this.waiter = waiter;
            this.waits = waits;
        }

        /** The bell rings, or the time is over. */
        void await(Duration atMost) throws InterruptedException {
            if (bell.tryAcquire(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)) {
                bell.drainPermits();
            }
        }

        Optional<Lease> handed() {
            return Optional.ofNullable(handed);
        }

        /** The caller has gone. */
        void hangUp() {
            hungUp = true;
            bell.release();
        }

        boolean isHungUp() {
            return hungUp;
        }

        @Override
        public void close() {
            seats.computeIfPresent(waiter, (id, those) -> {
                those.remove(this);
                return those.isEmpty() ? null : those;
            });
        }
    }

    private final ConcurrentMap<UUID, List<Seat>> seats = new ConcurrentHashMap<>();

    /** Hears the bell of somebody else: no sign that anybody waits. */
    Seat lookOn(UUID waiter) {
        return enter(new Seat(waiter, false));
    }

    Seat enter(UUID waiter) {
        return enter(new Seat(waiter, true));
    }

    private Seat enter(Seat seat) {
        seats.compute(seat.waiter, (id, those) -> {
            List<Seat> all = those == null ? new CopyOnWriteArrayList<>() : those;
            all.add(seat);
            return all;
        });
        return seat;
    }

    /** Something became of it: look. */
    void ring(UUID waiter) {
        hand(waiter, null);
    }

    /** It was granted. */
    void hand(UUID waiter, Lease lease) {
        for (Seat seat : seats.getOrDefault(waiter, List.of())) {
            if (lease != null) {
                seat.handed = lease;
            }
            seat.bell.release();
        }
    }

    void ringAll() {
        seats.keySet().forEach(this::ring);
    }

    /** Those somebody waits with here. */
    List<UUID> present() {
        return seats.entrySet().stream()
                .filter(those -> those.getValue().stream().anyMatch(seat -> seat.waits))
                .map(Map.Entry::getKey)
                .toList();
    }
}
