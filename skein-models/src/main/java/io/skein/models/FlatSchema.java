package io.skein.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A schema without {@code $defs}: what a reference names stands in its place. Providers take the properties of a tool and drop the
 * rest, and then refuse the references. What refers to itself, or grows too large, becomes anything.
 */
final class FlatSchema {

    private static final int MAX_DEPTH = 20;
    private static final int MAX_NODES = 5000;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private FlatSchema() {}

    static ObjectNode of(ObjectNode schema) {
        return schema.toString().contains("\"$ref\"")
                ? (ObjectNode) flat(schema, schema, 0, new AtomicInteger(MAX_NODES))
                : schema;
    }

    private static JsonNode flat(JsonNode node, ObjectNode root, int depth, AtomicInteger left) {
        if (depth > MAX_DEPTH || left.decrementAndGet() < 0) {
            return JSON.objectNode();
        }
        if (node instanceof ArrayNode array) {
            ArrayNode items = JSON.arrayNode();
            array.forEach(item -> items.add(flat(item, root, depth + 1, left)));
            return items;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        if (object.path("$ref").isTextual()) {
            String reference = object.get("$ref").asText();
            JsonNode named = reference.startsWith("#/") ? root.at(reference.substring(1)) : JSON.missingNode();
            return named.isObject() ? flat(named, root, depth + 1, left) : JSON.objectNode();
        }
        ObjectNode made = JSON.objectNode();
        object.properties().forEach(member -> {
            if (!member.getKey().equals("$defs") && !member.getKey().equals("definitions")) {
                made.set(member.getKey(), flat(member.getValue(), root, depth + 1, left));
            }
        });
        return made;
    }
}
