package io.skein.orchestrator.llm;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;

/**
 * What a team, or one of its people, may spend on models in a day or a month (UTC).
 *
 * @param person null for everybody of the team together
 * @param softUsd from this on there is a warning; null for none
 * @param hardUsd nothing is asked that might cost more together; null for none
 * @param spentUsd in this period, of calls that ended
 * @param reservedUsd of calls that did not end, the most they may cost
 */
public record Budget(
        String person,
        String period,
        BigDecimal softUsd,
        BigDecimal hardUsd,
        BigDecimal spentUsd,
        BigDecimal reservedUsd,
        Instant periodStart,
        @JsonIgnore long version,
        String changedBy,
        Instant changedAt) {

    /** How it stands. */
    public enum State {
        OK,
        WARNED,
        SPENT;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @JsonProperty
    public State state() {
        if (hardUsd != null && spentUsd.compareTo(hardUsd) >= 0) {
            return State.SPENT;
        }
        return softUsd != null && spentUsd.compareTo(softUsd) >= 0 ? State.WARNED : State.OK;
    }
}
