package io.skein.lock.lease;

import io.skein.contracts.Ids;
import io.skein.contracts.error.ErrorCode;
import io.skein.lock.claim.Claim;
import io.skein.lock.queue.QueueRepository;
import io.skein.lock.queue.QueueRepository.Standing;
import io.skein.lock.queue.Waiter;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Taking a lock, and waiting for it: in this call, or in the queue over several. */
@ApplicationScoped
class Acquiring {

    private static final String UNIQUE_VIOLATION = "23505";

    @Inject
    Jdbi jdbi;

    @Inject
    LeaseRepository leases;

    @Inject
    QueueRepository queue;

    @Inject
    WaitRoom waitRoom;

    @Inject
    HandOver handOver;

    @Inject
    Replica replica;

    @Inject
    LeaseConfig config;

    @Inject
    LeaseMetrics metrics;

    /** Calls back when the caller's connection is gone. */
    interface Line extends Consumer<Runnable> {}

    /**
     * Grants now, or as soon as the queue allows while this call waits.
     *
     * @return the lock, or the place in the queue that is kept after this call
     * @throws ProblemException lock_held when it cannot be had in time; {@code holder} says who has it
     */
    Place ask(Claim claim, Patience patience, Line line) {
        long begun = System.nanoTime();
        UUID id = Ids.next();
        Optional<Place> place = Optional.empty();
        try (WaitRoom.Seat seat = waitRoom.enter(id)) {
            place = Optional.of(ask(id, claim, patience, seat, line));
            return place.get();
        } finally {
            boolean granted = place.isPresent() && place.get().lock() != null;
            metrics.waited(claim.priority(), granted, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private Place ask(UUID id, Claim claim, Patience patience, WaitRoom.Seat seat, Line line) {
        boolean returns = claim.requestId() != null || patience.queue().compareTo(patience.call()) > 0;
        List<Answer> answers = claim(id, claim, patience, returns ? config.keepPlace() : config.keepConnected());
        long deadline = System.nanoTime() + patience.call().toNanos();
        handOver.after(answers);
        Answer outcome = answers.stream().filter(Answer::isOutcome).findFirst().orElseThrow();
        switch (outcome.kind()) {
            case QUEUED -> {
                UUID place = outcome.lease().id();
                if (place.equals(id)) {
                    return await(place, seat, deadline, false, returns, line);
                }
                try (WaitRoom.Seat earlier = waitRoom.enter(place)) {
                    return await(place, earlier, deadline, true, true, line);
                }
            }
            case REFUSED -> throw held(Optional.ofNullable(outcome.lease()));
            default -> {
                return Place.granted(LeaseService.done(answers, "lock"));
            }
        }
    }

    private List<Answer> claim(UUID id, Claim claim, Patience patience, Duration attention) {
        while (true) {
            try {
                // A request that moves from some resources to others may meet one that goes the other way.
                List<Answer> answers =
                        Deadlock.retried(() -> leases.claim(jdbi, id, claim, patience, attention, replica.name()));
                if (answers.getFirst().kind() != Answer.Kind.UNKNOWN) {
                    return answers;
                }
                leases.ensure(jdbi, claim.team(), claim.resources());
            } catch (UnableToExecuteStatementException e) {
                if (e.getCause() instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                    throw new ProblemException(
                            ErrorCode.IDEMPOTENCY_MISMATCH, "This requestId stands for a lock on other resources.");
                }
                throw e;
            }
        }
    }

    /**
     * What has become of a place, waiting for it up to {@code patience}.
     *
     * @param asker keeps the place by asking, if it is its own
     */
    Place look(UUID id, Duration patience, LeaseService.Person asker, Line line) {
        try (WaitRoom.Seat seat = waitRoom.enter(id)) {
            Place place = look(id, asker);
            if (place.lock() != null || !isOwn(id, asker)) {
                return place;
            }
            return await(id, seat, System.nanoTime() + patience.toNanos(), true, true, line);
        }
    }

    /** What has become of a place, at this moment. */
    Place look(UUID id, LeaseService.Person asker) {
        return jdbi.withHandle(h -> {
                    Optional<Lease> granted = leases.now(h, id);
                    if (granted.isPresent()) {
                        return granted.filter(lease -> asker.sees(lease.team())).map(Acquiring::stillHeld);
                    }
                    return queue.find(h, id)
                            .filter(standing ->
                                    asker.sees(standing.waiter().claim().team()))
                            .map(standing -> Place.waiting(standing.waiter(), standing.ahead()));
                })
                .orElseThrow(() -> ProblemException.notFound("waiting request"));
    }

    boolean isOwn(UUID id, LeaseService.Person asker) {
        return jdbi.withHandle(h -> queue.find(h, id))
                .filter(standing ->
                        asker.actor().equals(standing.waiter().claim().actor()))
                .isPresent();
    }

    /** The same; a place whose time is over is given up. */
    Place lookOrGiveUp(UUID id, LeaseService.Person asker) {
        jdbi.withHandle(h -> queue.giveUp(h, id)).ifPresent(this::gone);
        return look(id, asker);
    }

    /** Takes a request out of the queue; its caller is told at once. */
    void leave(UUID id, LeaseService.Person person) {
        List<Answer> answers =
                Deadlock.retried(() -> jdbi.withHandle(h -> leases.leave(h, id, person, replica.name())));
        LeaseService.done(answers, "waiting request");
        waitRoom.ring(id);
        handOver.after(answers);
    }

    List<Waiter> waitingFor(String team, String name) {
        return jdbi.withHandle(h -> queue.waitingFor(h, team, name));
    }

    private Place await(UUID id, WaitRoom.Seat seat, long deadline, boolean lookFirst, boolean returns, Line line) {
        line.accept(seat::hangUp);
        boolean look = lookFirst;
        try {
            while (true) {
                Optional<Lease> granted = seat.handed();
                if (granted.isEmpty() && look) {
                    granted = granted(id);
                    if (granted.isEmpty()) {
                        jdbi.withHandle(h -> queue.giveUp(h, id)).ifPresent(this::refuse);
                    }
                }
                if (granted.isPresent()) {
                    return seat.isHungUp() && !returns ? unheard(granted.get()) : Place.granted(granted.get());
                }
                long left = deadline - System.nanoTime();
                if (left <= 0 || seat.isHungUp()) {
                    return stop(id, !returns && seat.isHungUp());
                }
                seat.await(Duration.ofNanos(left));
                look = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!returns) {
                jdbi.withHandle(h -> queue.remove(h, id)).ifPresent(this::gone);
            }
            throw new ProblemException(ErrorCode.UNAVAILABLE, "This service is stopping; ask again.");
        }
    }

    /** Granted, or empty while it waits. */
    private Optional<Lease> granted(UUID id) {
        return jdbi.withHandle(h -> {
            Optional<Lease> lease = leases.now(h, id);
            if (lease.isEmpty() && queue.find(h, id).isEmpty()) {
                throw new ProblemException(ErrorCode.LOCK_HELD, "Somebody took this request out of the queue.");
            }
            return lease.map(Acquiring::stillHeld).map(Place::lock);
        });
    }

    /** Nobody will ever know of this lock, so nobody would give it back. */
    private Place unheard(Lease lease) {
        handOver.after(jdbi.withHandle(h -> leases.release(
                h,
                lease.id(),
                new LeaseService.Person(lease.acquiredBy(), lease.team(), false, null),
                null,
                replica.name())));
        return Place.granted(lease);
    }

    /** This call ends; the place stays when it may. */
    private Place stop(UUID id, boolean forGood) {
        if (forGood) {
            jdbi.withHandle(h -> queue.remove(h, id)).ifPresent(this::gone);
        }
        Optional<Standing> standing = jdbi.withHandle(h -> queue.keep(h, id) ? queue.find(h, id) : Optional.empty());
        if (standing.isPresent()) {
            return Place.waiting(standing.get().waiter(), standing.get().ahead());
        }
        Optional<Waiter> gone = jdbi.withHandle(h -> queue.giveUp(h, id));
        if (gone.isEmpty()) {
            return Place.granted(granted(id).orElseThrow(() -> held(Optional.empty())));
        }
        throw refuse(gone.get());
    }

    /** Its time is over, and it is out of the queue. */
    private ProblemException refuse(Waiter waiter) {
        gone(waiter);
        Claim claim = waiter.claim();
        throw held(claim.resources().stream()
                .flatMap(name -> jdbi.withHandle(h -> leases.holder(h, claim.team(), name)).stream())
                .findFirst());
    }

    /** Somebody behind may have waited for this place only. */
    private void gone(Waiter waiter) {
        Claim claim = waiter.claim();
        handOver.after(jdbi.withHandle(h -> leases.serve(h, claim.team(), claim.resources(), replica.name())));
    }

    private static Place stillHeld(Lease lease) {
        if (lease.status() != Lease.Status.HELD) {
            throw LeaseService.ended(lease);
        }
        return Place.granted(lease);
    }

    private static ProblemException held(Optional<Lease> by) {
        if (by.isEmpty()) {
            return new ProblemException(
                    ErrorCode.LOCK_HELD, "Others stand ahead of you in the queue; wait or try later.");
        }
        Lease holder = by.get();
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
