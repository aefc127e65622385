package io.skein.infra.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The file a run gets its variables from. Every text is tagged {@code !unsafe}: what a person or a model typed is data, and
 * {@code {{ lookup('pipe', …) }}} in it stays the text it is.
 */
final class ExtraVariables {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private ExtraVariables() {}

    /** A name that may be set from outside: ansible_* would change how and where the run works, not what it does. */
    static boolean isAllowed(String name) {
        return NAME.matcher(name).matches() && !name.startsWith("ansible_");
    }

    /** Writes the file, readable by us only. */
    static void write(Path file, Map<String, JsonNode> variables) throws IOException {
        Files.deleteIfExists(file);
        try (var channel = Files.newByteChannel(
                file,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(java.nio.ByteBuffer.wrap(yaml(variables).getBytes(StandardCharsets.UTF_8)));
        }
    }

    static String yaml(Map<String, JsonNode> variables) {
        StringBuilder yaml = new StringBuilder("---\n");
        new TreeMap<>(variables).forEach((name, value) -> {
            yaml.append(quoted(name)).append(": ");
            append(yaml, value);
            yaml.append('\n');
        });
        return variables.isEmpty() ? "---\n{}\n" : yaml.toString();
    }

    private static void append(StringBuilder yaml, JsonNode value) {
        if (value.isObject()) {
            yaml.append('{');
            Iterator<Map.Entry<String, JsonNode>> members = value.properties().iterator();
            while (members.hasNext()) {
                Map.Entry<String, JsonNode> member = members.next();
                yaml.append(quoted(member.getKey())).append(": ");
                append(yaml, member.getValue());
                yaml.append(members.hasNext() ? ", " : "");
            }
            yaml.append('}');
        } else if (value.isArray()) {
            yaml.append('[');
            for (int i = 0; i < value.size(); i++) {
                yaml.append(i == 0 ? "" : ", ");
                append(yaml, value.get(i));
            }
            yaml.append(']');
        } else if (value.isTextual()) {
            yaml.append("!unsafe ").append(quoted(value.asText()));
        } else if (value.isFloatingPointNumber()) {
            yaml.append(value.decimalValue().toPlainString());
        } else {
            yaml.append(value.asText("null")); // integers, booleans and null are the same in YAML
        }
    }

    /** A double-quoted YAML text; what YAML does not print is escaped. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    boolean printable = (c >= 0x20 && c <= 0x7e)
                            || (c >= 0xa0 && c <= 0xd7ff && c != 0x2028 && c != 0x2029)
                            || (c >= 0xe000 && c <= 0xfffd && c != 0xfeff)
                            || c >= 0x10000;
                    if (printable) {
                        quoted.appendCodePoint(c);
                    } else {
                        quoted.append(String.format("\\u%04x", c));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
