package io.skein.runtime.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Something an instance has to do.
 *
 * @param name the event's type, or what whoever gave it called it
 * @param waitingFor plan, lock, task or person
 * @param event what woke the agent; of a task that was given, only {@code data}, {@code actor} and {@code team}
 * @param depth how many tasks stand above it
 * @param hops how many agents in a row led to it
 * @param owner the person whose event it was, or null when it is the team's
 * @param peopleMillis how long it waited for people so far
 * @param peopleSince since when it does, or null
 * @param cancelCode null when a person cancelled it, else why it fails by that
 */
record Task(
        UUID id,
        UUID instanceId,
        String team,
        String agent,
        String version,
        String name,
        TaskStatus status,
        String waitingFor,
        JsonNode event,
        UUID parentId,
        int depth,
        int hops,
        String owner,
        String askedBy,
        String traceId,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt,
        long peopleMillis,
        Instant peopleSince,
        BigDecimal costUsd,
        String code,
        String summary,
        String cancelBy,
        String cancelReason,
        Instant cancelAt,
        String cancelCode) {

    boolean isCancelled() {
        return cancelBy != null;
    }

    /** When it will have had its time, if it does not wait for people from now on. */
    Instant deadline(Duration limit, Instant now) {
        long waited = peopleMillis
                + (peopleSince == null
                        ? 0
                        : Math.max(0, Duration.between(peopleSince, now).toMillis()));
        return (startedAt == null ? now : startedAt).plus(limit).plusMillis(waited);
    }
}
