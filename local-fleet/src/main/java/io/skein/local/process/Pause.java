package io.skein.local.process;

import io.skein.local.FleetException;

/** Sleeping between two looks at something another process does. */
public final class Pause {
    private Pause() {}

    public static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }
}
