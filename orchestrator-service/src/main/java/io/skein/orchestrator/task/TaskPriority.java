package io.skein.orchestrator.task;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/** How urgent a task is, least first. */
public enum TaskPriority {
    LOW,
    MEDIUM,
    HIGH,
    URGENT;

    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<TaskPriority> fromWire(String wire) {
        for (TaskPriority priority : values()) {
            if (priority.wire().equals(wire)) {
                return Optional.of(priority);
            }
        }
        return Optional.empty();
    }
}
