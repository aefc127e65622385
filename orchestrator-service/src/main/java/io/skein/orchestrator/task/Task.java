package io.skein.orchestrator.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;

/**
 * A task, as it is shown.
 *
 * @param id of a plan's task the plan's id, of a subtask that is a step the step's
 * @param parentId the task it is a part of, or null
 * @param planId the plan it is or belongs to, or null
 * @param number of a step: its number in the plan
 * @param agent who is to do it or did it, or null
 * @param subtasks how many parts it has
 * @param subtasksCompleted how many of them are completed
 * @param checkpointId where it waits for a person, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Task(
        UUID id,
        Kind kind,
        String team,
        String owner,
        UUID parentId,
        UUID sessionId,
        UUID planId,
        Integer number,
        String title,
        String description,
        TaskStatus status,
        String statusReason,
        TaskPriority priority,
        String agent,
        JsonNode metadata,
        String createdBy,
        Instant createdAt,
        Instant updatedAt,
        Instant startedAt,
        Instant finishedAt,
        @JsonIgnore long revision,
        int subtasks,
        int subtasksCompleted,
        UUID checkpointId) {

    /** What stands behind a task. */
    public enum Kind {
        /** Nothing: it was written down as a task. */
        OWN,
        /** The execution of a plan. */
        PLAN,
        /** A step of a plan. */
        STEP;

        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @JsonIgnore
    public boolean isOwn() {
        return kind == Kind.OWN;
    }

    /** Changes with everything of it that is kept here, or with the plan behind it. */
    @JsonProperty
    public String etag() {
        return "\"" + revision + (isOwn() ? "" : "-" + ChronoUnit.MICROS.between(Instant.EPOCH, updatedAt)) + "\"";
    }

    /** That what was asked cannot be done with a task in this state. */
    public ProblemException illegal(String detail) {
        return new ProblemException(ErrorCode.ILLEGAL_TRANSITION, detail)
                .with("taskId", id.toString())
                .with("taskStatus", status.wire());
    }
}
