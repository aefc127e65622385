package io.skein.audit.redaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Replaces secrets by {@value #MARK}. By name: the value of a member called like a secret, of a member beside
 * {@code "secret": true}, or beside a {@code "name"} called like a secret. By shape: well-known tokens inside any text. Numbers and
 * booleans are never secrets ({@code inputTokens}, {@code fencingToken} stay readable).
 */
public final class Redaction {

    public static final String MARK = "[redacted]";

    private static final Set<String> SECRET_WORDS = Set.of(
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "passcode",
            "secret",
            "secrets",
            "token",
            "tokens",
            "credential",
            "credentials",
            "authorization",
            "cookie",
            "apikey",
            "privatekey");
    private static final Set<String> KEY_OWNERS = Set.of(
            "api",
            "private",
            "access",
            "secret",
            "ssh",
            "signing",
            "encryption",
            "master",
            "license",
            "auth",
            "account");
    private static final Pattern WORD_BORDER = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");

    /** All linear: no nested quantifiers over overlapping sets, because the text comes from outside. */
    private static final List<Pattern> SHAPES = List.of(
            Pattern.compile(
                    "-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\\z)"),
            Pattern.compile("\\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\\b"),
            Pattern.compile("\\bgh[opusr]_[A-Za-z0-9]{36,255}\\b"),
            Pattern.compile("\\bgithub_pat_[A-Za-z0-9_]{22,255}\\b"),
            Pattern.compile("\\bglpat-[A-Za-z0-9_-]{20,255}"),
            Pattern.compile("\\bxox[abeoprs]-[A-Za-z0-9-]{10,255}"),
            Pattern.compile("\\bsk-[A-Za-z0-9_-]{20,255}"),
            Pattern.compile("\\beyJ[A-Za-z0-9_-]{6,}+\\.[A-Za-z0-9_-]{6,}+\\.[A-Za-z0-9_-]*+"),
            Pattern.compile("\\$ANSIBLE_VAULT;[\\d.]+;[A-Z0-9]+[^\"]*"));

    /** Group 1 is kept, what follows it is replaced. */
    private static final List<Pattern> ASSIGNMENTS = List.of(
            Pattern.compile("(?i)\\b(bearer\\s+|basic\\s+)[A-Za-z0-9+/=._~-]{8,}+"),
            Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\\s:/@]{0,100}:)[^\\s/@]{1,200}+(?=@)"),
            Pattern.compile(
                    "(?i)((?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|token)"
                            + "[\"']?\\s{0,3}[=:]\\s{0,3}[\"']?)(?!\\[redacted])[^\\s\"',;&]++"));

    private Redaction() {}

    /** A copy without secrets. */
    public static JsonNode redact(JsonNode node) {
        if (node.isTextual()) {
            return TextNode.valueOf(redact(node.textValue()));
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(redact(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        boolean secretValue = node.path("secret").asBoolean(false)
                || isSecretName(node.path("name").asText(""));
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        node.properties().forEach(member -> {
            boolean secret = isSecretName(member.getKey()) || (secretValue && isValueName(member.getKey()));
            object.set(redact(member.getKey()), secret ? hide(member.getValue()) : redact(member.getValue()));
        });
        return object;
    }

    /** The same text without tokens of well-known shape; null stays null. */
    public static String redact(String text) {
        if (text == null || text.length() < 8) {
            return text;
        }
        String result = text;
        for (Pattern shape : SHAPES) {
            result = shape.matcher(result).replaceAll(MARK);
        }
        for (Pattern assignment : ASSIGNMENTS) {
            result = assignment.matcher(result).replaceAll("$1" + MARK);
        }
        return result;
    }

    private static JsonNode hide(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue().isEmpty() ? value : TextNode.valueOf(MARK);
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(element -> array.add(hide(element)));
            return array;
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.properties().forEach(member -> object.set(member.getKey(), hide(member.getValue())));
            return object;
        }
        return value;
    }

    private static boolean isValueName(String name) {
        return name.equals("value") || name.equals("default") || name.equals("quote");
    }

    static boolean isSecretName(String name) {
        if (name.length() > 200) {
            return false;
        }
        String[] words = WORD_BORDER.split(name, -1);
        for (int i = 0; i < words.length; i++) {
            String word = words[i].toLowerCase(Locale.ROOT);
            boolean key = (word.equals("key") || word.equals("keys"))
                    && (words.length == 1 || (i > 0 && KEY_OWNERS.contains(words[i - 1].toLowerCase(Locale.ROOT))));
            if (key || SECRET_WORDS.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
