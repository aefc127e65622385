package io.skein.registry.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionTest {

    @Test
    void everyShippedFileIsADefinitionNamedLikeItsId() {
        DefinitionCheck check = new DefinitionCheck(new DefinitionSchema());
        int defaults = 0;
        for (String file : ShippedAgents.FILES) {
            JsonNode definition = ShippedAgents.read(file);
            assertEquals(List.of(), check.violations(definition), file);
            assertEquals(file, definition.at("/metadata/id").asText());
            assertFalse(definition.path("rules").isEmpty(), file + " does nothing without a model");
            assertFalse(definition.path("skills").isEmpty(), file + " can do nothing");
            definition
                    .path("triggers")
                    .forEach(trigger -> assertFalse(
                            EventPattern.matches(trigger.path("event").asText(), "runtime.task.failed"),
                            file + " would be woken by the runtime's own events"));
            defaults += definition.at("/metadata/default").asBoolean() ? 1 : 0;
        }
        assertEquals(1, defaults);
        assertEquals(8, ShippedAgents.FILES.size());
    }

    /** E2E scenario of issue 4: these three steps, in this order, and the last one in any case. */
    @Test
    void theMonitoringManagerLocksTheSilentMachineAsksForAPlanAndGivesTheMachineBack() {
        JsonNode watch = ShippedAgents.read("monitoring-manager");
        assertEquals("critical", watch.at("/triggers/0/priority").asText());
        assertEquals("device.offline", watch.at("/rules/0/on").asText());
        JsonNode steps = watch.at("/rules/0/do");
        assertEquals(List.of("lock.acquire", "plan.run", "lock.release"), steps.findValuesAsText("skill"));
        assertEquals("node:${event.data.node}", steps.at("/0/with/resource").asText());
        assertEquals("node:${event.data.node}", steps.at("/2/with/resource").asText());
        assertTrue(steps.at("/2/always").asBoolean());
        assertTrue(watch.at("/permissions/plans").asBoolean());
        assertTrue(watch.path("model").isMissingNode(), "with a model it would do as the model says");
    }

    @Test
    void theShippedAgentsHandTasksToEachOtherWithoutACircle() {
        for (String file : ShippedAgents.FILES) {
            follow(file, Set.of());
        }
    }

    private static void follow(String file, Set<String> above) {
        assertFalse(above.contains(file), file + " is handed its own task by " + above);
        Set<String> way = new TreeSet<>(above);
        way.add(file);
        ShippedAgents.read(file).path("subagents").forEach(subagent -> {
            String id = subagent.path("id").asText();
            assertTrue(ShippedAgents.FILES.contains(id), id + " is not shipped");
            String version = ShippedAgents.read(id).at("/metadata/version").asText();
            VersionRange range =
                    VersionRange.parse(subagent.path("version").asText()).orElseThrow();
            assertTrue(assertInstanceOf(VersionRange.Within.class, range).has(version), file + " wants another " + id);
            follow(id, way);
        });
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

    /** Tried in every way they could fit, these are some hundred million. */
    @Test
    void manyHashesAreQuick() {
        String pattern = "#.".repeat(15) + "x";
        String type = "a.".repeat(15) + "y";
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 1000; i++) {
                assertFalse(EventPattern.matches(pattern, type));
            }
        });
        assertTrue(EventPattern.matches("#.b.#.d", "a.b.b.c.d"));
        assertTrue(EventPattern.matches("#.*.#", "a"));
        assertFalse(EventPattern.matches("#.b.#.d", "a.b.c.d.e"));
        assertFalse(EventPattern.matches("*.#.*", "a"));
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
        List<String> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(3));
        shuffled.sort(java.util.Comparator.comparing(VersionRange::version));
        assertEquals(ordered, shuffled);
    }

    @ParameterizedTest
    @CsvSource({
        "0.9.0 1.0.0 2.0.0-rc.1, 1.0.0",
        "0.9.0, 0.9.0",
        "0.1.0 0.2.0 1.0.0-beta, 0.2.0",
        "1.0.0-rc.2 1.0.0-rc.10, 1.0.0-rc.10",
        "1.9.0 1.10.0, 1.10.0",
    })
    void theNewestIsTheNewestReleaseOrWithoutAnyTheNewestPreRelease(String versions, String newest) {
        assertEquals(Optional.of(newest), DefinitionRepository.newest(List.of(versions.split(" "))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0 ", "1.0.0-01", "1.0.0-1234567890123456789"})
    void otherVersionsAreRefused(String version) {
        assertFalse(VersionRange.isVersion(version));
    }

    @ParameterizedTest
    @CsvSource({
        "'>=1.0.0', 1.5.0, true",
        "'>=1.0.0', 0.9.0, false",
        "'>=1.0.0', 2.0.0-rc.1, false",
        "1.x, 1.5.0, true",
        "1.x, 2.0.0, false",
        "'>=1.0.0 <2.0.0', 1.99.0, true",
        "'>=1.0.0 <2.0.0', 2.0.0, false",
        "^1.2, 1.9.9, true",
        "^1.2, 1.1.0, false",
        "~1.2.3, 1.2.9, true",
        "1.0.0 - 1.4.0, 1.4.0, true",
        "1.0.x || 2.x, 2.7.1, true",
        "*, 0.1.0, true",
    })
    void rangesTakeWhatIsInThem(String range, String version, boolean in) {
        VersionRange.Within within = assertInstanceOf(
                VersionRange.Within.class, VersionRange.parse(range).orElseThrow());
        assertEquals(in, within.has(version));
    }

    /** Most of these the library takes, for something else than was meant. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "banana 1",
                "foo",
                "=>1",
                ">>1",
                "1.y",
                "[1.0,2.0)",
                ">=99999999999.0.0",
                ">=",
                " ",
                "1.0.0.0",
                "latest 1.x",
                "1.x |",
                "1.0.0-1234567890123456789",
                "1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x || 1.x"
            })
    void otherRangesAreRefused(String range) {
        assertEquals(Optional.empty(), VersionRange.parse(range));
    }
}
