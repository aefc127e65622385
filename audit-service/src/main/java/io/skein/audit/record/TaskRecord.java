package io.skein.audit.record;

import java.time.Instant;
import java.util.UUID;

/**
 * The record of a finished step or plan on its way into git.
 *
 * <pre>
 *  pending ──► committed          (again pending when the same task ends once more, with the newer record)
 * </pre>
 *
 * <p>Pending is written in the transaction of the entry. The commit comes first, then the row becomes committed together with the
 * event {@code audit.task.committed}. Crash before the commit: still pending, nothing in git. Crash between the two: still pending,
 * but git has exactly this content at this path, so the row gets the commit that brought it there and nothing is committed twice.
 *
 * @param owner the person whose plan it is, null when it is the team's
 * @param content deterministic JSON, as the file in git
 * @param commit id of the commit, null while pending
 * @param chainHead head of the chain the commit carries
 */
public record TaskRecord(
        UUID taskId,
        UUID planId,
        Kind kind,
        String status,
        String team,
        String owner,
        String traceId,
        long entrySeq,
        String content,
        String commit,
        String chainHead,
        Instant committedAt) {

    /** What the task is. */
    public enum Kind {
        STEP,
        PLAN
    }

    /** Made of the id alone, which is a UUID and nothing else: no way out of the folder. */
    public static String path(UUID taskId) {
        return ".audit/tasks/" + taskId + ".json";
    }

    public String path() {
        return path(taskId);
    }
}
