package io.skein.frontdoor.apitokens;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Answers that may be out of date for a moment. Bounded: the longest unused is forgotten first. */
final class BriefCache<K, V> {

    private final Clock clock;
    private final Map<K, Kept<V>> entries;

    private record Kept<V>(V value, long until) {}

    BriefCache(Clock clock, int maxEntries) {
        this.clock = clock;
        this.entries = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
                return size() > maxEntries;
            }
        };
    }

    synchronized Optional<V> get(K key) {
        Kept<V> entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (clock.millis() >= entry.until()) {
            entries.remove(key);
            return Optional.empty();
        }
        return Optional.of(entry.value());
    }

    /**
     * @param askedAt when it was begun to be found out, in milliseconds: what changed since then is not in it
     */
    synchronized void put(K key, V value, long askedAt, Duration life) {
        entries.put(key, new Kept<>(value, askedAt + life.toMillis()));
    }

    synchronized void clear() {
        entries.clear();
    }
}
