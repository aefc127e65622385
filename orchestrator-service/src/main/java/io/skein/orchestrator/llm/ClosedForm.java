package io.skein.orchestrator.llm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.skein.models.LanguageModel;
import io.skein.models.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The one form an answer may have ({@code prompts/<prompt>.schema.json}): told to the model as its only tool, and held against what it
 * says.
 */
public final class ClosedForm {

    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_DEPTH = 10;

    /** A member twice, or more after the end, is read differently by different readers: neither is read here. */
    private static final ObjectMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final LanguageModel.Tool tool;
    private final Schema schema;

    private ClosedForm(LanguageModel.Tool tool, Schema schema) {
        this.tool = tool;
        this.schema = schema;
    }

    /**
     * @param prompt whose answers have it
     * @param tool what the model calls it by
     * @throws IllegalArgumentException when there is no such file
     */
    public static ClosedForm of(Prompt prompt, String tool, String description) {
        ObjectNode form = form(prompt.name());
        Schema schema = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaCacheEnabled(false)
                                .schemaLoader(loader -> loader.fetchRemoteResources(false)))
                .getSchema(form);
        return new ClosedForm(new LanguageModel.Tool(tool, description, form), schema);
    }

    private static ObjectNode form(String prompt) {
        try (InputStream file = ClosedForm.class.getResourceAsStream("/prompts/" + prompt + ".schema.json")) {
            if (file == null) {
                throw new IllegalArgumentException("there is no schema of " + prompt);
            }
            return (ObjectNode) STRICT.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public LanguageModel.Tool tool() {
        return tool;
    }

    /** From the tool it was given, or else from its words, when they are the same JSON and nothing else. */
    public JsonNode read(LanguageModel.Reply reply) throws UnusableAnswerException {
        JsonNode json = parsed(body(reply));
        if (!schema.validate(json).isEmpty()) {
            throw new UnusableAnswerException("it does not have the form asked for");
        }
        return json;
    }

    private String body(LanguageModel.Reply reply) throws UnusableAnswerException {
        if (reply.uses().isEmpty()) {
            return reply.text().strip().replaceFirst("^```(?:json)?\\s*", "").replaceFirst("\\s*```$", "");
        }
        Message.ToolUse use = reply.uses().getFirst();
        if (reply.uses().size() > 1 || !use.tool().equals(tool.name())) {
            throw new UnusableAnswerException("it wanted to use something it was not given");
        }
        return use.arguments();
    }

    private static JsonNode parsed(String body) throws UnusableAnswerException {
        if (body.length() > MAX_LENGTH) {
            throw new UnusableAnswerException("it is too long");
        }
        try {
            JsonNode json = STRICT.readTree(body);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw new UnusableAnswerException("it is not JSON");
        }
        throw new UnusableAnswerException("it does not have the form asked for");
    }
}
