package io.skein.audit.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.SkeinEvent;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which task an event says has ended. Only events that carry its record count. */
public record FinishedTask(UUID taskId, TaskRecord.Kind kind) {

    private static final Set<String> ENDS =
            Set.of("completed", "failed", "interrupted", "cancelled", "rejected", "skipped", "refused");

    /** Empty when the event ends no task, brings no record, or names the task by something that is no id. */
    public static Optional<FinishedTask> of(SkeinEvent event) {
        int dot = event.type().indexOf('.');
        if (dot < 0
                || !ENDS.contains(event.type().substring(dot + 1))
                || !event.data().path("record").isObject()) {
            return Optional.empty();
        }
        JsonNode data = event.data();
        String planId = event.planid() == null ? null : event.planid().toString();
        return switch (event.type().substring(0, dot)) {
            case "step" ->
                first(
                                text(data.at("/record/stepId")),
                                text(data.path("stepId")),
                                text(data.at("/record/id")),
                                event.subject())
                        .map(id -> new FinishedTask(id, TaskRecord.Kind.STEP));
            case "plan" ->
                first(planId, text(data.path("planId")), text(data.at("/record/id")), event.subject())
                        .map(id -> new FinishedTask(id, TaskRecord.Kind.PLAN));
            default -> Optional.empty();
        };
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }

    private static Optional<UUID> first(String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && candidate.length() == 36) {
                Optional<UUID> id = id(candidate);
                if (id.isPresent()) {
                    return id;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<UUID> id(String candidate) {
        try {
            return Optional.of(UUID.fromString(candidate));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
