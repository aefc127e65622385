package io.skein.orchestrator.task;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * What is to be different about a task: a JSON merge patch. A member that is not there leaves things as they are, null clears a
 * description, an agent or metadata.
 */
final class TaskChange {

    private static final Set<String> MEMBERS =
            Set.of("title", "description", "status", "statusReason", "priority", "agent", "metadata");
    private static final Set<String> OF_PLANS = Set.of("description", "metadata");

    private final JsonNode patch;

    private TaskChange(JsonNode patch) {
        this.patch = patch;
    }

    /** @throws ProblemException when it is no change of a task, whatever the task */
    static TaskChange of(JsonNode patch) {
        if (patch == null || !patch.isObject()) {
            throw new ProblemException(ErrorCode.MALFORMED_BODY, "Send a JSON object with what is to be different.");
        }
        for (Iterator<String> names = patch.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!MEMBERS.contains(name)) {
                throw ProblemException.invalid(
                        name,
                        "cannot be changed; a change has "
                                + String.join(", ", MEMBERS.stream().sorted().toList()));
            }
        }
        if (patch.isEmpty()) {
            throw ProblemException.invalid("title", "nothing is to be different");
        }
        for (String name : List.of("title", "description", "status", "statusReason", "priority", "agent")) {
            JsonNode value = patch.path(name);
            if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
                throw ProblemException.invalid(name, "must be a string");
            }
        }
        if (patch.has("statusReason") && !patch.has("status")) {
            throw ProblemException.invalid("statusReason", "is said together with a status");
        }
        return new TaskChange(patch);
    }

    /** What a plan's task has besides what the plan says. */
    void requireForPlan(Task task) {
        for (Iterator<String> names = patch.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (task.kind() == Task.Kind.STEP || !OF_PLANS.contains(name)) {
                throw task.illegal("This task is " + (task.kind() == Task.Kind.STEP ? "a step of a plan" : "a plan's")
                        + ": its " + name + " follows the plan. Approve, reject, modify, pause or cancel plan "
                        + task.planId() + " instead.");
            }
        }
    }

    /** The task as it would be; its state is another matter. */
    Task of(Task task) {
        return new Task(
                task.id(),
                task.kind(),
                task.team(),
                task.owner(),
                task.parentId(),
                task.sessionId(),
                task.planId(),
                task.number(),
                patch.has("title")
                        ? TaskInput.text("title", text("title"), TaskInput.MAX_TITLE)
                                .replaceAll("\\s+", " ")
                        : task.title(),
                patch.has("description")
                        ? TaskInput.optionalText("description", text("description"), TaskInput.MAX_DESCRIPTION)
                        : task.description(),
                task.status(),
                task.statusReason(),
                patch.has("priority") ? TaskInput.priority(text("priority")) : task.priority(),
                patch.has("agent") ? TaskInput.agent(text("agent")) : task.agent(),
                patch.has("metadata") ? TaskInput.metadata(patch.get("metadata")) : task.metadata(),
                task.createdBy(),
                task.createdAt(),
                task.updatedAt(),
                task.startedAt(),
                task.finishedAt(),
                task.revision(),
                task.subtasks(),
                task.subtasksCompleted(),
                task.checkpointId());
    }

    /** The state wanted, or null. */
    TaskStatus status() {
        return patch.has("status") ? TaskInput.status(text("status")) : null;
    }

    String reason() {
        return TaskInput.optionalText("statusReason", text("statusReason"), 1000);
    }

    /** Names of what is changed besides the state. */
    List<String> members() {
        List<String> names = new ArrayList<>();
        patch.fieldNames().forEachRemaining(name -> {
            if (!name.startsWith("status")) {
                names.add(name);
            }
        });
        return names;
    }

    private String text(String name) {
        JsonNode value = patch.path(name);
        return value.isTextual() ? value.asText() : null;
    }
}
