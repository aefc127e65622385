package io.skein.orchestrator.llm;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

/**
 * A call of a model as it is kept; neither what was asked nor what was answered is.
 *
 * @param prompt name and version of the instructions
 * @param reason why this provider
 * @param outcome open, answered, unusable, interrupted, lost, or the code of an error
 * @param reservedUsd the most it may cost
 */
public record LlmCall(
        UUID id,
        @JsonIgnore String team,
        String person,
        UUID sessionId,
        UUID planId,
        String purpose,
        String provider,
        String model,
        String prompt,
        String reason,
        String outcome,
        BigDecimal reservedUsd,
        BigDecimal costUsd,
        long tokensIn,
        long tokensOut,
        long wallMillis,
        String traceId,
        Instant startedAt,
        Instant finishedAt) {

    static LlmCall opened(
            UUID id,
            Asker asker,
            Purpose purpose,
            Provider provider,
            String model,
            String prompt,
            String reason,
            BigDecimal most,
            Instant now) {
        return new LlmCall(
                id,
                asker.team(),
                asker.person(),
                asker.session(),
                asker.plan(),
                purpose.wire(),
                provider.wire(),
                model,
                prompt,
                reason,
                "open",
                most,
                BigDecimal.ZERO,
                0,
                0,
                0,
                asker.traceId(),
                now,
                null);
    }

    /** As the row is once it is settled. */
    LlmCall settled(CallBook.Result result, long millis, Instant now) {
        return new LlmCall(
                id,
                team,
                person,
                sessionId,
                planId,
                purpose,
                provider,
                model,
                prompt,
                reason,
                result.outcome(),
                reservedUsd,
                result.costUsd(),
                result.tokensIn(),
                result.tokensOut(),
                millis,
                traceId,
                startedAt,
                now);
    }
}
