package io.skein.infra.catalogue;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A playbook as people and planners see it.
 *
 * @param path inside the repository, with forward slashes
 * @param hosts host pattern of its plays, joined with commas
 * @param service what it is about; null when nothing says so
 * @param risk low, medium or high
 * @param undo path of its counterpart, or null
 * @param check may be previewed with check mode
 * @param estimatedSeconds what its author expects, or null
 * @param examples phrases people ask for it with
 * @param contentSha256 digest of the playbook with everything it pulls in; null when broken
 * @param broken why it cannot run, with the line, or null
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Playbook(
        UUID id,
        String path,
        String name,
        String description,
        String hosts,
        List<String> tags,
        String service,
        String risk,
        String undo,
        boolean check,
        Integer estimatedSeconds,
        Resources resources,
        List<Variable> variables,
        List<String> examples,
        String contentSha256,
        String broken,
        Instant updatedAt) {

    public Playbook {
        tags = tags == null ? List.of() : List.copyOf(tags);
        variables = variables == null ? List.of() : List.copyOf(variables);
        examples = examples == null ? List.of() : List.copyOf(examples);
    }

    /** What it needs on a node while it runs; null members are unknown. */
    public record Resources(Double cpuCores, Long memoryBytes, Long vramBytes) {
        static final Resources UNKNOWN = new Resources(null, null, null);
    }

    /**
     * @param defaultValue JSON value from the playbook or a role's defaults; text with {@code {{ }}} is a template
     * @param required has no value of its own: the request or the inventory must give one
     * @param type string, number, boolean, list or object, after the default; string when there is none
     * @param secret its value must not leave the agent in any message
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Variable(
            String name,

            @com.fasterxml.jackson.annotation.JsonProperty("default")
            Object defaultValue,

            boolean required,
            String description,
            String type,
            boolean secret) {}

    @JsonIgnore
    public boolean isBroken() {
        return broken != null;
    }

    @JsonIgnore
    public Set<String> secretVariables() {
        return variables.stream().filter(Variable::secret).map(Variable::name).collect(Collectors.toUnmodifiableSet());
    }

    static Playbook broken(String path, String reason) {
        return new Playbook(
                null,
                path,
                path,
                null,
                null,
                null,
                null,
                "medium",
                null,
                false,
                null,
                Resources.UNKNOWN,
                null,
                null,
                null,
                reason,
                null);
    }

    Playbook identified(UUID newId, Instant at) {
        return new Playbook(
                newId,
                path,
                name,
                description,
                hosts,
                tags,
                service,
                risk,
                undo,
                check,
                estimatedSeconds,
                resources,
                variables,
                examples,
                contentSha256,
                broken,
                at);
    }
}
