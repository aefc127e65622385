package io.skein.runtime.publish;

import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Publishing through the outbox, once per key. */
@ApplicationScoped
public class PublishService {

    private final Outbox outbox;
    private final Jdbi jdbi;
    private final GivenKeys keys;

    @Inject
    PublishService(Outbox outbox, Jdbi jdbi, GivenKeys keys) {
        this.outbox = outbox;
        this.jdbi = jdbi;
        this.keys = keys;
    }

    /**
     * Publishes it once per key.
     *
     * @param key the caller's Idempotency-Key, or null
     * @return the id of the event, of the first one when the key was used before
     */
    public UUID publish(SkeinEvent event, String key, Object body) {
        return jdbi.inTransaction(tx -> {
            Optional<UUID> earlier = keys.earlier(tx, event.team(), event.actor(), key, body, event.id());
            if (earlier.isEmpty()) {
                outbox.event(tx, event);
            }
            return earlier.orElse(event.id());
        });
    }
}
