package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.NodePath;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The published JSON Schema, and what it has against a document, in words for whoever wrote that. */
@ApplicationScoped
class DefinitionSchema {

    private static final String FILE = "schema/agent-definition-1.json";
    private static final int MAX_VERSION = 128;

    private final String text;
    private final Schema schema;
    private final String skills;

    DefinitionSchema() {
        text = read();
        JsonNode document = DefinitionReader.stored(text);
        schema = SchemaRegistry.withDialect(
                        Dialects.getDraft202012(),
                        registry -> registry.schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .locale(Locale.ROOT)
                                .build()))
                .getSchema(document);
        schema.initializeValidators();
        List<String> names = new ArrayList<>();
        document.at("/$defs/skillName/anyOf/0/enum").forEach(name -> names.add(name.asText()));
        skills = String.join(", ", names);
    }

    /** As it is published. */
    String text() {
        return text;
    }

    Set<Violation> violations(JsonNode document) {
        Set<Violation> violations = new LinkedHashSet<>();
        for (Error error : schema.validate(matchable(document))) {
            violations.add(violation(error));
        }
        return violations;
    }

    /** The version's pattern takes stack for each of its characters, so of one that is too long it sees just enough to say so. */
    private static JsonNode matchable(JsonNode document) {
        String version = document.at("/metadata/version").asText();
        if (version.length() <= MAX_VERSION) {
            return document;
        }
        ObjectNode copy = document.deepCopy();
        ((ObjectNode) copy.get("metadata")).put("version", version.substring(0, MAX_VERSION + 1));
        return copy;
    }

    private Violation violation(Error error) {
        List<Object> at = new ArrayList<>();
        NodePath path = error.getInstanceLocation();
        for (int index = 0; index < path.getNameCount(); index++) {
            at.add(path.getElement(index));
        }
        if (error.getProperty() != null) {
            at.add(error.getProperty());
        }
        String rule = String.valueOf(error.getSchemaLocation());
        String message =
                switch (String.valueOf(error.getKeyword())) {
                    case "additionalProperties" -> "is not a member here";
                    case "required" -> "is missing";
                    case "propertyNames" ->
                        "is not something to filter by: subject, actor, source, priority, team or data.<member>";
                    case "enum", "pattern" -> unlike(rule, error);
                    default -> error.getMessage();
                };
        return new Violation(at, message);
    }

    private String unlike(String rule, Error error) {
        if (rule.contains("/skillName/")) {
            return "is not a skill: " + skills + ", or mcp.<server>.<tool>";
        }
        if (rule.contains("/$defs/id/")) {
            return "must be lower-case letters, digits and dashes, at most 64";
        }
        if (rule.contains("/version/")) {
            return "must be a semantic version like 1.0.0";
        }
        if (rule.contains("/eventPattern/")) {
            return "must be words joined by dots, like step.failed; * is any one word, # any number of words";
        }
        if (rule.contains("/$defs/word/")) {
            return "must be lower-case letters, digits, dots, dashes and underscores, at most 64";
        }
        return error.getMessage();
    }

    private static String read() {
        try (InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(FILE, e);
        }
    }
}
