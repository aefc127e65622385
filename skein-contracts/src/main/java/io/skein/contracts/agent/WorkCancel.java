package io.skein.contracts.agent;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;

/**
 * Stop the work with the envelope's request id, whoever runs it. Routing key {@code cancel.<agentType>}: every agent of the
 * type hears it, those that do not run the work ignore it. The answer is the work's {@link WorkResult}.
 */
public record WorkCancel(
        @JsonProperty("step_id") UUID stepId,
        @JsonProperty("reason") String reason) implements AgentPayload {}
