package io.skein.registry.definition;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import io.skein.platform.yaml.BoundedYaml;
import io.skein.platform.yaml.UnreadableYamlException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Documents as people send them, YAML or JSON, to JSON that says exactly the same: numbers keep their digits, keys are text
 * ({@code on:} is not {@code true:}), nothing is constructed from tags. What another reader could understand otherwise (duplicate
 * keys, merge keys, tags) is refused.
 */
final class DefinitionReader {

    static final int MAX_DOCUMENTS = 100;

    /** Numbers as they are written. */
    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(BoundedYaml.MAX_DEPTH)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private static final Set<Tag> SCALARS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP);
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9]*)\\.[0-9]+([eE][-+]?[0-9]{1,3})?");

    private DefinitionReader() {}

    /** @throws ProblemException malformed_body when there is not exactly one document */
    static JsonNode one(byte[] body, String contentType) {
        List<JsonNode> documents = read(body, contentType);
        if (documents.size() > 1) {
            throw malformed("There are " + documents.size() + " documents; /api/v1/agents/import takes several.");
        }
        return documents.getFirst();
    }

    /** Several: the documents of a YAML stream, or the items of a JSON list. */
    static List<JsonNode> several(byte[] body, String contentType) {
        List<JsonNode> documents = read(body, contentType);
        if (documents.size() == 1 && documents.getFirst() instanceof ArrayNode list && !list.isEmpty()) {
            documents = new ArrayList<>();
            list.forEach(documents::add);
        }
        if (documents.size() > MAX_DOCUMENTS) {
            throw malformed("At most " + MAX_DOCUMENTS + " documents are read at once.");
        }
        return documents;
    }

    /** A document of ours. */
    static JsonNode stored(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document is not JSON", e);
        }
    }

    private static List<JsonNode> read(byte[] body, String contentType) {
        String text = text(body);
        String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
        List<JsonNode> documents = type.contains("yaml") ? yaml(text) : json(text);
        if (documents.isEmpty()) {
            throw malformed("There is no document in the body.");
        }
        return documents;
    }

    private static List<JsonNode> json(String text) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonNode value = MAPPER.readTree(parser);
            if (value == null) {
                return List.of();
            }
            if (parser.nextToken() != null) {
                throw malformed("Something follows the JSON document.");
            }
            return List.of(value);
        } catch (StreamConstraintsException e) {
            // Its own message names settings of the parser.
            throw malformed("The JSON is nested too deeply, or a text or a number in it is too long.");
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw malformed("Not readable as JSON: " + firstLine(e.getOriginalMessage()) + where);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<JsonNode> yaml(String text) {
        try {
            List<JsonNode> documents = new ArrayList<>();
            for (Node root : BoundedYaml.all(text, MAX_DOCUMENTS)) {
                BoundedYaml.measure(root);
                JsonNode document = convert(root);
                if (!document.isNull()) {
                    documents.add(document);
                }
            }
            return documents;
        } catch (UnreadableYamlException e) {
            String message = e.getMessage();
            throw malformed(Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".");
        }
    }

    private static JsonNode convert(Node node) {
        return switch (node) {
            case SequenceNode sequence -> {
                requireTag(node, Set.of(Tag.SEQ));
                ArrayNode list = MAPPER.createArrayNode();
                sequence.getValue().forEach(item -> list.add(convert(item)));
                yield list;
            }
            case MappingNode mapping -> {
                requireTag(node, Set.of(Tag.MAP));
                ObjectNode object = MAPPER.createObjectNode();
                for (NodeTuple tuple : mapping.getValue()) {
                    String key = key(tuple.getKeyNode());
                    if (object.has(key)) {
                        throw malformed("The key \"" + key + "\" is given twice" + line(tuple.getKeyNode()));
                    }
                    object.set(key, convert(tuple.getValueNode()));
                }
                yield object;
            }
            case ScalarNode scalar -> {
                requireTag(node, SCALARS);
                yield scalar(scalar);
            }
            default -> throw malformed("This cannot be read" + line(node));
        };
    }

    private static String key(Node node) {
        if (!(node instanceof ScalarNode key)) {
            throw malformed("A key is not a plain word" + line(node));
        }
        if (key.getTag().equals(Tag.MERGE)) {
            throw malformed("Merge keys (<<) are not read; write the members out" + line(node));
        }
        requireTag(node, SCALARS);
        return key.getValue();
    }

    private static JsonNode scalar(ScalarNode node) {
        String value = node.getValue();
        if (node.getTag().equals(Tag.NULL)) {
            return MAPPER.nullNode();
        }
        if (node.getTag().equals(Tag.BOOL)) {
            String word = value.toLowerCase(Locale.ROOT);
            return MAPPER.getNodeFactory().booleanNode(word.equals("true") || word.equals("yes") || word.equals("on"));
        }
        // Octal, hexadecimal, sexagesimal and infinite numbers stay text: readers do not agree on them.
        if (node.getTag().equals(Tag.INT) && INTEGER.matcher(value).matches() && value.length() <= 100) {
            return json(new BigInteger(value).toString()).getFirst();
        }
        if (node.getTag().equals(Tag.FLOAT) && DECIMAL.matcher(value).matches() && value.length() <= 100) {
            return MAPPER.getNodeFactory().numberNode(new BigDecimal(value));
        }
        return MAPPER.getNodeFactory().textNode(value);
    }

    private static void requireTag(Node node, Set<Tag> known) {
        if (!known.contains(node.getTag())) {
            throw malformed("The tag " + node.getTag().getValue() + " is not read" + line(node));
        }
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body == null ? new byte[0] : body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("The body is not UTF-8.");
        }
    }

    private static String line(Node node) {
        return " (line " + BoundedYaml.line(node) + ").";
    }

    private static String firstLine(String message) {
        String text = String.valueOf(message);
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(ErrorCode.MALFORMED_BODY, detail);
    }
}
