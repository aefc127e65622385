package io.skein.infra.run;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.skein.contracts.agent.WorkRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Takes secrets out of everything that leaves the agent: the values of secret variables, and well-known token shapes. */
final class Redactor {

    static final String REDACTED = "[redacted]";

    /** Shorter values would blank out half of every message and are no secrets anyway. */
    private static final int SHORTEST = 3;

    private static final Pattern TOKENS = Pattern.compile("AKIA[0-9A-Z]{16}"
            + "|gh[pousr]_[A-Za-z0-9]{36,}"
            + "|github_pat_[A-Za-z0-9_]{22,}"
            + "|glpat-[A-Za-z0-9_-]{20,}"
            + "|xox[abprs]-[A-Za-z0-9-]{10,}"
            + "|sk-[A-Za-z0-9_-]{20,}"
            + "|eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{5,}"
            + "|-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)");

    private final List<String> secrets;

    private Redactor(Collection<String> secrets) {
        this.secrets = new ArrayList<>(secrets);
        this.secrets.sort(Comparator.comparingInt(String::length).reversed());
    }

    /**
     * @param secretNames variables whose values must not be seen
     * @param others further values that must not be seen
     */
    static Redactor of(Map<String, JsonNode> variables, Set<String> secretNames, Set<String> others) {
        Set<String> values = new LinkedHashSet<>();
        others.forEach(value -> collect(TextNode.valueOf(value), values));
        variables.forEach((name, value) -> {
            if (secretNames.contains(name)) {
                collect(value, values);
            }
        });
        return new Redactor(values);
    }

    String clean(String text) {
        if (text == null || text.isEmpty()) {
            return text;
        }
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, REDACTED);
        }
        return TOKENS.matcher(clean).replaceAll(REDACTED);
    }

    /** The same for every text in a JSON value. */
    JsonNode clean(JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (node.isTextual()) {
            return TextNode.valueOf(clean(node.asText()));
        }
        if (node.isArray()) {
            var copy = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> copy.add(clean(item)));
            return copy;
        }
        if (node.isObject()) {
            var copy = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
            node.properties().forEach(e -> copy.set(e.getKey(), clean(e.getValue())));
            return copy;
        }
        return node;
    }

    /** The request as it may be kept after the run. */
    static WorkRequest scrub(WorkRequest request, Set<String> secretNames) {
        Map<String, JsonNode> variables = new HashMap<>(request.variables());
        variables.replaceAll((name, value) -> secretNames.contains(name) ? TextNode.valueOf(REDACTED) : value);
        return new WorkRequest(
                request.workType(),
                request.planId(),
                request.stepId(),
                request.stepNumber(),
                request.playbook(),
                request.contentSha256(),
                request.inventory(),
                request.hosts(),
                variables,
                request.checkMode(),
                request.fencingTokens(),
                request.timeoutSeconds(),
                request.team(),
                request.requestedBy(),
                request.inventorySha256(),
                request.approvedSha256());
    }

    private static void collect(JsonNode value, Set<String> values) {
        if (value.isContainerNode()) {
            value.forEach(inner -> collect(inner, values));
        } else if (!value.isBoolean() && value.asText().length() >= SHORTEST) {
            String text = value.asText();
            values.add(text);
            // the same value inside a JSON text, and line by line, as a diff shows it
            values.add(new String(JsonStringEncoder.getInstance().quoteAsString(text)));
            text.lines().filter(line -> line.strip().length() >= 8).forEach(values::add);
        }
    }
}
