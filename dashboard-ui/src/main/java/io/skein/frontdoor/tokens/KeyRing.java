package io.skein.frontdoor.tokens;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The keys of the fleet and what each is good for at a given time. It follows from the times alone, so all replicas that read
 * the same rows agree without a word.
 *
 * <pre>
 *   next ──its time comes──► signing ──the next one's time comes──► retired ──its last token is over──► gone
 *   published                published                              published, verifies                 neither
 * </pre>
 *
 * @param keys the one that signs last first
 */
record KeyRing(List<SigningKey> keys) {

    KeyRing {
        keys = keys.stream()
                .sorted(Comparator.comparing(SigningKey::signsFrom).reversed().thenComparing(SigningKey::kid))
                .toList();
    }

    /** The youngest key whose time has come; on a clock that is behind, the oldest. */
    Optional<SigningKey> signing(Instant now) {
        return keys.stream()
                .filter(key -> !key.signsFrom().isAfter(now))
                .findFirst()
                .or(() -> keys.isEmpty() ? Optional.empty() : Optional.of(keys.getLast()));
    }

    /** The key that is published and does not sign yet. */
    Optional<SigningKey> next(Instant now) {
        return keys.stream().filter(key -> key.signsFrom().isAfter(now)).reduce((later, sooner) -> sooner);
    }

    /**
     * What is published and verifies.
     *
     * @param grace how long after its last signature a key may still be needed
     */
    List<SigningKey> published(Instant now, Duration grace) {
        return keys.stream().filter(key -> !isGone(key, now, grace)).toList();
    }

    List<SigningKey> gone(Instant now, Duration grace) {
        return keys.stream().filter(key -> isGone(key, now, grace)).toList();
    }

    private boolean isGone(SigningKey key, Instant now, Duration grace) {
        int younger = keys.indexOf(key) - 1;
        return younger >= 0 && keys.get(younger).signsFrom().plus(grace).isBefore(now);
    }
}
