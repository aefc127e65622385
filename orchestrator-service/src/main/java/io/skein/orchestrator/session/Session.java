package io.skein.orchestrator.session;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A conversation.
 *
 * @param status active or archived; what is archived is read only
 * @param stage where its newest plan is
 * @param plans how many plans came out of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Session(
        UUID id,
        String title,
        String owner,
        String team,
        String status,
        Stage stage,
        Instant createdAt,
        Instant updatedAt,
        Instant archivedAt,
        int plans,
        @JsonIgnore long revision) {

    static final String ACTIVE = "active";
    static final String ARCHIVED = "archived";

    /** Changes with the title and with being archived; not with what is said in it. */
    @JsonProperty
    public String etag() {
        return "\"" + revision + "\"";
    }

    @JsonIgnore
    public boolean isArchived() {
        return status.equals(ARCHIVED);
    }

    /**
     * When a session came to a stage.
     *
     * @param state done, current or ahead
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reached(Stage stage, String state, Instant at) {}

    /** A session with its way through the stages. */
    public record WithStages(
            @com.fasterxml.jackson.annotation.JsonUnwrapped Session session, List<Reached> stages) {}
}
