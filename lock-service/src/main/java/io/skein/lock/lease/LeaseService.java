package io.skein.lock.lease;

import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** What callers can do with locks that are theirs, and read of all. Taking one is {@link Acquiring}. */
@ApplicationScoped
class LeaseService {

    @Inject
    Jdbi jdbi;

    @Inject
    LeaseRepository leases;

    @Inject
    HandOver handOver;

    @Inject
    Replica replica;

    /**
     * Who asks for an end or a renewal.
     *
     * @param team null for services, which see every team
     * @param admin may take a lock from its owner
     */
    record Person(String actor, String team, boolean admin, String traceId) {

        boolean sees(String owner) {
            return team == null || team.equals(owner);
        }
    }

    /**
     * @throws ProblemException lock_expired when the time was over before this call, or the lock was given back or taken away
     */
    Lease renew(UUID id, Duration ttl, Person person) {
        List<Answer> answers = jdbi.withHandle(h -> leases.renew(h, id, ttl, person));
        Lease lease = done(answers, "lock");
        handOver.after(answers);
        return lease;
    }

    /**
     * Gives a lock back, or takes it from its owner.
     *
     * @throws ProblemException lock_expired when it had ended before, validation_failed when a reason is missing
     */
    void release(UUID id, Person person, String reason) {
        List<Answer> answers =
                Deadlock.retried(() -> jdbi.withHandle(h -> leases.release(h, id, person, reason, replica.name())));
        handOver.after(answers);
        done(answers, "lock");
    }

    Lease visible(UUID id, Person person) {
        return jdbi.withHandle(h -> leases.find(h, id))
                .filter(lease -> person.sees(lease.team()))
                .orElseThrow(() -> ProblemException.notFound("lock"));
    }

    List<Lease> list(String team, String owner, UUID after, int limit) {
        return jdbi.withHandle(h -> leases.list(h, team, owner, after, limit));
    }

    Optional<Lease> holder(String team, String name) {
        return jdbi.withHandle(h -> leases.holder(h, team, name));
    }

    long fencingToken(String team, String name) {
        return jdbi.withHandle(h -> leases.token(h, team, name));
    }

    /** The lease of an answer that says it was done. */
    static Lease done(List<Answer> answers, String what) {
        Answer outcome = answers.stream().filter(Answer::isOutcome).findFirst().orElseThrow();
        return switch (outcome.kind()) {
            case DONE, GRANTED -> outcome.lease();
            case ENDED -> throw ended(outcome.lease());
            case NOT_FOUND -> throw ProblemException.notFound(what);
            case NOT_OWNER ->
                throw new ProblemException(ErrorCode.FORBIDDEN, "Only whoever acquired it, or an admin, may do that.");
            case REASON_MISSING -> throw ProblemException.invalid("reason", "must say why it is taken from its owner");
            case MISMATCH ->
                throw new ProblemException(
                        ErrorCode.IDEMPOTENCY_MISMATCH, "This requestId stands for a lock on other resources.");
            case QUEUED, REFUSED, UNKNOWN, SERVED, AGAIN -> throw new IllegalStateException(outcome.toString());
        };
    }

    /** A lock that is not held any more, whatever it is asked for. */
    static ProblemException ended(Lease lease) {
        Lease.Status status = lease.status() == Lease.Status.HELD ? Lease.Status.EXPIRED : lease.status();
        ProblemException problem = new ProblemException(
                        ErrorCode.LOCK_EXPIRED,
                        "The lock is " + status.wire() + " since "
                                + (lease.endedAt() == null ? lease.expiresAt() : lease.endedAt())
                                + "; acquire it again, with a new fencing token.")
                .with("lockStatus", status.wire());
        return lease.endedBy() == null ? problem : problem.with("endedBy", lease.endedBy());
    }
}
