package io.skein.lock.lease;

import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/**
 * What follows from an answer of the database once it is committed: who was served here is told, who needs rows that were not locked
 * is tried by itself. Should the process die before it is done, {@link LeaseKeeper} of any replica goes on.
 */
@ApplicationScoped
class HandOver {

    private static final Logger LOG = Logger.getLogger(HandOver.class);

    @Inject
    Jdbi jdbi;

    @Inject
    LeaseRepository leases;

    @Inject
    WaitRoom waitRoom;

    @Inject
    Replica replica;

    @Inject
    Outbox outbox;

    void after(List<Answer> answers) {
        outbox.written();
        Deque<Lease> again = new ArrayDeque<>();
        note(answers, again);
        Set<UUID> tried = new HashSet<>();
        while (!again.isEmpty()) {
            Lease next = again.poll();
            if (tried.add(next.id())) {
                serve(next, again);
            }
        }
    }

    private void serve(Lease next, Deque<Lease> again) {
        try {
            note(
                    Deadlock.retried(() -> jdbi.withHandle(
                            h -> leases.serve(h, next.team(), List.copyOf(next.getResourceIds()), replica.name()))),
                    again);
            outbox.written();
        } catch (RuntimeException e) {
            LOG.warnf("the queue for %s could not be served now, it is tried again: %s", next.getResourceIds(), e);
        }
    }

    private void note(List<Answer> answers, Deque<Lease> again) {
        for (Answer answer : answers) {
            if (answer.kind() == Answer.Kind.SERVED) {
                waitRoom.hand(answer.lease().id(), answer.lease());
            } else if (answer.kind() == Answer.Kind.AGAIN) {
                again.add(answer.lease());
            }
        }
    }
}
