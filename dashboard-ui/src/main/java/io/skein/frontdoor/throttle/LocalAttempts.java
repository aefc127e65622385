package io.skein.frontdoor.throttle;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Attempts counted in this process, for the time without Redis. Bounded: the longest unused counts are forgotten first. */
@ApplicationScoped
class LocalAttempts implements AttemptStore {

    private static final int MAX_ENTRIES = 50_000;

    private final Map<String, Count> counts = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    private final Clock clock;

    private record Count(long attempts, long blockedUntil, long forgottenAt) {}

    @Inject
    LocalAttempts(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized long attempt(Limit limit) {
        long now = clock.millis();
        Count count = counts.get(limit.key());
        if (count != null && now < count.blockedUntil()) {
            return count.blockedUntil() - now;
        }
        long attempts = count == null || now >= count.forgottenAt() ? 1 : count.attempts() + 1;
        counts.put(limit.key(), new Count(attempts, now + limit.delayMillis(attempts), now + WINDOW_MILLIS));
        return 0;
    }

    @Override
    public synchronized void succeeded(Limit limit) {
        Count count = counts.remove(limit.key());
        if (count != null && !limit.resetBySuccess() && count.attempts() > 1) {
            counts.put(limit.key(), new Count(count.attempts() - 1, 0, count.forgottenAt()));
        }
    }
}
