package io.skein.runtime.dead;

import io.skein.platform.messaging.DeadLetter;
import io.skein.platform.messaging.DeadLetterConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/** Takes the dead letters from the broker into the database. */
@ApplicationScoped
class DeadLetterCollector implements DeadLetterConsumer {

    private final DeadLetterRepository letters;
    private final Clock clock;

    @Inject
    DeadLetterCollector(DeadLetterRepository letters, Clock clock) {
        this.letters = letters;
        this.clock = clock;
    }

    @Override
    public void handle(Handle tx, DeadLetter letter) {
        letters.add(tx, letter, clock.instant());
    }
}
