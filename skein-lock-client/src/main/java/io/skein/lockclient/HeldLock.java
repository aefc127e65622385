package io.skein.lockclient;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A lock that is kept while this is open.
 *
 * <pre>
 *           renewed at a third of its time, measured from when the request was sent
 *              ┌──┐
 *              ▼  │     close()
 *  acquired ► held ───────────────► given back
 *               │  renewal refused, or its time is over by the monotonic clock
 *               └─────────────────► lost (onLost, once)
 * </pre>
 *
 * <p>A process that was stopped does not know it: ask {@link #isHeld} before what must not be done twice, and hand
 * {@link #fencingToken} on, for between the asking and the doing it may be stopped again.
 */
public final class HeldLock implements AutoCloseable {

    /** See {@link HeldLock}. */
    enum State {
        HELD,
        CLOSED,
        LOST
    }

    private final Lock lock;
    private final Duration ttl;
    private final Consumer<HeldLock> onLost;
    private final LongSupplier nanos;
    private final Keeper keeper;
    private final AtomicReference<State> state = new AtomicReference<>(State.HELD);
    private volatile long until;
    private volatile String reason = "";

    /** Renews and ends locks. */
    interface Keeper {
        void release(HeldLock lock);
    }

    HeldLock(Lock lock, Duration ttl, long sentAt, Consumer<HeldLock> onLost, LongSupplier nanos, Keeper keeper) {
        this.lock = lock;
        this.ttl = ttl;
        this.until = sentAt + left(lock, ttl).toNanos();
        this.onLost = onLost;
        this.nanos = nanos;
        this.keeper = keeper;
    }

    public String id() {
        return lock.id();
    }

    public Map<String, Long> fencingTokens() {
        return lock.fencingTokens();
    }

    /** @throws IllegalArgumentException when the lock does not cover the resource */
    public long fencingToken(String resource) {
        Long token = lock.fencingTokens().get(resource);
        if (token == null) {
            throw new IllegalArgumentException("the lock does not cover " + resource);
        }
        return token;
    }

    /** Held as far as anybody here can know: not closed, not refused, and its time since the last renewal was sent is not over. */
    public boolean isHeld() {
        return state.get() == State.HELD && remaining().isPositive();
    }

    /** What is certainly left of its time. */
    public Duration remaining() {
        return Duration.ofNanos(until - nanos.getAsLong());
    }

    /** Asked for again, a lock is the one that was granted before, and part of its time is over. */
    private static Duration left(Lock lock, Duration ttl) {
        Duration left = lock.remainingMillis() == null ? ttl : Duration.ofMillis(lock.remainingMillis());
        return left.compareTo(ttl) < 0 ? left : ttl;
    }

    /** Why it was lost; empty while it was not. */
    public String lostBecause() {
        return reason;
    }

    /** Gives it back. Doing it again, or after it was lost, changes nothing. */
    @Override
    public void close() {
        if (state.compareAndSet(State.HELD, State.CLOSED)) {
            keeper.release(this);
        }
    }

    Duration ttl() {
        return ttl;
    }

    boolean isOpen() {
        return state.get() == State.HELD;
    }

    void renewed(long requestSentAt) {
        until = requestSentAt + ttl.toNanos();
    }

    void lost(String why) {
        if (state.get() == State.HELD) {
            reason = why;
            if (state.compareAndSet(State.HELD, State.LOST)) {
                onLost.accept(this);
            }
        }
    }
}
