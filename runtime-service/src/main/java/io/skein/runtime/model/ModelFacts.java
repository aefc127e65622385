package io.skein.runtime.model;

import java.math.BigDecimal;
import java.util.UUID;

/** Who hears of each call of a model. */
interface ModelFacts {

    String ANSWERED = "answered";

    /**
     * What may be known of a call: neither what was asked nor what was answered.
     *
     * @param outcome answered, interrupted, or the code of an error
     * @param tokensIn 0 when there was no answer, like the other two figures
     * @param wallMillis with every attempt and the pauses between them
     */
    record Called(
            String provider,
            String model,
            String outcome,
            long tokensIn,
            long tokensOut,
            BigDecimal costUsd,
            long wallMillis) {}

    void tell(UUID task, Called call);
}
