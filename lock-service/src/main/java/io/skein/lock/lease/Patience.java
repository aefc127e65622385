package io.skein.lock.lease;

import java.time.Duration;

/**
 * How long somebody waits.
 *
 * @param call for the answer to this call
 * @param queue in the queue at all, over several calls; not shorter
 */
record Patience(Duration call, Duration queue) {

    static Patience ofCall(Duration call) {
        return new Patience(call, call);
    }
}
