package io.skein.orchestrator.plan;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes those who wait for news of a plan in this process, right after the commit. Only a hint: other processes and lost
 * wake-ups are covered by looking again every half second.
 */
@ApplicationScoped
public class PlanSignals {

    private final Map<UUID, Map<Waiter, Boolean>> waiters = new ConcurrentHashMap<>();

    /** One listener of one plan. */
    public final class Waiter implements AutoCloseable {
        private final UUID planId;
        private final Semaphore news = new Semaphore(0);

        private Waiter(UUID planId) {
            this.planId = planId;
        }

        /** Returns when there may be news, or after {@code longest}. */
        public void await(Duration longest) throws InterruptedException {
            if (news.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        }

        @Override
        public void close() {
            waiters.computeIfPresent(planId, (id, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }

    public Waiter listen(UUID planId) {
        Waiter waiter = new Waiter(planId);
        waiters.compute(planId, (id, all) -> {
            Map<Waiter, Boolean> set = all == null ? new ConcurrentHashMap<>() : all;
            set.put(waiter, true);
            return set;
        });
        return waiter;
    }

    void changed(UUID planId) {
        Map<Waiter, Boolean> all = waiters.get(planId);
        if (all != null) {
            all.keySet().forEach(waiter -> waiter.news.release());
        }
    }
}
