package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Random agent definitions, walked out of the published schema: every keyword it uses is understood or the sampler fails, so a member
 * that is added there is in the samples at once. Texts are picked to hurt whoever writes or reads YAML.
 */
final class SchemaSampler {

    private static final List<String> NASTY = List.of(
            "yes",
            "no",
            "on",
            "off",
            "null",
            "~",
            "true",
            "False",
            "1.0",
            "1e3",
            "0x1F",
            "010",
            "1:30",
            "1_000",
            ".inf",
            ".NaN",
            "=",
            "<<",
            "2026-01-01",
            "2026-01-01T10:00:00Z",
            "- a",
            "? b",
            ": c",
            "# d",
            "& e",
            "* f",
            "! g",
            "| h",
            "> i",
            "% j",
            "@ k",
            "` l",
            "{ m }",
            "[ n ]",
            "a: b",
            "a #b",
            "'",
            "\"",
            "\\",
            "\\n",
            " lead",
            "trail ",
            "  ",
            "",
            "\n",
            "a\n",
            "a\nb",
            "a\n\nb",
            "\na",
            " a\n  b\n c",
            "a \nb",
            "a\tb",
            "\t",
            "a\n\tb",
            "tab\t\n",
            "...",
            "---",
            "--- a",
            "a\n---\nb",
            "a\n...\nb",
            "ünï",
            "日本語",
            "😀",
            "a\u0085b",
            "a\u2028b",
            "\ufeffbom",
            "\u0001",
            "\u007f",
            "\u00a0",
            "é\nè",
            "x".repeat(300),
            "w ".repeat(150),
            "key: |\n  text",
            "- - -",
            "{\"json\": [1, 2]}",
            "$notaref",
            "a\r\nb",
            "\r",
            "+1",
            "-0",
            "1.",
            ".5",
            "0b1",
            "0o7");

    private final Random random;
    private final JsonNode schema;

    SchemaSampler(long seed, JsonNode schema) {
        this.random = new Random(seed);
        this.schema = schema;
    }

    /** A definition without any violation. */
    JsonNode next() {
        ObjectNode definition = (ObjectNode) sample(schema, 0);
        fit(definition);
        return definition;
    }

    private JsonNode sample(JsonNode at, int depth) {
        JsonNode rule = at;
        if (at.has("$ref")) {
            rule = schema.at(at.get("$ref").asText().substring(1));
        }
        if (rule.has("enum")) {
            return rule.get("enum").get(random.nextInt(rule.get("enum").size())).deepCopy();
        }
        if (rule.has("anyOf")) {
            JsonNode option =
                    rule.get("anyOf").get(random.nextInt(rule.get("anyOf").size()));
            return option.has("pattern")
                    ? text(((ObjectNode) option.deepCopy()).put("type", "string"))
                    : sample(option, depth);
        }
        return switch (rule.path("type").asText()) {
            case "object" -> object(rule, depth);
            case "array" -> array(rule, depth);
            case "string" -> text(rule);
            case "boolean" -> DefinitionReader.MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
            case "integer" ->
                DefinitionReader.MAPPER
                        .getNodeFactory()
                        .numberNode(random.nextInt(
                                rule.get("minimum").asInt(), rule.get("maximum").asInt() + 1));
            case "number" ->
                DefinitionReader.MAPPER
                        .getNodeFactory()
                        .numberNode(BigDecimal.valueOf(random.nextInt(100_000), 1 + random.nextInt(4)));
            default -> throw new IllegalStateException("no idea what fits " + rule);
        };
    }

