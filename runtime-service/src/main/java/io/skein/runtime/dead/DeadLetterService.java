package io.skein.runtime.dead;

import io.quarkus.scheduler.Scheduled;
import io.skein.contracts.error.ErrorCode;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.topology.ReplayedMessage;
import io.skein.platform.messaging.Outbox;
import io.skein.platform.persistence.Page;
import io.skein.platform.problem.ProblemException;
import io.skein.runtime.RuntimeConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

@ApplicationScoped
class DeadLetterService {

    /** Who asks, for the record. */
    record Actor(String name, String team, String traceId) {}

    private final DeadLetterRepository letters;
    private final Outbox outbox;
    private final Jdbi jdbi;
    private final Clock clock;
    private final RuntimeConfig config;

    @Inject
    DeadLetterService(DeadLetterRepository letters, Outbox outbox, Jdbi jdbi, Clock clock, RuntimeConfig config) {
        this.letters = letters;
        this.outbox = outbox;
        this.jdbi = jdbi;
        this.clock = clock;
        this.config = config;
    }

    Page<KeptLetter> page(String queue, UUID after, int size) {
        return Page.of(
                jdbi.withHandle(handle -> letters.list(handle, queue, after, size + 1)), size, letter -> letter.id()
                        .toString());
    }

    KeptLetter get(UUID id) {
        return jdbi.withHandle(handle -> require(handle, id));
    }

    /** Gives it back to its queue; once, however often it is asked for. */
    KeptLetter replay(UUID id, Actor actor) {
        return jdbi.inTransaction(tx -> {
            KeptLetter letter = require(tx, id);
            if (letter.replayedAt() != null) {
                return letter;
            }
            if (!letter.isReplayable()) {
                throw new ProblemException(ErrorCode.ILLEGAL_TRANSITION, whyNot(letter));
            }
            if (letters.replayed(tx, id, actor.name(), clock.instant())) {
                outbox.replay(
                        tx,
                        letter.queue(),
                        new ReplayedMessage(
                                letter.exchange(),
                                letter.routingKey(),
                                letter.sender(),
                                letter.messageId(),
                                letter.contentType(),
                                letter.headers(),
                                letter.body()));
                outbox.event(tx, event(EventTypes.DEAD_LETTER_REPLAYED, letter, actor));
            }
            return require(tx, id);
        });
    }

    void delete(UUID id, Actor actor) {
        jdbi.useTransaction(tx -> {
            KeptLetter letter = require(tx, id);
            if (letters.delete(tx, id)) {
                outbox.event(tx, event(EventTypes.DEAD_LETTER_DELETED, letter, actor));
            }
        });
    }

    /** As long as the events: what nobody looked at until then nobody will. */
    @Scheduled(every = "1h", delayed = "3m", identity = "dead-letter-cleanup")
    @RunOnVirtualThread
    void cleanUp() {
        jdbi.useTransaction(tx -> letters.deleteBefore(tx, clock.instant().minus(config.retention())));
    }

    private static String whyNot(KeptLetter letter) {
        return switch (letter.kind()) {
            case REFUSED ->
                "It was refused because its sender may not say it (" + letter.detail()
                        + "); publish it again as who may.";
            case BURIED -> "Its reader put it here, so the broker vouches for no sender; publish it again.";
            case FAILED, MALFORMED -> "Only its first " + letter.body().length + " bytes are kept.";
        };
    }

    private KeptLetter require(Handle handle, UUID id) {
        return letters.find(handle, id).orElseThrow(() -> ProblemException.notFound("dead letter"));
    }

    private SkeinEvent event(String type, KeptLetter letter, Actor actor) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("deadLetterId", letter.id());
        data.put("queue", letter.queue());
        data.put("sender", letter.sender());
        data.put("messageId", letter.messageId());
        return SkeinEvent.of(type)
                .source("/runtime-service")
                .subject(letter.id())
                .time(clock.instant())
                .priority(Priority.NORMAL)
                .team(actor.team())
                .actor(actor.name())
                .traceId(actor.traceId())
                .data(data)
                .build();
    }
}
