package io.skein.lock.lease;

import io.skein.contracts.error.ErrorCode;
import io.skein.lock.claim.Claim;
import io.skein.lock.queue.QueueRepository;
import io.skein.lock.queue.WaitRoom;
import io.skein.lock.queue.Waiter;
import io.skein.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Decides who gets a resource: always one transaction, always under the row locks of all resources of the claim, taken in
 * canonical order. Nothing else grants.
 */
@ApplicationScoped
class Granting {

    private static final Logger LOG = Logger.getLogger(Granting.class);
    private static final String UNIQUE_VIOLATION = "23505";

    @Inject
    Jdbi jdbi;

    @Inject
    ResourceRows rows;

    @Inject
    LeaseRepository leases;

    @Inject
    QueueRepository queue;

    @Inject
    WaitRoom waitRoom;

    @Inject
    LeaseEvents events;

    /** What became of a claim. */
    sealed interface Decision {
        record Granted(Lease lease) implements Decision {}

        /**
         * Not now.
         *
         * @param holder one lease in the way, null when only waiters are
         */
        record Refused(Lease holder, long ahead) implements Decision {}

        record Queued(UUID waiter) implements Decision {}
    }

    private record Attempt(Lease lease, Lease holder, long ahead) {}

    Decision decide(Claim claim, Duration patience) {
        rows.ensure(jdbi, claim.team(), claim.resources());
        boolean[] expired = new boolean[1];
        Decision decision;
        try {
            decision = jdbi.inTransaction(tx -> decide(tx, claim, patience, expired));
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof java.sql.SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                throw mismatch();
            }
            throw e;
        }
        if (expired[0]) {
            handOver();
        }
        return decision;
    }

    private Decision decide(Handle tx, Claim claim, Duration patience, boolean[] expired) {
        List<ResourceRows.Row> locked = rows.lock(tx, claim.team(), claim.resources());
        if (claim.requestId() != null) {
            Optional<Lease> earlier = leases.ofRequest(tx, claim);
            if (earlier.isPresent()) {
                return new Decision.Granted(same(earlier.get(), claim));
            }
            Optional<Waiter> waiting = queue.rejoin(tx, claim, patience);
            if (waiting.isPresent()) {
                if (!waiting.get().claim().resources().equals(claim.resources())) {
                    throw mismatch();
                }
                return new Decision.Queued(waiting.get().id());
            }
        }
        Attempt attempt = attempt(tx, claim, locked, Long.MAX_VALUE, expired);
        if (attempt.lease() != null) {
            return new Decision.Granted(attempt.lease());
        }
        if (patience.isZero()) {
            return new Decision.Refused(attempt.holder(), attempt.ahead());
        }
        UUID waiter = queue.add(tx, claim, patience);
        events.queued(tx, waiter, claim, attempt.ahead());
        return new Decision.Queued(waiter);
    }

    private Attempt attempt(Handle tx, Claim claim, List<ResourceRows.Row> locked, long seq, boolean[] expired) {
        List<UUID> last = new ArrayList<>(locked.stream()
                .map(ResourceRows.Row::leaseId)
                .filter(Objects::nonNull)
                .distinct()
                .toList());
        if (claim.requestId() != null) {
            last.addAll(leases.idsOfRequest(tx, claim));
        }
        for (Lease over : leases.expire(tx, last)) {
            events.expired(tx, over);
            expired[0] = true;
        }
        List<Lease> holders = leases.holding(tx, last);
        long ahead = queue.ahead(tx, claim, seq);
        if (!holders.isEmpty() || ahead > 0) {
            return new Attempt(null, holders.isEmpty() ? null : holders.getFirst(), ahead);
        }
        Lease lease = leases.insert(tx, claim);
        events.granted(tx, lease, claim.traceId());
        return new Attempt(lease, null, 0);
    }

    /**
     * Serves everybody who can be served now. Called after whatever made something free has been committed; should the process
     * die between the two, the processes of the waiters find out by themselves.
     */
    void handOver() {
        for (UUID waiter : jdbi.withHandle(leases::servable)) {
            try {
                if (serve(waiter)) {
                    waitRoom.signal(waiter);
                }
            } catch (RuntimeException e) {
                LOG.warnf(e, "waiter %s could not be served now, it is tried again", waiter);
            }
        }
    }

    private boolean serve(UUID id) {
        Optional<Waiter> seen = jdbi.withHandle(handle -> queue.find(handle, id));
        if (seen.isEmpty()) {
            return false;
        }
        Claim claim = seen.get().claim();
        return jdbi.inTransaction(tx -> {
            List<ResourceRows.Row> locked = rows.lock(tx, claim.team(), claim.resources());
            Optional<Waiter> waiter = queue.lockWaiting(tx, id);
            if (waiter.isEmpty()) {
                return false;
            }
            Attempt attempt = attempt(tx, claim, locked, waiter.get().seq(), new boolean[1]);
            if (attempt.lease() == null) {
                return false;
            }
            queue.granted(tx, id, attempt.lease().id());
            return true;
        });
    }

    private static Lease same(Lease lease, Claim claim) {
        if (!lease.covers(claim.resources())) {
            throw mismatch();
        }
        return lease;
    }

    private static ProblemException mismatch() {
        return new ProblemException(
                ErrorCode.IDEMPOTENCY_MISMATCH, "This requestId stands for a lock on other resources.");
    }
}
