package io.skein.infra.run;

import io.skein.contracts.agent.WorkRequest;
import java.time.Instant;
import java.util.UUID;

/** A row of the table {@code run}. */
record Run(
        UUID requestId,
        RunState state,
        String fromAgent,
        String traceId,
        WorkRequest request,
        Instant startedAt,
        Long processId,
        Instant processStart,
        long lastSequence) {}
