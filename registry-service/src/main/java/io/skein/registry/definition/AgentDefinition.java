package io.skein.registry.definition;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.skein.contracts.event.Priority;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** An agent definition as its YAML file says it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AgentDefinition(Metadata metadata, Goal goal, List<Trigger> triggers, List<Skill> skills) {

    public AgentDefinition {
        require(metadata != null, "metadata is missing");
        triggers = triggers == null ? List.of() : List.copyOf(triggers);
        skills = skills == null ? List.of() : List.copyOf(skills);
    }

    /**
     * @param type chief_of_staff (plans and delegates), master_operator (operates) or specialist
     * @param suggestions what a person could ask it
     * @param selectable offered in the chat's agent selector
     * @param isDefault the one the selector starts with
     */
    @JsonPropertyOrder({"id", "name", "nickname", "icon", "version", "type"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Metadata(
            String id,
            String name,
            String nickname,
            String icon,
            String version,
            String author,
            String description,
            List<String> tags,
            List<String> suggestions,
            boolean selectable,
            @JsonProperty("default") boolean isDefault,
            String type) {

        private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");
        private static final List<String> TYPES = List.of("chief_of_staff", "master_operator", "specialist");

        public Metadata {
            require(id != null && ID.matcher(id).matches(), "metadata.id is not lower-case words joined by dashes");
            require(name != null && !name.isBlank(), "metadata.name is missing");
            require(version != null, "metadata.version is missing");
            SemanticVersion.sortKey(version);
            require(TYPES.contains(type), "metadata.type is not one of " + TYPES);
            tags = tags == null ? List.of() : List.copyOf(tags);
            suggestions = suggestions == null ? List.of() : List.copyOf(suggestions);
        }
    }

    /** @param mode continuous or on_demand */
    public record Goal(String mode, String description) {}

    /**
     * What wakes the agent.
     *
     * @param event an event type, or a pattern of one; see {@link EventPattern}
     * @param filters values the event must have, by path: {@code data.node: "nas*"}; all must hold
     */
    public record Trigger(String event, Priority priority, Map<String, String> filters) {

        public Trigger {
            EventPattern.check(event);
            priority = priority == null ? Priority.NORMAL : priority;
            filters = filters == null ? Map.of() : Map.copyOf(filters);
        }
    }

    public record Skill(String name, String description) {}

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
