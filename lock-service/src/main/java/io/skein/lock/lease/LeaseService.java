package io.skein.lock.lease;

import io.skein.contracts.error.ErrorCode;
import io.skein.lock.claim.Claim;
import io.skein.lock.lease.Granting.Decision;
import io.skein.lock.queue.QueueRepository;
import io.skein.lock.queue.WaitRoom;
import io.skein.lock.queue.Waiter;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** What callers can do with locks. */
@ApplicationScoped
class LeaseService {

    @Inject
    Jdbi jdbi;

    @Inject
    Granting granting;

    @Inject
    LeaseRepository leases;

    @Inject
    QueueRepository queue;

    @Inject
    WaitRoom waitRoom;

    @Inject
    LeaseEvents events;

    @Inject
    LeaseMetrics metrics;

    /**
     * Who asks for an end or a renewal.
     *
     * @param team null for services, which act for every team
     */
    record Person(String actor, String team, boolean service, boolean admin, String traceId) {

        boolean sees(String owner) {
            return team == null || team.equals(owner);
        }
    }

    /**
     * Grants now, or as soon as the queue allows within {@code patience}.
     *
     * @throws ProblemException lock_held when it cannot be had in time; {@code holder} says who has it
     */
    Lease acquire(Claim claim, Duration patience) {
        long begun = System.nanoTime();
        Decision decision = granting.decide(claim, patience);
        if (decision instanceof Decision.Queued queued) {
            decision = await(queued.waiter(), patience);
        }
        boolean granted = decision instanceof Decision.Granted;
        metrics.waited(claim.priority(), granted, Duration.ofNanos(System.nanoTime() - begun));
        return switch (decision) {
            case Decision.Granted now -> now.lease();
            case Decision.Refused refused -> throw held(refused);
            case Decision.Queued never -> throw new IllegalStateException("still queued: " + never.waiter());
        };
    }

