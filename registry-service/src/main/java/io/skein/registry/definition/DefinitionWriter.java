package io.skein.registry.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** JSON as YAML that {@link DefinitionReader} reads as the same JSON. */
final class DefinitionWriter {

    /** Lines that survive a block as they are: something on the first, no space at an end. */
    private static final Pattern BLOCK = Pattern.compile("[!-~]([ -~]*[!-~])?(\\n([!-~]([ -~]*[!-~])?)?)*");

    private DefinitionWriter() {}

    static String yaml(JsonNode document) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        options.setIndent(2);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        StringWriter text = new StringWriter();
        new Yaml(options).serialize(node(document), text);
        return text.toString();
    }

    private static Node node(JsonNode json) {
        if (json.isObject()) {
            List<NodeTuple> members = new ArrayList<>();
            json.properties()
                    .forEach(member -> members.add(new NodeTuple(text(member.getKey()), node(member.getValue()))));
            return new MappingNode(Tag.MAP, members, flow(members.isEmpty()));
        }
        if (json.isArray()) {
            List<Node> items = new ArrayList<>();
            json.forEach(item -> items.add(node(item)));
            return new SequenceNode(Tag.SEQ, items, flow(items.isEmpty()));
        }
        if (json.isTextual()) {
            return text(json.textValue());
        }
        if (json.isBoolean()) {
            return plain(Tag.BOOL, json.asText());
        }
        if (json.isIntegralNumber()) {
            return plain(Tag.INT, json.bigIntegerValue().toString());
        }
        if (json.isNumber()) {
            String number = json.decimalValue().toPlainString();
            return plain(number.indexOf('.') < 0 ? Tag.INT : Tag.FLOAT, number);
        }
        return plain(Tag.NULL, "null");
    }

    private static DumperOptions.FlowStyle flow(boolean empty) {
        return empty ? DumperOptions.FlowStyle.FLOW : DumperOptions.FlowStyle.BLOCK;
    }

    private static Node text(String value) {
        boolean block = value.indexOf('\n') >= 0 && BLOCK.matcher(value).matches();
        boolean plain = value.chars().allMatch(DefinitionWriter::isPlain);
        DumperOptions.ScalarStyle style = block
                ? DumperOptions.ScalarStyle.LITERAL
                : plain ? DumperOptions.ScalarStyle.PLAIN : DumperOptions.ScalarStyle.DOUBLE_QUOTED;
        return new ScalarNode(Tag.STR, value, null, null, style);
    }

    /** Not so control characters, and what YAML 1.1 takes for a line's end. */
    private static boolean isPlain(int c) {
        return c >= ' ' && c < 0x7f || c >= 0xa0 && c != 0x2028 && c != 0x2029 && c != 0xfeff;
    }

    private static Node plain(Tag tag, String value) {
        return new ScalarNode(tag, value, null, null, DumperOptions.ScalarStyle.PLAIN);
    }
}
