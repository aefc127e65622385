package io.skein.runtime.schedule;

import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.platform.http.Trace;
import io.skein.platform.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What schedules say: their own events when due, and what happens to them. */
@ApplicationScoped
class ScheduleEvents {

    private static final String SOURCE = "/runtime-service";

    private final Outbox outbox;

    @Inject
    ScheduleEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /** The event that is due. */
    void due(Handle tx, Schedule schedule, Instant due, UUID id, Instant now) {
        outbox.event(tx, event(schedule, due, id, now));
    }

    static SkeinEvent event(Schedule schedule, Instant due, UUID id, Instant now) {
        return SkeinEvent.of(schedule.type())
                .id(id)
                .source(SOURCE)
                .subject(schedule.subject())
                .time(now)
                .priority(schedule.priority())
                .team(schedule.team())
                .actor(schedule.changedBy())
                .traceId(Trace.newId())
                .data(schedule.data())
                .build();
    }

    /** Whoever fires that due time gives it this id, a UUID of version 7 with the due time in it: even two events would be one. */
    static UUID idOf(UUID schedule, Instant due) {
        byte[] hash = sha256(schedule + " " + due.toEpochMilli());
        ByteBuffer random = ByteBuffer.wrap(hash);
        long high = (due.toEpochMilli() & 0xFFFF_FFFF_FFFFL) << 16 | 0x7000 | random.getLong() & 0x0FFF;
        long low = random.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    void missed(Handle tx, Schedule schedule, List<Instant> missed, Instant now) {
        outbox.event(
                tx,
                about(EventTypes.SCHEDULE_MISSED, schedule, now, schedule.changedBy(), null)
                        .priority(Priority.NORMAL)
                        .data(Map.of(
                                "name", schedule.name(),
                                "type", schedule.type(),
                                "missed", missed.size(),
                                "from", missed.getFirst().toString(),
                                "to", missed.getLast().toString()))
                        .build());
    }

    void created(Handle tx, Schedule schedule, String traceId) {
        outbox.event(
                tx,
                about(EventTypes.SCHEDULE_CREATED, schedule, schedule.changedAt(), schedule.changedBy(), traceId)
                        .data(Map.of("name", schedule.name(), "type", schedule.type()))
                        .build());
    }

    /**
     * @param change {@code replaced}, {@code paused} or {@code resumed}
     */
    void changed(Handle tx, Schedule schedule, String change, String traceId) {
        outbox.event(
                tx,
                about(EventTypes.SCHEDULE_CHANGED, schedule, schedule.changedAt(), schedule.changedBy(), traceId)
                        .data(Map.of("name", schedule.name(), "type", schedule.type(), "change", change))
                        .build());
    }

    void deleted(Handle tx, Schedule schedule, Instant now, String actor, String traceId) {
        outbox.event(
                tx,
                about(EventTypes.SCHEDULE_DELETED, schedule, now, actor, traceId)
                        .data(Map.of("name", schedule.name(), "type", schedule.type()))
                        .build());
    }

    private static SkeinEvent.Builder about(String type, Schedule schedule, Instant now, String actor, String traceId) {
        return SkeinEvent.of(type)
                .source(SOURCE)
                .subject(schedule.id())
                .time(now)
                .priority(Priority.LOW)
                .team(schedule.team())
                .actor(actor)
                .traceId(traceId);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
