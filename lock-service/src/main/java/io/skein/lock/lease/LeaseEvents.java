package io.skein.lock.lease;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.lock.claim.Claim;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Tells the fleet, in the transaction in which it becomes true. These events are the journal of the locks. */
@ApplicationScoped
class LeaseEvents {

    @Inject
    Outbox outbox;

    void granted(Handle tx, Lease lease, String traceId) {
        publish(tx, EventTypes.LOCK_GRANTED, Priority.NORMAL, lease, lease.acquiredBy(), traceId, null);
    }

    void renewed(Handle tx, Lease lease, String actor, String traceId) {
        publish(tx, EventTypes.LOCK_RENEWED, Priority.LOW, lease, actor, traceId, null);
    }

    void released(Handle tx, Lease lease, String actor, String traceId) {
        publish(tx, EventTypes.LOCK_RELEASED, Priority.NORMAL, lease, actor, traceId, null);
    }

    /** Somebody with the power to do so took a lock from its owner. */
    void overridden(Handle tx, Lease lease, String actor, String traceId, String reason) {
        publish(tx, EventTypes.LOCK_OVERRIDDEN, Priority.HIGH, lease, actor, traceId, reason);
    }

    void expired(Handle tx, Lease lease) {
        publish(tx, EventTypes.LOCK_EXPIRED, Priority.HIGH, lease, "service:lock-service", null, null);
    }

    void queued(Handle tx, UUID waiter, Claim claim, long ahead) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("queueId", waiter);
        data.put("resourceIds", claim.resources());
        data.put("ownerId", claim.ownerId());
        data.put("ownerType", claim.ownerType());
        data.put("priority", claim.priority());
        data.put("position", ahead + 1);
        outbox.event(
                tx,
                SkeinEvent.of(EventTypes.LOCK_QUEUED)
                        .source("/lock-service")
                        .subject(waiter)
                        .team(claim.team())
                        .actor(claim.actor())
                        .traceId(claim.traceId())
                        .planId(claim.planId().orElse(null))
                        .data(data)
                        .build());
    }

    private void publish(
            Handle tx, String type, Priority priority, Lease lease, String actor, String traceId, String reason) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("lockId", lease.id());
        data.put("resourceIds", lease.getResourceIds());
        data.put("fencingTokens", lease.fencingTokens());
        data.put("ownerId", lease.ownerId());
        data.put("ownerType", lease.ownerType());
        data.put("priority", lease.priority());
        data.put("grantedAt", lease.grantedAt());
        data.put("expiresAt", lease.expiresAt());
        if (reason != null) {
            data.put("reason", reason);
        }
        outbox.event(
                tx,
                SkeinEvent.of(type)
                        .source("/lock-service")
                        .subject(lease.id())
                        .priority(priority)
                        .team(lease.team())
                        .actor(actor)
                        .traceId(traceId)
                        .planId(lease.planId().orElse(null))
                        .data(data)
                        .build());
    }
}
