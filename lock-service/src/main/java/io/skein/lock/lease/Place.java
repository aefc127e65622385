package io.skein.lock.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.skein.contracts.event.Priority;
import io.skein.lock.claim.Claim;
import io.skein.lock.queue.Waiter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A request in the queue, or what it has become.
 *
 * @param id the lock will have the same
 * @param position 1 is served next; null once granted
 * @param lock null while waiting
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Place(
        UUID id,
        Status status,
        Integer position,
        List<String> resourceIds,
        String ownerId,
        String ownerType,
        Priority priority,
        Instant arrivedAt,
        Instant waitUntil,
        Lease lock) {

    /** See {@link Waiter}. */
    public enum Status {
        WAITING,
        GRANTED;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Place waiting(Waiter waiter, long ahead) {
        Claim claim = waiter.claim();
        return new Place(
                waiter.id(),
                Status.WAITING,
                (int) ahead + 1,
                claim.resources(),
                claim.ownerId(),
                claim.ownerType(),
                claim.priority(),
                waiter.arrivedAt(),
                waiter.waitUntil(),
                null);
    }

    static Place granted(Lease lease) {
        return new Place(
                lease.id(),
                Status.GRANTED,
                null,
                List.copyOf(lease.getResourceIds()),
                lease.ownerId(),
                lease.ownerType(),
                lease.priority(),
                null,
                null,
                lease);
    }
}
