package io.skein.audit.record;

import io.skein.audit.entry.EntryRepository;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** One line for people, trailers for programs ({@code git log --format='%(trailers)'}). */
final class CommitMessage {

    private CommitMessage() {}

    static String of(List<TaskRecord> records, EntryRepository.Head head) {
        StringBuilder message = new StringBuilder();
        if (records.size() == 1) {
            TaskRecord record = records.getFirst();
            message.append("Record ")
                    .append(record.kind().name().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(record.taskId())
                    .append(": ")
                    .append(record.status());
        } else {
            message.append("Record ").append(records.size()).append(" tasks");
        }
        message.append("\n\n");
        records.forEach(record -> trailer(message, "Task", record.taskId().toString()));
        records.stream()
                .map(TaskRecord::planId)
                .filter(Objects::nonNull)
                .distinct()
                .forEach(plan -> trailer(message, "Plan", plan.toString()));
        trailer(message, GitEvidence.CHAIN_HEAD, head.hash());
        trailer(message, GitEvidence.CHAIN_SEQ, Long.toString(head.seq()));
        return message.toString();
    }

    private static void trailer(StringBuilder message, String key, String value) {
        message.append(key).append(": ").append(value).append('\n');
    }
}