    private JsonNode object(JsonNode rule, int depth) {
        ObjectNode object = DefinitionReader.MAPPER.createObjectNode();
        if (!rule.has("properties")) {
            if (rule.has("propertyNames")) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(
                            pick(List.of("subject", "team", "data.node", "data.a-b.c_D.9", "priority")),
                            sample(rule.get("additionalProperties"), depth + 1));
                }
                return object;
            }
            return anything(object, 3);
        }
        Set<String> required = new TreeSet<>();
        rule.path("required").forEach(name -> required.add(name.asText()));
        List<String> names = new ArrayList<>();
        rule.get("properties").fieldNames().forEachRemaining(names::add);
        java.util.Collections.shuffle(names, random);
        for (String name : names) {
            if (required.contains(name) || random.nextInt(10) < 6) {
                object.set(name, sample(rule.get("properties").get(name), depth + 1));
            }
        }
        return object;
    }

    private JsonNode array(JsonNode rule, int depth) {
        int least = rule.path("minItems").asInt(0);
        int most = Math.min(rule.path("maxItems").asInt(4), 4);
        Set<JsonNode> items = new LinkedHashSet<>();
        for (int i = least + random.nextInt(most - least + 1); i > 0 || items.size() < least; i--) {
            items.add(sample(rule.get("items"), depth + 1));
        }
        ArrayNode array = DefinitionReader.MAPPER.createArrayNode();
        items.forEach(array::add);
        return array;
    }

    private JsonNode text(JsonNode rule) {
        String pattern = rule.path("pattern").asText();
        int most = rule.path("maxLength").asInt(4000);
        String text;
        if (pattern.isEmpty()) {
            text = cut(nasty(), most, rule.path("minLength").asInt(0));
        } else if (pattern.contains("u0000")) {
            text = cut(nasty().replaceAll("[\\x00-\\x1f]", "."), most, 1);
        } else if (pattern.startsWith("^https?")) {
            text = pick(List.of("https://example.org/", "http://10.0.0.1:8080/a/b", "https://[2001:db8::1]/x"));
        } else {
            text = pick(List.of(
                    "a",
                    "on",
                    "yes",
                    "null",
                    "1.0.0",
                    "9.1.0-rc.1+b7",
                    "0.0.1",
                    "step.failed",
                    "#",
                    "*",
                    "*.failed",
                    "a.#.z",
                    "123",
                    "1.5",
                    "mcp.home.Tool_1",
                    "mcp.x.read-file",
                    "no",
                    "true",
                    "a1",
                    "lock_2",
                    "c3",
                    "d4",
                    "e5",
                    "f6"));
            for (int tries = 0; !text.matches(pattern.substring(1, pattern.length() - 1)) && tries < 1000; tries++) {
                text = pick(List.of(
                        "a",
                        "on",
                        "yes",
                        "no",
                        "null",
                        "1.0.0",
                        "9.1.0-rc.1+b7",
                        "step.failed",
                        "#",
                        "*.failed",
                        "mcp.home.Tool_1",
                        "true"));
            }
        }
        return DefinitionReader.MAPPER.getNodeFactory().textNode(text);
    }

    private JsonNode anything(ObjectNode into, int depth) {
        for (int i = random.nextInt(5); i > 0; i--) {
            into.set(nasty(), value(depth));
        }
        return into;
    }

    private JsonNode value(int depth) {
        var nodes = DefinitionReader.MAPPER.getNodeFactory();
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> nodes.booleanNode(random.nextBoolean());
            case 1 -> nodes.nullNode();
            case 2 -> nodes.numberNode(new BigDecimal(random.nextLong()).movePointLeft(random.nextInt(30)));
            case 3 -> nodes.numberNode(random.nextLong());
            case 4, 5 -> nodes.textNode(nasty());
            case 6 -> anything(nodes.objectNode(), depth - 1);
            default -> {
                ArrayNode list = nodes.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(depth - 1));
                }
                yield list;
            }
        };
    }

    private String nasty() {
        String text = pick(NASTY);
        return random.nextInt(4) == 0 ? text + pick(NASTY) : text;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String cut(String text, int most, int least) {
        String shorter = text.length() > most ? text.substring(0, most) : text;
        return shorter.length() < least ? "x" : shorter;
    }

    /** What the schema cannot ask for: skills are declared, names of steps are their own, ranges are ranges. */
    private void fit(ObjectNode definition) {
        Set<String> skills = new LinkedHashSet<>();
        for (JsonNode rule : definition.path("rules")) {
            int number = 0;
            for (JsonNode step : rule.path("do")) {
                skills.add(step.path("skill").asText());
                if (step.has("as")) {
                    ((ObjectNode) step).put("as", step.get("as").asText() + "_" + number++);
                }
            }
        }
        definition.path("config").path("approval_required_for").forEach(skill -> skills.add(skill.asText()));
        if (skills.contains("agent.delegate") && definition.path("subagents").isEmpty()) {
            definition
                    .putArray("subagents")
                    .addObject()
                    .put("id", "a")
                    .putArray("delegate_for")
                    .add("#");
        }
        if (!definition.path("subagents").isEmpty()) {
            skills.add("agent.delegate");
        }
        for (JsonNode subagent : definition.path("subagents")) {
            if (subagent.has("version")) {
                ((ObjectNode) subagent).put("version", pick(List.of("latest", "1.x", ">=1.0.0", "1.0.0", "~2.1", "*")));
            }
        }
        Set<String> declared = new LinkedHashSet<>();
        ArrayNode kept = DefinitionReader.MAPPER.createArrayNode();
        for (JsonNode skill : definition.path("skills")) {
            if (declared.add(skill.path("name").asText())) {
                kept.add(skill);
            }
        }
        skills.stream().filter(declared::add).forEach(skill -> kept.addObject().put("name", skill));
        if (!kept.isEmpty()) {
            definition.set("skills", kept);
        }
    }
}