    private Decision await(UUID waiter, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        waitRoom.enter(waiter);
        try {
            while (true) {
                Optional<Waiter> state = jdbi.withHandle(h -> queue.find(h, waiter));
                if (state.isEmpty()) {
                    throw new ProblemException(ErrorCode.LOCK_HELD, "Somebody took this request out of the queue.");
                }
                if (state.get().leaseId() != null) {
                    UUID lease = state.get().leaseId();
                    return new Decision.Granted(
                            jdbi.withHandle(h -> leases.find(h, lease)).orElseThrow());
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return giveUp(state.get());
                }
                waitRoom.await(waiter, Duration.ofNanos(left));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            jdbi.useHandle(h -> queue.remove(h, waiter));
            throw new ProblemException(ErrorCode.UNAVAILABLE, "This service is stopping; ask again.");
        } finally {
            waitRoom.leave(waiter);
        }
    }

    private Decision giveUp(Waiter waiter) {
        if (jdbi.withHandle(h -> queue.giveUp(h, waiter.id()))) {
            // Somebody behind may have waited for this place only.
            granting.handOver();
        } else {
            Optional<Waiter> now = jdbi.withHandle(h -> queue.find(h, waiter.id()));
            if (now.isPresent() && now.get().leaseId() != null) {
                return new Decision.Granted(
                        jdbi.withHandle(h -> leases.find(h, now.get().leaseId()))
                                .orElseThrow());
            }
        }
        Lease holder = waiter.claim().resources().stream()
                .flatMap(name -> holder(waiter.claim().team(), name).stream())
                .findFirst()
                .orElse(null);
        return new Decision.Refused(holder, 0);
    }

    /**
     * @throws ProblemException lock_expired when the time was over before this call, or the lock was given back or taken away
     */
    Lease renew(UUID id, Duration ttl, Person person) {
        Lease lease = visible(id, person);
        requireOwner(lease, person);
        return jdbi.inTransaction(tx -> {
            if (!leases.renew(tx, id, ttl)) {
                Lease now = leases.find(tx, id).orElse(lease);
                Lease.Status status = now.status() == Lease.Status.HELD ? Lease.Status.EXPIRED : now.status();
                throw new ProblemException(
                                ErrorCode.LOCK_EXPIRED,
                                "The lock is " + status.wire() + " since "
                                        + (now.endedAt() == null ? now.expiresAt() : now.endedAt())
                                        + "; acquire it again, with a new fencing token.")
                        .with("lockStatus", status.wire());
            }
            Lease renewed = leases.find(tx, id).orElseThrow();
            events.renewed(tx, renewed, person.actor(), person.traceId());
            return renewed;
        });
    }

    /** Gives a lock back. Doing it again, or after the lock has ended by itself, changes nothing and is no error. */
    void release(UUID id, Person person, String reason) {
        Lease lease = visible(id, person);
        boolean own = person.service() || person.actor().equals(lease.acquiredBy());
        if (!own && !person.admin()) {
            throw notOwner();
        }
        boolean ended = jdbi.inTransaction(tx -> {
            if (!leases.end(tx, id, own ? Lease.Status.RELEASED : Lease.Status.OVERRIDDEN, person.actor())) {
                return false;
            }
            if (own) {
                events.released(tx, lease, person.actor(), person.traceId());
            } else {
                events.overridden(tx, lease, person.actor(), person.traceId(), reason);
            }
            return true;
        });
        if (ended) {
            granting.handOver();
        }
    }

    /** Takes a request out of the queue; its caller is told at once. */
    void leaveQueue(UUID id, Person person) {
        Waiter waiter = jdbi.withHandle(h -> queue.find(h, id))
                .filter(w -> w.leaseId() == null && person.sees(w.claim().team()))
                .orElseThrow(() -> ProblemException.notFound("waiting request"));
        if (!person.service()
                && !person.admin()
                && !person.actor().equals(waiter.claim().actor())) {
            throw notOwner();
        }
        if (!jdbi.withHandle(h -> queue.remove(h, id))) {
            throw ProblemException.notFound("waiting request");
        }
        waitRoom.signal(id);
        granting.handOver();
    }

    Lease visible(UUID id, Person person) {
        return jdbi.withHandle(h -> leases.find(h, id))
                .filter(lease -> person.sees(lease.team()))
                .orElseThrow(() -> ProblemException.notFound("lock"));
    }

    List<Lease> list(String team, String owner, UUID after, int limit) {
        return jdbi.withHandle(h -> leases.list(h, team, owner, after, limit));
    }

    /** Who holds a resource now. */
    Optional<Lease> holder(String team, String name) {
        return jdbi.withHandle(h -> leases.token(h, team, name)
                .filter(token -> token.leaseId() != null)
                .flatMap(token ->
                        leases.holding(h, List.of(token.leaseId())).stream().findFirst()));
    }

    long fencingToken(String team, String name) {
        return jdbi.withHandle(h -> leases.token(h, team, name))
                .map(LeaseRepository.Token::value)
                .orElse(0L);
    }

    List<Waiter> waitingFor(String team, String name) {
        return jdbi.withHandle(h -> queue.waitingFor(h, team, List.of(name)));
    }

    private static void requireOwner(Lease lease, Person person) {
        if (!person.service() && !person.actor().equals(lease.acquiredBy())) {
            throw notOwner();
        }
    }

    private static ProblemException notOwner() {
        return new ProblemException(ErrorCode.FORBIDDEN, "Only its owner, or an admin, may do that.");
    }

    private static ProblemException held(Decision.Refused refused) {
        Lease holder = refused.holder();
        if (holder == null) {
            return new ProblemException(
                    ErrorCode.LOCK_HELD, "Others stand ahead of you in the queue; wait or try later.");
        }
        Map<String, Object> who = new LinkedHashMap<>();
        who.put("lockId", holder.id());
        who.put("ownerId", holder.ownerId());
        who.put("ownerType", holder.ownerType());
        who.put("expiresAt", holder.expiresAt());
        return new ProblemException(
                        ErrorCode.LOCK_HELD,
                        "Held by " + holder.ownerId() + " until " + holder.expiresAt() + " at the latest.")
                .with("holder", who)
                .with("resourceIds", holder.getResourceIds());
    }
}
