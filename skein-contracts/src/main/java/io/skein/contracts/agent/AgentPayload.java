package io.skein.contracts.agent;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.skein.contracts.wire.MalformedMessageException;

/** What an {@link AgentMessage} carries; the kinds of protocol 1.x. */
public sealed interface AgentPayload permits WorkRequest, WorkCancel, WorkStatus, WorkResult, WorkChunk, AgentError {

    /** The {@code type} member of the envelope. */
    @JsonIgnore
    default String type() {
        return switch (this) {
            case WorkRequest ignored -> "work_request";
            case WorkCancel ignored -> "work_cancel";
            case WorkStatus ignored -> "work_status";
            case WorkResult ignored -> "work_result";
            case WorkChunk ignored -> "work_chunk";
            case AgentError ignored -> "error";
        };
    }

    static Class<? extends AgentPayload> classOf(String type) {
        return switch (type) {
            case "work_request" -> WorkRequest.class;
            case "work_cancel" -> WorkCancel.class;
            case "work_status" -> WorkStatus.class;
            case "work_result" -> WorkResult.class;
            case "work_chunk" -> WorkChunk.class;
            case "error" -> AgentError.class;
            default -> throw new MalformedMessageException("unknown message type " + type, null);
        };
    }
}
