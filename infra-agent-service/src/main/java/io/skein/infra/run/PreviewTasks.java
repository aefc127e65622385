package io.skein.infra.run;

import io.skein.contracts.agent.WorkPreview;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.agent.WorkStatus.TaskOutcome;
import io.skein.contracts.wire.WireFormat;
import java.util.ArrayList;
import java.util.List;

/** Collects what a preview is about, up to a size; a thread of its own feeds it. */
final class PreviewTasks {

    /** Ansible's words for a task its condition left out: it would be left out in earnest, too. */
    private static final String LEFT_OUT = "Conditional result was False";

    private final long maxBytes;
    private final List<WorkStatus.TaskResult> kept = new ArrayList<>();
    private long bytes;
    private int total;
    private boolean truncated;

    PreviewTasks(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(WorkStatus.TaskResult task) {
        total++;
        boolean dull = task.outcome() == TaskOutcome.OK
                || task.outcome() == TaskOutcome.SKIPPED
                        && (task.message().isBlank() || task.message().contains(LEFT_OUT));
        if (dull || truncated) {
            return;
        }
        int size = WireFormat.write(task).length;
        if (bytes + size > maxBytes) {
            truncated = true;
            return;
        }
        bytes += size;
        kept.add(task);
    }

    WorkPreview result() {
        return new WorkPreview(kept, total, truncated);
    }
}
