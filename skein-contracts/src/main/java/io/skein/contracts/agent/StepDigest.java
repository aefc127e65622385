package io.skein.contracts.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a person approves of one step, as one number, that whoever proposes it and whoever runs it compute alike: SHA-256 over JSON
 * without spaces of playbook, content_sha256, inventory, inventory_sha256, hosts (sorted) and variables, members sorted by name.
 * Numbers are written out in full without an exponent or trailing zeros, so that a number is the same after any store and any parser.
 */
public final class StepDigest {

    private StepDigest() {}

    public static String of(
            String playbook,
            String contentSha256,
            String inventory,
            String inventorySha256,
            Collection<String> hosts,
            Map<String, JsonNode> variables) {
        StringBuilder json = new StringBuilder("{\"content_sha256\":");
        text(json, contentSha256);
        json.append(",\"hosts\":[");
        String comma = "";
        for (String host : new TreeSet<>(hosts)) {
            json.append(comma);
            text(json, host);
            comma = ",";
        }
        json.append("],\"inventory\":");
        text(json, inventory);
        json.append(",\"inventory_sha256\":");
        text(json, inventorySha256);
        json.append(",\"playbook\":");
        text(json, playbook);
        json.append(",\"variables\":{");
        comma = "";
        for (Map.Entry<String, JsonNode> variable : new TreeMap<>(variables).entrySet()) {
            json.append(comma);
            text(json, variable.getKey());
            json.append(':');
            value(json, variable.getValue());
            comma = ",";
        }
        return sha256(json.append("}}").toString());
    }

    /** Of the order as it came, with the digests its recipient computed itself. */
    public static String of(WorkRequest request, String contentSha256, String inventorySha256) {
        return of(
                request.playbook(),
                contentSha256,
                request.inventory(),
                inventorySha256,
                request.hosts(),
                request.variables());
    }

    /** A value as it is digested. */
    public static String canonical(JsonNode value) {
        StringBuilder json = new StringBuilder();
        value(json, value);
        return json.toString();
    }

    private static void value(StringBuilder json, JsonNode value) {
        if (value == null || value.isNull() || value.isMissingNode()) {
            json.append("null");
        } else if (value.isObject()) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            value.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            json.append('{');
            String comma = "";
            for (Map.Entry<String, JsonNode> member : members.entrySet()) {
                json.append(comma);
                text(json, member.getKey());
                json.append(':');
                value(json, member.getValue());
                comma = ",";
            }
            json.append('}');
        } else if (value.isArray()) {
            json.append('[');
            for (int i = 0; i < value.size(); i++) {
                json.append(i == 0 ? "" : ",");
                value(json, value.get(i));
            }
            json.append(']');
        } else if (value.isNumber()) {
            BigDecimal number = value.decimalValue();
            json.append(number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
        } else {
            json.append(value.isTextual() ? value.toString() : value.asText());
        }
    }

    private static void text(StringBuilder json, String text) {
        json.append(text == null ? "null" : TextNode.valueOf(text).toString());
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
