package io.skein.runtime.skill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** JSON Schemas of inputs: written beside the skills, or told by an MCP server, and then not to be trusted either. */
public final class SkillSchema {

    private static final int MAX_VIOLATIONS = 10;
    private static final int MAX_DEPTH = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Loaded by the first input that is checked. Fetches nothing: a {@code $ref} to somewhere else does not resolve. */
    private static final class Checked {
        static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaCacheEnabled(false)
                        .schemaLoader(loader -> loader.fetchRemoteResources(false)));
    }

    private SkillSchema() {}

    /** A schema as a text block. */
    public static ObjectNode of(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** What is wrong with the input, for whoever wrote it; empty when nothing is. */
    public static List<String> violations(ObjectNode schema, JsonNode input) {
        try {
            return Checked.REGISTRY.getSchema(schema).validate(input).stream()
                    .limit(MAX_VIOLATIONS)
                    .map(error -> (error.getInstanceLocation() + " " + error.getMessage()).strip())
                    .toList();
        } catch (RuntimeException | StackOverflowError e) {
            // A schema that refers to itself, say.
            return List.of("the skill's own schema cannot be used");
        }
    }

    /**
     * A stranger's schema without what could be used against us: references to elsewhere, regular expressions (some take for ever), and
     * nesting without end. It then accepts more than it did; the stranger checks again anyway.
     */
    public static ObjectNode tamed(ObjectNode foreign) {
        ObjectNode schema = foreign.deepCopy();
        schema.remove(List.of("$schema", "$id"));
        tame(schema, 0);
        schema.put("type", "object");
        return schema;
    }

    private static void tame(JsonNode node, int depth) {
        if (node instanceof ObjectNode object) {
            JsonNode reference = object.get("$ref");
            if (reference != null
                    && reference.isTextual()
                    && !reference.asText().startsWith("#")) {
                object.remove("$ref");
            }
            if (object.path("pattern").isTextual()) {
                object.remove("pattern");
            }
            if (object.path("format").isTextual()) {
                object.remove("format");
            }
            object.remove(List.of("patternProperties", "$dynamicRef", "$recursiveRef", "$vocabulary"));
            if (object.path("$id").isTextual()) {
                object.remove("$id");
            }
            if (depth > MAX_DEPTH) {
                object.removeAll();
            }
        }
        node.forEach(child -> tame(child, depth + 1));
    }
}
