package io.skein.runtime.skill;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** What became of a skill's use. */
public sealed interface SkillOutcome {

    /** @param costUsd what it cost; zero for most */
    record Done(JsonNode output, BigDecimal costUsd) implements SkillOutcome {

        public Done(JsonNode output) {
            this(output, BigDecimal.ZERO);
        }
    }

    /**
     * It was begun and goes on elsewhere.
     *
     * @param on what is waited for: plan, lock, task, person
     * @param reference its id there
     * @param planId the plan, where that is what is waited for, or null: its events are a hint to look
     */
    record Waiting(String on, String reference, java.util.UUID planId) implements SkillOutcome {}

    /**
     * It did not work.
     *
     * @param code an error code of the fleet, in lower case
     * @param mayPass another attempt could go better
     */
    record Failed(String code, String message, boolean mayPass) implements SkillOutcome {}
}
