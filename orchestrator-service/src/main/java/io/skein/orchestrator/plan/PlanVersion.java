package io.skein.orchestrator.plan;

import io.skein.orchestrator.draft.Question;
import java.time.Instant;
import java.util.List;

/** A version of a plan: what was proposed then, by whom, and what changed. */
public record PlanVersion(
        int version,
        String planHash,
        List<Question> questions,
        List<String> hosts,
        long estimatedSeconds,
        String createdBy,
        Instant createdAt,
        String summary) {}
