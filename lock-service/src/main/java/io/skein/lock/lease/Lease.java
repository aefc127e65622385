package io.skein.lock.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A lock on one or several resources, for a time.
 *
 * <pre>
 *             renew (before expiresAt)
 *              ┌──┐
 *              ▼  │       whoever acquired it
 *  granted ──► held ─────────────────────► released
 *               │ │       an admin, who says why
 *               │ └──────────────────────► overridden
 *               │         expiresAt is over, and somebody noticed
 *               └────────────────────────► expired
 * </pre>
 *
 * <p>Invariants: a resource has at most one lease that is held and not over; each grant raises the fencing token of each of its
 * resources by one, in the same transaction; the end states are final. A lease whose time is over protects nothing from that
 * instant on, whatever its status still says: the next claim ends it first. Crash: every arrow is one transaction together with
 * its event, so after a crash it has happened with its event or not at all; a holder that died is ended by time.
 *
 * @param acquiredBy who sent the request, and alone may renew and release it
 * @param ttlSeconds as last asked for
 * @param remainingMillis what was left of its time when this was read, by the database's clock; null once it has ended. Whoever counts
 *     from when it sent its request, with a clock of its own, counts no longer than the database does
 * @param fencingTokens per resource; whoever acts on the resource refuses a token lower than one it has seen
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Lease(
        UUID id,
        Status status,
        Map<String, Long> fencingTokens,
        String team,
        String ownerId,
        String ownerType,
        String acquiredBy,
        Priority priority,
        String requestId,
        Integer ttlSeconds,
        Instant grantedAt,
        Instant expiresAt,
        Long remainingMillis,
        Instant endedAt,
        String endedBy,
        JsonNode metadata) {

    /** See {@link Lease}. */
    public enum Status {
        HELD,
        RELEASED,
        EXPIRED,
        OVERRIDDEN;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status fromWire(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    Lease as(Status other) {
        return new Lease(
                id,
                other,
                fencingTokens,
                team,
                ownerId,
                ownerType,
                acquiredBy,
                priority,
                requestId,
                ttlSeconds,
                grantedAt,
                expiresAt,
                other == Status.HELD ? remainingMillis : null,
                endedAt,
                endedBy,
                metadata);
    }

    /** In canonical order. */
    @JsonProperty
    public Set<String> getResourceIds() {
        return fencingTokens.keySet();
    }
}
