package io.skein.contracts.agent;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a run would change, as check mode tells. Ansible skips in check mode what it cannot foretell: that a task is not among these
 * does not promise that it changes nothing.
 *
 * @param tasks those that would change something, failed or could not be foretold, with their diff
 * @param total how many tasks ended on all hosts together
 * @param truncated there was more than fits; what is here is the beginning
 */
public record WorkPreview(
        @JsonProperty("tasks") List<WorkStatus.TaskResult> tasks,
        @JsonProperty("total") int total,
        @JsonProperty("truncated") boolean truncated) {

    public WorkPreview {
        tasks = tasks == null ? List.of() : List.copyOf(tasks);
    }
}
