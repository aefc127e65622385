package io.skein.lockclient;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What to lock, for whom, how long. Made with {@link #of}; each {@code with…} is a copy.
 *
 * @param resources 1..100, all or nothing
 * @param ownerId null: the caller
 * @param ownerType user, service, agent or plan; null: what the caller is
 * @param team services only; null: the caller's
 * @param priority critical, high, normal or low
 * @param ttl 1 s to a day; a client that dies keeps the lock for so long, and is renewed at a third of it
 * @param patience how long to stand in the queue, zero to a day
 * @param requestId the same one asks for the same lock again; null: {@link LockClient} makes one
 * @param metadata kept with the lock, a JSON object when written
 * @param onLost called once when the lock is held no more and was not given back
 */
public record LockRequest(
        List<String> resources,
        String ownerId,
        String ownerType,
        String team,
        String priority,
        Duration ttl,
        Duration patience,
        String requestId,
        Map<String, ?> metadata,
        Consumer<HeldLock> onLost) {

    public LockRequest {
        resources = List.copyOf(resources);
        Objects.requireNonNull(ttl, "ttl");
        Objects.requireNonNull(patience, "patience");
        metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    }

    public static LockRequest of(String... resources) {
        return of(List.of(resources));
    }

    /** For a minute, without waiting, for the caller itself. */
    public static LockRequest of(List<String> resources) {
        return new LockRequest(
                resources,
                null,
                null,
                null,
                "normal",
                Duration.ofMinutes(1),
                Duration.ZERO,
                null,
                Map.of(),
                lost -> {});
    }

    public LockRequest withOwner(String type, String id, String ofTeam) {
        return new LockRequest(resources, id, type, ofTeam, priority, ttl, patience, requestId, metadata, onLost);
    }

    public LockRequest withPriority(String wire) {
        return new LockRequest(resources, ownerId, ownerType, team, wire, ttl, patience, requestId, metadata, onLost);
    }

    public LockRequest withTtl(Duration time) {
        return new LockRequest(
                resources, ownerId, ownerType, team, priority, time, patience, requestId, metadata, onLost);
    }

    public LockRequest withPatience(Duration time) {
        return new LockRequest(resources, ownerId, ownerType, team, priority, ttl, time, requestId, metadata, onLost);
    }

    public LockRequest withRequestId(String id) {
        return new LockRequest(resources, ownerId, ownerType, team, priority, ttl, patience, id, metadata, onLost);
    }

    public LockRequest withMetadata(Map<String, ?> kept) {
        return new LockRequest(resources, ownerId, ownerType, team, priority, ttl, patience, requestId, kept, onLost);
    }

    /** On a thread of the client's; it should only say that it is so, to whoever works under the lock. */
    public LockRequest withOnLost(Consumer<HeldLock> callback) {
        return new LockRequest(
                resources, ownerId, ownerType, team, priority, ttl, patience, requestId, metadata, callback);
    }
}
