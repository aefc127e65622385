package io.skein.frontdoor.limits;

import java.time.Duration;

/**
 * What counting one request said.
 *
 * @param passed whether it may go on; it was counted in every quota then, and in none otherwise
 * @param quota the one that refused it, or of those it passed the one with the least left
 * @param remaining requests left in that quota
 * @param reset until the quota has room for one more than {@code remaining}
 * @param first refused for the first time in the quota's window
 */
public record Verdict(boolean passed, Quota quota, long remaining, Duration reset, boolean first) {

    /** Whole seconds, rounded up: who comes back after them is not too early. */
    public long resetSeconds() {
        return Math.max(1, (reset.toMillis() + 999) / 1000);
    }
}
