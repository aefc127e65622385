package io.skein.frontdoor.tokens;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens whose signature and claims were found right. Checking an ECDSA signature costs more than everything else the front door
 * does for a request, and the answer for the same text and key is always the same. What may change is asked each time: the time,
 * whether the key still counts, whether somebody ended the token. Bounded: the longest unused are forgotten first.
 */
final class SeenTokens {

    private static final int MAX_ENTRIES = 10_000;

    private final Map<String, Seen> seen = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    /**
     * @param kid the key that signed it
     * @param expiresAt epoch seconds
     */
    record Seen(TokenVerifier.Verified verified, String kid, long expiresAt) {}

    synchronized Optional<Seen> find(String token) {
        return Optional.ofNullable(seen.get(token));
    }

    synchronized void add(String token, Seen entry) {
        seen.put(token, entry);
    }

    synchronized void remove(String token) {
        seen.remove(token);
    }
}
