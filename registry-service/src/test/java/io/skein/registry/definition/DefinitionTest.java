package io.skein.registry.definition;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionTest {

    @Test
    void everyShippedFileIsADefinitionNamedLikeItsId() {
        for (String file : ShippedAgents.FILES) {
            AgentDefinition definition = assertDoesNotThrow(() -> ShippedAgents.read(file), file);
            assertEquals(file, definition.metadata().id());
            assertFalse(definition.triggers().isEmpty(), file + " is woken by nothing");
            assertFalse(definition.skills().isEmpty(), file + " can do nothing");
        }
        assertEquals(
                1,
                ShippedAgents.FILES.stream()
                        .map(ShippedAgents::read)
                        .filter(definition -> definition.metadata().isDefault())
                        .count());
    }

    @ParameterizedTest
    @CsvSource({
        "step.failed, step.failed, true",
        "step.failed, step.completed, false",
        "step.*, step.failed, true",
        "step.*, step.log.line, false",
        "step.*, step, false",
        "*.failed, plan.failed, true",
        "#, anything.at.all, true",
        "auth.#, auth, true",
        "auth.#, auth.sign.in.failed, true",
        "#.failed, auth.sign.in.failed, true",
        "a.#.z, a.z, true",
        "a.#.z, a.b.c.z, true",
        "a.#.z, a.b.c, false",
        "step, step.failed, false",
    })
    void patternsFollowTheBrokersRules(String pattern, String type, boolean matches) {
        assertEquals(matches, EventPattern.matches(pattern, type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "step.", "Step.failed", "step..failed", "st*p", "step failed"})
    void otherPatternsAreRefused(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> EventPattern.check(pattern));
    }

    @Test
    void versionsSortAsTheyShould() {
        List<String> ordered = List.of(
                "0.9.0",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-rc.2",
                "1.0.0-rc.10",
                "1.0.0",
                "1.2.0",
                "1.10.0",
                "10.0.0");
        List<String> keys =
                new ArrayList<>(ordered.stream().map(SemanticVersion::sortKey).toList());
        Collections.shuffle(keys, new java.util.Random(3));
        Collections.sort(keys);

        assertEquals(ordered.stream().map(SemanticVersion::sortKey).toList(), keys);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0 "})
    void otherVersionsAreRefused(String version) {
        assertThrows(IllegalArgumentException.class, () -> SemanticVersion.sortKey(version));
    }
}
