package io.skein.registry.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** REG-02: what is exported and imported again is the same definition. */
class RoundTripTest {

    private static final int DEFINITIONS = 1000;
    private static final long SEED = 20_261_121;

    private final DefinitionSchema schema = new DefinitionSchema();
    private final DefinitionCheck check = new DefinitionCheck(schema);

    @Test
    void everyDefinitionComesBackFromYamlAsItWas() {
        assertEquals(List.of(), lost(UnaryOperator.identity()));
    }

    /** A planted bug: YAML whose texts are not quoted where they have to be. */
    @Test
    void aWriterThatForgetsQuotesIsFound() {
        assertNotEquals(List.of(), lost(yaml -> yaml.replace("'", "")));
    }

    /** And one that loses the zeros and the far digits of numbers. */
    @Test
    void aWriterThatRoundsIsFound() {
        assertNotEquals(List.of(), lost(yaml -> yaml.replaceAll("(\\.\\d{3})\\d+", "$1")));
    }

    /** From JSON to YAML to JSON, and on to YAML again: the same text. Keys stay in their order. */
    private List<String> lost(UnaryOperator<String> bent) {
        SchemaSampler sampler = new SchemaSampler(SEED, DefinitionReader.stored(schema.text()));
        List<String> lost = new ArrayList<>();
        long longest = 0;
        for (int number = 0; number < DEFINITIONS; number++) {
            JsonNode definition = DefinitionReader.stored(sampler.next().toString());
            assertEquals(List.of(), check.violations(definition), () -> "sample " + definition);
            String yaml = bent.apply(DefinitionWriter.yaml(definition));
            longest = Math.max(longest, yaml.length());
            try {
                JsonNode back = DefinitionReader.one(yaml.getBytes(StandardCharsets.UTF_8), "application/yaml");
                if (!Documents.same(definition, back)
                        || !DefinitionWriter.yaml(back).equals(yaml)) {
                    lost.add(number + ": " + definition + "\n" + yaml + "\n" + back);
                }
            } catch (RuntimeException e) {
                lost.add(number + ": " + e.getMessage() + "\n" + yaml);
            }
            if (lost.size() > 3) {
                break;
            }
        }
        assertTrue(lost.size() > 3 || longest > 1000, "the samples are too small to show anything");
        return lost;
    }
}
