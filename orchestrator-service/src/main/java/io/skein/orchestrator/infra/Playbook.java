package io.skein.orchestrator.infra;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A playbook of the repository, as far as planning needs it.
 *
 * @param path inside the repository; how people name it
 * @param hosts Ansible host pattern
 * @param service what it is about; playbooks of one service are run one after the other
 * @param risk low, medium or high
 * @param estimatedSeconds the author's estimate, or null
 * @param contentSha256 digest over the playbook and everything it pulls in
 * @param broken why it cannot be run, or null
 * @param undo path of its counterpart, or null
 */
public record Playbook(
        String id,
        String path,
        String name,
        String description,
        String hosts,
        List<String> tags,
        String service,
        String risk,
        Long estimatedSeconds,
        Needs resources,
        List<Variable> variables,
        String contentSha256,
        String broken,
        String undo) {

    public Playbook {
        tags = tags == null ? List.of() : List.copyOf(tags);
        variables = variables == null ? List.of() : List.copyOf(variables);
    }

    /**
     * A variable the playbook takes.
     *
     * @param defaultValue null or JSON null when it has none
     */
    public record Variable(
            String name,
            @JsonProperty("default") JsonNode defaultValue,
            boolean required,
            String description,
            String type,
            boolean secret) {}

    /** What a run needs free on its node; null members mean nothing particular. */
    public record Needs(Double cpuCores, Long memoryBytes, Long vramBytes) {}

    public String title() {
        return name == null || name.isBlank() ? path : name;
    }
}
