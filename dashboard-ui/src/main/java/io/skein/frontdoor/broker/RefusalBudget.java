package io.skein.frontdoor.broker;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many refusals of one sender are written down: so many a minute, and what was left out is counted. Bounded. */
final class RefusalBudget {

    static final int A_MINUTE = 5;
    private static final int MAX_SENDERS = 10_000;
    private static final long MINUTE = 60_000;

    private final Clock clock;
    private final Map<String, Minute> senders = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Minute> eldest) {
            return size() > MAX_SENDERS;
        }
    };

    private record Minute(long began, int recorded, long unrecorded) {}

    /** @param unrecorded how many were left out before this one */
    record Verdict(boolean toBeRecorded, long unrecorded) {}

    RefusalBudget(Clock clock) {
        this.clock = clock;
    }

    synchronized Verdict spend(String sender) {
        long now = clock.millis();
        Minute minute = senders.get(sender);
        if (minute == null || now - minute.began() >= MINUTE) {
            long before = minute == null ? 0 : minute.unrecorded();
            senders.put(sender, new Minute(now, 1, 0));
            return new Verdict(true, before);
        }
        boolean record = minute.recorded() < A_MINUTE;
        senders.put(
                sender,
                new Minute(minute.began(), minute.recorded() + (record ? 1 : 0), record ? 0 : minute.unrecorded() + 1));
        return new Verdict(record, minute.unrecorded());
    }
}
