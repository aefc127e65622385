package io.skein.frontdoor.limits;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counted by this process alone, for the time without Redis. One number per quota (GCRA: the time until which the requests made
 * so far are paid for), and the longest unused ones are forgotten first, so that it cannot grow without bounds.
 */
final class LocalQuotas {

    private static final int MAX_ENTRIES = 50_000;

    private final Map<String, Long> paidUntilNanos = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    private final Clock clock;

    LocalQuotas(Clock clock) {
        this.clock = clock;
    }

    synchronized Verdict take(Quota quota) {
        long now = clock.millis() * 1_000_000;
        long window = quota.window().toNanos();
        long each = Math.max(1, window / quota.limit());
        long next = Math.max(paidUntilNanos.getOrDefault(quota.key(), now), now) + each;
        if (next - now > window) {
            return new Verdict(false, quota, 0, Duration.ofNanos(next - now - window), false);
        }
        paidUntilNanos.put(quota.key(), next);
        return new Verdict(true, quota, (window - (next - now)) / each, Duration.ofNanos(each), false);
    }
}
