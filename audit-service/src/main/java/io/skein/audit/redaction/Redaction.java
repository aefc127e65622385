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

    /**
     * What to look for, and what any text that holds it has in it: nearly every text is a name, a number or a time and has nothing of
     * it, and is not searched further.
     *
     * @param signs one of these is in every match, as it is
     */
    private record Shape(Pattern pattern, List<String> signs) {
        Shape(String pattern, String... signs) {
            this(Pattern.compile(pattern), List.of(signs));
        }

        String replaceIn(String text, String by) {
            return signs.stream().anyMatch(text::contains)
                    ? pattern.matcher(text).replaceAll(by)
                    : text;
        }
    }

    /** All linear: no nested quantifiers over overlapping sets, because the text comes from outside. */
    private static final List<Shape> SHAPES = List.of(
            new Shape(
                    "-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\\z)",
                    "PRIVATE KEY-----"),
            new Shape("\\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\\b", "AKIA", "ASIA", "ABIA", "ACCA"),
            new Shape("\\bgh[opusr]_[A-Za-z0-9]{36,255}\\b", "gho_", "ghp_", "ghu_", "ghs_", "ghr_"),
            new Shape("\\bgithub_pat_[A-Za-z0-9_]{22,255}\\b", "github_pat_"),
            new Shape("\\bglpat-[A-Za-z0-9_-]{20,255}", "glpat-"),
            new Shape("\\bxox[abeoprs]-[A-Za-z0-9-]{10,255}", "xox"),
            new Shape("\\bsk-[A-Za-z0-9_-]{20,255}", "sk-"),
            new Shape("\\beyJ[A-Za-z0-9_-]{6,}+\\.[A-Za-z0-9_-]{6,}+\\.[A-Za-z0-9_-]*+", "eyJ"),
            new Shape("\\$ANSIBLE_VAULT;[\\d.]+;[A-Z0-9]+[^\"]*", "$ANSIBLE_VAULT;"));

    /** Group 1 is kept, what follows it is replaced. */
    private static final List<Shape> ASSIGNMENTS = List.of(
            // In any case, so all that is certain is the white space.
            new Shape("(?i)\\b(bearer\\s+|basic\\s+)[A-Za-z0-9+/=._~-]{8,}+", " ", "\t", "\n", "\u000B", "\f", "\r"),
            new Shape("([a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\\s:/@]{0,100}:)[^\\s/@]{1,200}+(?=@)", "://"),
            new Shape(
                    "(?i)((?:password|passwd|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|token)"
                            + "[\"']?\\s{0,3}[=:]\\s{0,3}[\"']?)(?!\\[redacted])[^\\s\"',;&]++",
                    "=",
                    ":"));

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
        for (Shape shape : SHAPES) {
            result = shape.replaceIn(result, MARK);
        }
        for (Shape assignment : ASSIGNMENTS) {
            result = assignment.replaceIn(result, "$1" + MARK);
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
