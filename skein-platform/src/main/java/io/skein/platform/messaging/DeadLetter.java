package io.skein.platform.messaging;

import io.skein.contracts.topology.ReplayedMessage;
import java.time.Instant;
import java.util.UUID;

/**
 * A message that nobody could handle.
 *
 * @param key the same for one death however often it is told of
 * @param queue where it died
 * @param reason what the broker says: {@code rejected}, {@code delivery_limit}, {@code expired}; {@code buried} when a reader put
 *     it there itself
 * @param verdict what its reader will have thought: {@code malformed}, {@code refused} (not its sender's to say), or {@code
 *     failed} (nothing wrong with it)
 * @param diedAt when, as the broker says
 * @param message as it came to that queue; its {@code sender} is who the broker vouches for, never what a header claims
 */
public record DeadLetter(
        UUID key,
        String queue,
        String reason,
        Verdict verdict,
        String detail,
        Instant diedAt,
        ReplayedMessage message) {

    /** Values of {@link #verdict()}. */
    public enum Verdict {
        FAILED,
        MALFORMED,
        REFUSED,
        /** Put there by its reader: who sent it nobody vouches for. */
        BURIED
    }
}
