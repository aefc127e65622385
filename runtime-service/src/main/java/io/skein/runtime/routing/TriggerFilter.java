package io.skein.runtime.routing;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.runtime.course.EventMatch;
import io.skein.runtime.log.LoggedEvent;
import java.util.Map;

/**
 * A trigger's filters held against an event: {@code subject}, {@code actor}, {@code source}, {@code priority}, {@code team},
 * or {@code data.} and a path into the payload; the value is text in which {@code *} stands for anything. All must hold, and a
 * path that does not exist does not.
 */
final class TriggerFilter {

    private TriggerFilter() {}

    static boolean accepts(Map<String, String> filters, LoggedEvent event) {
        return filters == null
                || filters.entrySet().stream()
                        .allMatch(filter -> EventMatch.matches(filter.getValue(), value(filter.getKey(), event)));
    }

    private static String value(String path, LoggedEvent event) {
        return switch (path) {
            case "subject" -> event.subject();
            case "actor" -> event.actor();
            case "source" -> event.source();
            case "priority" -> event.priority().wire();
            case "team" -> event.team();
            default -> path.startsWith("data.") ? inData(path.substring("data.".length()), event.data()) : null;
        };
    }

    private static String inData(String path, JsonNode data) {
        JsonNode node = data;
        for (String member : path.split("\\.")) {
            node = node.path(member);
        }
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }
}
