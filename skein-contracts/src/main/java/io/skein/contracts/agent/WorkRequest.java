package io.skein.contracts.agent;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An order to run one step. Routing key {@code request.<agentType>} for whoever is free, {@code request.<agentType>.<agentId>}
 * for one agent.
 *
 * @param workType {@code ansible.playbook} runs it, {@code ansible.preview} says what a run would change; others answer error 5006
 * @param playbook path of the playbook inside the repository
 * @param contentSha256 digest of the playbook with everything it pulls in, as approved; a mismatch refuses the work
 * @param inventory path of the inventory inside the repository
 * @param hosts host names the step was approved for; the run is limited to them
 * @param variables extra variables by name; passed by file, never through a shell
 * @param checkMode true: change nothing, report what would change
 * @param fencingTokens newest lock token per locked resource ({@code host:<name>}); an older one than seen refuses the work
 * @param timeoutSeconds the run is stopped after this; 1..86400
 * @param inventorySha256 digest of the inventory with its variable files, as approved; null from a sender that binds none
 * @param approvedSha256 {@link StepDigest} of what was approved; null from a sender that binds none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkRequest(
        @JsonProperty("work_type") String workType,
        @JsonProperty("plan_id") UUID planId,
        @JsonProperty("step_id") UUID stepId,
        @JsonProperty("step_number") int stepNumber,
        @JsonProperty("playbook") String playbook,
        @JsonProperty("content_sha256") String contentSha256,
        @JsonProperty("inventory") String inventory,
        @JsonProperty("hosts") List<String> hosts,
        @JsonProperty("variables") Map<String, JsonNode> variables,
        @JsonProperty("check_mode") boolean checkMode,
        @JsonProperty("fencing_tokens") Map<String, Long> fencingTokens,
        @JsonProperty("timeout_seconds") long timeoutSeconds,
        @JsonProperty("team") String team,
        @JsonProperty("requested_by") String requestedBy,
        @JsonProperty("inventory_sha256") String inventorySha256,
        @JsonProperty("approved_sha256") String approvedSha256)
        implements AgentPayload {

    /** Run an Ansible playbook. */
    public static final String ANSIBLE_PLAYBOOK = "ansible.playbook";

    /** Say what a playbook would change, in check mode; the answer is a {@link WorkResult} with a {@link WorkPreview}. */
    public static final String ANSIBLE_PREVIEW = "ansible.preview";

    /** One that binds nothing but the playbook, as senders did before. */
    public WorkRequest(
            String workType,
            UUID planId,
            UUID stepId,
            int stepNumber,
            String playbook,
            String contentSha256,
            String inventory,
            List<String> hosts,
            Map<String, JsonNode> variables,
            boolean checkMode,
            Map<String, Long> fencingTokens,
            long timeoutSeconds,
            String team,
            String requestedBy) {
        this(
                workType,
                planId,
                stepId,
                stepNumber,
                playbook,
                contentSha256,
                inventory,
                hosts,
                variables,
                checkMode,
                fencingTokens,
                timeoutSeconds,
                team,
                requestedBy,
                null,
                null);
    }

    @JsonIgnore
    public boolean isPreview() {
        return ANSIBLE_PREVIEW.equals(workType);
    }

    public WorkRequest {
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        variables = variables == null ? Map.of() : Map.copyOf(variables);
        fencingTokens = fencingTokens == null ? Map.of() : Map.copyOf(fencingTokens);
    }
}
