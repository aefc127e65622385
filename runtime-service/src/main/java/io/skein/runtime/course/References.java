package io.skein.runtime.course;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values into a step's input: <code>${event.subject}</code>, <code>${event.data.node}</code>, <code>${task.id}</code>,
 * <code>${steps.lock.lockId}</code>. Values are text and stay text: nothing in them is looked at again, whatever it looks like.
 */
final class References {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^{}]{1,400})}");
    private static final Pattern PATH = Pattern.compile("(event|task|steps)(\\.[A-Za-z0-9_-]{1,64}){1,10}");

    /** A reference to something that is not there. */
    static final class MissingException extends Exception {

        private static final long serialVersionUID = 1L;

        MissingException(String reference) {
            super("${" + reference + "} is not there");
        }

        MissingException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Characters put into one step: a large output that is named a thousand times must not fill the memory. */
    private static final int MOST = 512 * 1024;

    private int room = MOST;

    private final ObjectNode values = JsonNodeFactory.instance.objectNode();

    References(TaskSoFar task) {
        values.set("event", task.event());
        values.putObject("task")
                .put("id", task.id().toString())
                .put("name", task.name())
                .put("team", task.team());
        ObjectNode steps = values.putObject("steps");
        task.steps().stream()
                .filter(step -> step.as() != null && step.output() != null)
                .forEach(step -> steps.set(step.as(), step.output()));
    }

    /**
     * A copy with every reference in a text replaced.
     *
     * @throws MissingException naming the first that is not there
     */
    ObjectNode fill(JsonNode input) throws MissingException {
        ObjectNode filled = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : input.properties()) {
            filled.set(member.getKey(), value(member.getValue()));
        }
        return filled;
    }

    private JsonNode value(JsonNode node) throws MissingException {
        if (node.isTextual()) {
            return TextNode.valueOf(text(node.textValue()));
        }
        if (node.isObject()) {
            return fill(node);
        }
        if (node.isArray()) {
            ArrayNode filled = JsonNodeFactory.instance.arrayNode();
            for (JsonNode item : node) {
                filled.add(value(item));
            }
            return filled;
        }
        return node;
    }

    private String text(String template) throws MissingException {
        Matcher matcher = REFERENCE.matcher(template);
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(text, Matcher.quoteReplacement(named(matcher.group(1))));
        }
        return matcher.appendTail(text).toString();
    }

    private String named(String reference) throws MissingException {
        if (!PATH.matcher(reference).matches()) {
            throw new MissingException(reference);
        }
        JsonNode node = values;
        for (String member : reference.split("\\.")) {
            node = node.isArray() && member.chars().allMatch(Character::isDigit) && member.length() < 6
                    ? node.path(Integer.parseInt(member))
                    : node.path(member);
        }
        if (node.isMissingNode() || node.isNull()) {
            throw new MissingException(reference);
        }
        String text = node.isValueNode() ? node.asText() : node.toString();
        room -= text.length();
        if (room < 0) {
            throw new MissingException("What the references stand for is longer than " + MOST + " characters", null);
        }
        return text;
    }
}
