package io.skein.local.fleet;

import java.time.Instant;

/**
 * What {@code status} tells of one process.
 *
 * @param status {@code ready}, {@code starting} (it runs and is not ready) or {@code stopped}
 * @param pid null when stopped, like the two after it
 */
public record ServiceState(String name, String url, String status, Long pid, Long rssBytes, Instant startedAt) {
    static final String READY = "ready";
    static final String STARTING = "starting";
    static final String STOPPED = "stopped";

    public boolean isReady() {
        return status.equals(READY);
    }

    public boolean isStopped() {
        return status.equals(STOPPED);
    }
}
