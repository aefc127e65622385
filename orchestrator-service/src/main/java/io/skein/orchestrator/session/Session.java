package io.skein.orchestrator.session;

import java.time.Instant;
import java.util.UUID;

/**
 * A conversation.
 *
 * @param plans how many plans came out of it
 */
public record Session(
        UUID id, String title, String owner, String team, Instant createdAt, Instant updatedAt, int plans) {}
