package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.event.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * One version of a definition as it is kept.
 *
 * <pre>
 *  draft ──publish──► published ──deprecate──► deprecated
 *    │ change, delete
 * </pre>
 *
 * @param newest it is what {@code latest} means
 * @param document as it was sent; read with {@link DefinitionCheck} before it was kept
 */
record Definition(
        String team,
        String id,
        String version,
        Status status,
        UUID etag,
        boolean newest,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        Instant publishedAt,
        Instant deprecatedAt,
        JsonNode document) {

    /** Team of what ships with Skein: every team sees it, none owns it. */
    static final String EVERYBODY = "*";

    enum Status {
        DRAFT,
        PUBLISHED,
        DEPRECATED;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What wakes an agent; filters are values the event must have, by path. */
    record Trigger(String event, Priority priority, Map<String, String> filters) {}

    JsonNode metadata() {
        return document.path("metadata");
    }

    String name() {
        return metadata().path("name").asText();
    }

    /** Whether a published version wakes and works. */
    boolean isEnabled() {
        return document.path("config").path("enabled").asBoolean(true);
    }

    int maxParallelTasks() {
        return document.path("config").path("max_parallel_tasks").asInt(1);
    }

    List<Trigger> triggers() {
        List<Trigger> triggers = new ArrayList<>();
        for (JsonNode trigger : document.path("triggers")) {
            Map<String, String> filters = new LinkedHashMap<>();
            trigger.path("filters")
                    .properties()
                    .forEach(filter ->
                            filters.put(filter.getKey(), filter.getValue().asText()));
            triggers.add(new Trigger(
                    trigger.path("event").asText(),
                    Priority.valueOf(trigger.path("priority").asText("normal").toUpperCase(Locale.ROOT)),
                    filters));
        }
        return triggers;
    }
}
