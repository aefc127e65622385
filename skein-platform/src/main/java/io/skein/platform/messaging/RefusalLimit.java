package io.skein.platform.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** How often one sender's refused messages are told of: whoever sends them in a loop must not fill the audit trail. */
final class RefusalLimit {

    static final int TOLD_PER_WINDOW = 10;
    static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MAX_SENDERS = 1000;

    private static final class Count {
        private Instant since;
        private int told;
        private long untold;

        private Count(Instant since) {
            this.since = since;
        }
    }

    private final Map<String, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > MAX_SENDERS;
        }
    };

    /** How many of this sender went untold since the last that was told; empty when this one must not be told either. */
    synchronized OptionalLong tell(String sender, Instant now) {
        Count count = counts.computeIfAbsent(sender, unused -> new Count(now));
        if (!now.isBefore(count.since.plus(WINDOW))) {
            count.since = now;
            count.told = 0;
        }
        if (count.told >= TOLD_PER_WINDOW) {
            count.untold++;
            return OptionalLong.empty();
        }
        count.told++;
        long untold = count.untold;
        count.untold = 0;
        return OptionalLong.of(untold);
    }
}
