package io.skein.lock.queue;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The callers of this process that wait. A signal is only a hint to look into the database. */
@ApplicationScoped
public class WaitRoom {

    private static final class Seat {
        private final Semaphore bell = new Semaphore(0);
        private int callers;
    }

    private final ConcurrentMap<UUID, Seat> seats = new ConcurrentHashMap<>();

    /** Takes a seat; from now on signals are not missed. */
    public void enter(UUID waiter) {
        seats.compute(waiter, (id, seat) -> {
            Seat taken = seat == null ? new Seat() : seat;
            taken.callers++;
            return taken;
        });
    }

    public void leave(UUID waiter) {
        seats.computeIfPresent(waiter, (id, seat) -> --seat.callers == 0 ? null : seat);
    }

    /** Sleeps until signalled or until the time is over. */
    public void await(UUID waiter, Duration atMost) throws InterruptedException {
        Seat seat = seats.get(waiter);
        if (seat != null && seat.bell.tryAcquire(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)) {
            seat.bell.drainPermits();
        }
    }

    public void signal(UUID waiter) {
        Seat seat = seats.get(waiter);
        if (seat != null) {
            // Two callers may share a seat: a repeated request that stands in for one whose connection broke.
            seat.bell.release(2);
        }
    }

    public List<UUID> present() {
        return List.copyOf(seats.keySet());
    }
}
