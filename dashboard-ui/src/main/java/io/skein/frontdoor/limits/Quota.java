package io.skein.frontdoor.limits;

import java.time.Duration;

/**
 * So many requests in any stretch of time as long as the window.
 *
 * @param kind which limit it is; told to clients and in events
 * @param whose whose requests count together
 */
public record Quota(Kind kind, String whose, int limit, Duration window) {

    /** The limits there are. */
    public enum Kind {
        /** One person, on routes that may spend money. */
        SPENDING_PER_USER("spending_per_user"),
        /** Everybody, on those routes. */
        SPENDING_TOTAL("spending_total"),
        /** One person, on any route. */
        PER_USER("per_user"),
        /** Whoever sends no valid token, from one address. */
        PER_ADDRESS("per_address");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    public Quota {
        if (limit < 1 || window.toMillis() < 1000) {
            throw new IllegalArgumentException(
                    "the limit " + kind.wire() + " must allow at least 1 request, in a window of at least 1 s");
        }
    }

    /** All keys have the same hash tag: one script may touch them all on a Redis cluster too. */
    String key() {
        return "{skein:frontdoor:limit}:" + kind.wire() + ":" + whose;
    }
}
