package io.skein.orchestrator.routing;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A step that has ended, as far as scores and estimates care. */
public record PastRun(
        String agent,
        String playbook,
        String service,
        List<String> hosts,
        UUID sessionId,
        boolean succeeded,
        Instant finishedAt,
        long seconds) {}
