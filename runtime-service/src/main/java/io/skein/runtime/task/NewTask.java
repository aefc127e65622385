package io.skein.runtime.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/**
 * What somebody, or an event, wants an instance to do.
 *
 * @param eventId the event that woke the agent, or null
 * @param key under which it was given, or null; the same key makes one task
 * @param rank of the priority, 0 is served first
 */
record NewTask(
        String name,
        JsonNode event,
        UUID eventId,
        String key,
        UUID parentId,
        int depth,
        int rank,
        int hops,
        String owner,
        String askedBy,
        String traceId) {}
