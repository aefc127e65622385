package io.skein.infra.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

class ExtraVariablesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ lookup('pipe', 'id') }}",
                "a\"b\\c\n\td",
                "yes",
                "!unsafe x",
                "# no comment",
                "'",
                "",
                "- a: b",
                "\u0000\u0007\u007f\u0085\u2028\ufeff",
                "Grüße 🦢",
                "\ud800"
            })
    void everyTextIsTaggedAndComesBackAsItWas(String text) {
        JsonNode value = JsonNodeFactory.instance
                .objectNode()
                .put("in", text)
                .set(
                        "list",
                        JsonNodeFactory.instance
                                .arrayNode()
                                .add(text)
                                .add(JsonNodeFactory.instance.arrayNode().add(text)));
        String yaml = ExtraVariables.yaml(Map.of("top", TextNode.valueOf(text), "nested", value));
        MappingNode root =
                (MappingNode) new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(yaml));
        int[] texts = {0};
        root.getValue().forEach(tuple -> check(tuple.getValueNode(), text, texts));
        assertEquals(4, texts[0], yaml);
    }

    @Test
    void numbersAndTruthStayWhatTheyAre() {
        String yaml = ExtraVariables.yaml(Map.of(
                "a",
                JsonNodeFactory.instance
                        .arrayNode()
                        .add(1)
                        .add(1.5)
                        .add(true)
                        .addNull()
                        .add(1e300)));
        assertTrue(yaml.startsWith("---\n\"a\": [1, 1.5, true, null, 1000000"), yaml);
        assertEquals("---\n{}\n", ExtraVariables.yaml(Map.of()));
    }

    @Test
    void theFileIsOurs() throws IOException {
        Path file = folder.resolve("v.yml");
        ExtraVariables.write(file, Map.of("a", TextNode.valueOf("b")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void namesThatChangeHowAnsibleWorksAreNotAllowed() {
        assertTrue(ExtraVariables.isAllowed("uptime_kuma_port"));
        for (String name :
                new String[] {"ansible_connection", "ansible_become_password", "a b", "", "1a", "a\n", "a{{b}}"}) {
            assertFalse(ExtraVariables.isAllowed(name), name);
        }
    }

    private static void check(Node node, String text, int[] texts) {
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(tuple -> check(tuple.getValueNode(), text, texts));
        } else if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> check(item, text, texts));
        } else {
            assertEquals("!unsafe", node.getTag().getValue());
            String expected = text.equals("\ud800") ? ((ScalarNode) node).getValue() : text;
            assertEquals(expected, ((ScalarNode) node).getValue());
            texts[0]++;
        }
    }
}
