package io.skein.registry.definition;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.skein.registry.activity.Activity;
import java.time.Instant;
import java.util.List;

/**
 * A version of a definition as it is shown.
 *
 * @param etag what {@code If-Match} takes
 * @param newest it is what {@code latest} means
 * @param triggers with their defaults filled in
 * @param activity what the agent is at in the asker's team, whatever the version
 * @param definition the whole document as it was sent; lists leave it out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DefinitionView(
        String id,
        String name,
        JsonNode nickname,
        JsonNode icon,
        String version,
        JsonNode author,
        JsonNode description,
        JsonNode tags,
        JsonNode suggestions,
        boolean selectable,
        @JsonProperty("default") boolean isDefault,
        String type,
        String team,
        String status,
        String etag,
        boolean newest,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        Instant publishedAt,
        Instant deprecatedAt,
        JsonNode goal,
        List<Definition.Trigger> triggers,
        JsonNode skills,
        Activity activity,
        JsonNode definition) {

    static DefinitionView of(Definition definition, Activity activity, boolean whole) {
        JsonNode metadata = definition.metadata();
        return new DefinitionView(
                definition.id(),
                definition.name(),
                metadata.get("nickname"),
                metadata.get("icon"),
                definition.version(),
                metadata.get("author"),
                metadata.get("description"),
                metadata.get("tags"),
                metadata.get("suggestions"),
                metadata.path("selectable").asBoolean(),
                metadata.path("default").asBoolean(),
                metadata.path("type").asText(),
                definition.team(),
                definition.status().wire(),
                tag(definition),
                definition.newest(),
                definition.createdAt(),
                definition.createdBy(),
                definition.updatedAt(),
                definition.publishedAt(),
                definition.deprecatedAt(),
                definition.document().get("goal"),
                definition.triggers(),
                definition.document().get("skills"),
                activity,
                whole ? definition.document() : null);
    }

    /** A version's entity tag as headers have it. */
    static String tag(Definition definition) {
        return "\"" + definition.etag() + "\"";
    }
}
