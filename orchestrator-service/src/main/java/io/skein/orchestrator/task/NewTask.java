package io.skein.orchestrator.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/**
 * A task to be, as it comes.
 *
 * @param priority low, medium (the default), high or urgent
 * @param sessionId a session of one's own it belongs to
 */
public record NewTask(
        String title, String description, String priority, String agent, JsonNode metadata, String sessionId) {

    NewTask checked() {
        return new NewTask(
                TaskInput.text("title", title, TaskInput.MAX_TITLE).replaceAll("\\s+", " "),
                TaskInput.optionalText("description", description, TaskInput.MAX_DESCRIPTION),
                (priority == null ? TaskPriority.MEDIUM : TaskInput.priority(priority)).wire(),
                TaskInput.agent(agent),
                TaskInput.metadata(metadata),
                sessionId);
    }

    UUID session() {
        return TaskInput.id("sessionId", sessionId);
    }
}
