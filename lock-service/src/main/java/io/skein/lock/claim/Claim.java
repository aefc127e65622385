package io.skein.lock.claim;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Somebody wants these resources, all or none.
 *
 * @param resources distinct, in canonical order (by code unit): everybody locks rows in this order, so nobody deadlocks
 * @param actor who sent the request; alone may renew and release it, besides the admins' override
 * @param requestId repeating a claim with the same one yields the same lock; null when the caller did not care
 */
public record Claim(
        String team,
        List<String> resources,
        String ownerId,
        String ownerType,
        String actor,
        String traceId,
        Priority priority,
        Duration ttl,
        String requestId,
        JsonNode metadata) {

    private static final String PLAN_OWNER = "plan:";
    private static final List<Priority> RANKS =
            List.of(Priority.CRITICAL, Priority.HIGH, Priority.NORMAL, Priority.LOW);

    public Claim {
        resources = List.copyOf(resources);
    }

    /** Place of the priority in the queue's order, as stored: 0 is served first. */
    public int rank() {
        return RANKS.indexOf(priority);
    }

    /** The priority stored as this rank. */
    public static Priority priority(int rank) {
        return RANKS.get(rank);
    }

    /** The plan an owner stands for: {@code plan:<id>}. */
    static Optional<UUID> planId(String ownerId) {
        if (!ownerId.startsWith(PLAN_OWNER)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(ownerId.substring(PLAN_OWNER.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
