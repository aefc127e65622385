package io.skein.runtime.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.runtime.skill.SkillOutcome;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * One use of a skill.
 *
 * <pre>
 *             a person releases it            it goes on elsewhere
 *  ASKING ────────────────────────► RUNNING ◄─────────────────────► WAITING ──┐
 *    │ refused                        │  ▲                                     │
 *    │                   may pass     ▼  │ its time has come                   │
 *    │                              RETRY                    DONE ◄────────────┤
 *    └───────────────────────────────────────────────────► FAILED ◄────────────┘
 * </pre>
 *
 * @param as the name later steps know its output by
 * @param note why, in the model's words
 * @param attempt from 1
 * @param waitingOn plan, lock, task or person
 * @param kept it took something the task still has
 * @param tried it was about to be run and must not be a second time
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskStep(
        int number,
        String skill,
        String as,
        ObjectNode input,
        String note,
        Status status,
        int attempt,
        String waitingOn,
        String reference,
        UUID planId,
        JsonNode output,
        String code,
        String message,
        String releasedBy,
        @JsonIgnore boolean kept,
        @JsonIgnore boolean tried,
        BigDecimal costUsd,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt) {

    public enum Status {
        ASKING,
        RUNNING,
        WAITING,
        RETRY,
        DONE,
        FAILED;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status fromWire(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    boolean hasEnded() {
        return status == Status.DONE || status == Status.FAILED;
    }

    /** What it waits for; without a reference when nobody knows whether it was begun. */
    SkillOutcome.Waiting begun() {
        return new SkillOutcome.Waiting(waitingOn == null ? "unknown" : waitingOn, reference, planId);
    }
}
