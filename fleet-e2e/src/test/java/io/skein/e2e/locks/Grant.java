package io.skein.e2e.locks;

import java.util.List;

/**
 * One lock somebody had, as its client saw it. All times are nanoseconds of the one monotonic clock of the machine.
 *
 * @param resource what was locked
 * @param client who had it
 * @param token the fencing token
 * @param priority 0 critical .. 3 low
 * @param acquire from the first attempt's sending to the grant's receipt
 * @param asked when the attempt that was answered with the grant was sent
 * @param ttl the lease's time to live, in nanoseconds, from the grant or a renewal
 * @param renewals those the service confirmed, in order
 * @param release from the first attempt to give it back to the confirmation; null when the client let it run out, or never heard
 */
record Grant(
        String resource,
        int client,
        long token,
        int priority,
        Span acquire,
        long asked,
        long ttl,
        List<Span> renewals,
        Span release) {

    /** From sending a call to its answer: whatever it did happened in between. */
    record Span(long from, long to) {

        Span {
            if (to < from) {
                throw new IllegalArgumentException(from + " > " + to);
            }
        }
    }

    /** When it was over at the latest; {@code Long.MAX_VALUE} never occurs, since every lease runs out. */
    long overAtLatest() {
        long last = renewals.isEmpty() ? acquire.to() : renewals.getLast().to();
        return release == null ? last + ttl : Math.max(release.to(), acquire.to());
    }
}
