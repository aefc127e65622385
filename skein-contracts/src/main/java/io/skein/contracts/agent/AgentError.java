package io.skein.contracts.agent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** The work could not be taken or carried out for a reason of the protocol, not of the playbook. Routing key {@code error.<agentType>.<agentId>}. */
public record AgentError(
        @JsonProperty("step_id") UUID stepId,
        @JsonProperty("code") Code code,
        @JsonProperty("message") String message) implements AgentPayload {

    /** Protocol error codes; {@link #retryable()} ones are retried after 1 s, 2 s and 4 s, the others never. */
    public enum Code {
        TIMEOUT(5001, true),
        AGENT_UNAVAILABLE(5002, true),
        INVALID_MESSAGE(5003, false),
        AUTHENTICATION_FAILED(5004, false),
        RESOURCE_LIMIT_EXCEEDED(5005, true),
        UNSUPPORTED_WORK_TYPE(5006, false);

        private final int number;
        private final boolean retryable;

        Code(int number, boolean retryable) {
            this.number = number;
            this.retryable = retryable;
        }

        @JsonValue
        public int number() {
            return number;
        }

        public boolean retryable() {
            return retryable;
        }

        @JsonCreator
        public static Code of(int number) {
            for (Code code : values()) {
                if (code.number == number) {
                    return code;
                }
            }
            throw new IllegalArgumentException("unknown error code " + number);
        }
    }
}
