package io.skein.frontdoor.tokens;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** New signing keys, for the audit trail. */
@ApplicationScoped
class KeyEvents {

    @Inject
    Outbox outbox;

    @Inject
    Clock clock;

    void rotated(Handle tx, String kid, Instant signsFrom, String actor) {
        outbox.event(
                tx,
                SkeinEvent.of(EventTypes.AUTH_KEY_ROTATED)
                        .source("/dashboard-ui")
                        .subject("key:" + kid)
                        .actor(actor)
                        .priority(Priority.HIGH)
                        .time(clock.instant())
                        .data(Map.of("kid", kid, "signsFrom", signsFrom.toString()))
                        .build());
    }
}
