package io.skein.registry.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionCheckTest {

    private static final DefinitionCheck CHECK = new DefinitionCheck(new DefinitionSchema());

    static final String GOOD = """
            metadata:
              id: night-watch
              name: Night Watch
              version: 1.0.0
              type: specialist
            goal:
              mode: continuous
            skills:
              - name: event.publish
              - name: lock.acquire
              - name: agent.delegate
            subagents:
              - id: explorer
                delegate_for: [explore.#]
            rules:
              - on: device.*
                do:
                  - skill: lock.acquire
                    as: lock
                    with:
                      resource: host:${event.data.node}
                  - skill: event.publish
                    with:
                      type: night.alarm
                      data: { at: '${steps.lock.expiresAt}' }
            """;

    @Test
    void everyViolationIsNamedAtOnceWithItsPath() {
        JsonNode document = yaml("""
                metadata:
                  id: Night Watch
                  name: 3
                  version: 1.0
                  typo: true
                  tags: [a, a]
                goal:
                  mode: sometimes
                triggers:
                  - event: device..offline
                    priority: urgent
                    filters: { colour: red }
                skills:
                  - name: rm.rf
                  - name: event.publish
                  - name: event.publish
                subagents:
                  - id: explorer
                    version: banana 1
                    delegate_for: [explore.#]
                permissions:
                  http: [ 'https://user@example.org/', 'https:///nowhere', 'https://example.org/a?b' ]
                config:
                  timeout_seconds: soon
                  approval_required_for: [ lock.release ]
                rules:
                  - on: device.*
                    do:
                      - skill: plan.run
                        as: plan
                      - skill: event.publish
                        as: plan
                        with:
                          subject: ${steps.nobody.id}
                          data: { list: [ '${secrets.key}', 'half ${event.id' ] }
                  - on: x
                    do: []
                bogus: {}
                """);
        Map<String, String> found = new TreeMap<>();
        CHECK.violations(document).forEach(violation -> found.put(violation.path(), violation.message()));
        assertEquals(
                List.of(
                        "$.bogus",
                        "$.config.approval_required_for[0]",
                        "$.config.timeout_seconds",
                        "$.goal.mode",
                        "$.metadata.id",
                        "$.metadata.name",
                        "$.metadata.tags",
                        "$.metadata.type",
                        "$.metadata.typo",
                        "$.metadata.version",
                        "$.permissions.http[0]",
                        "$.permissions.http[1]",
                        "$.permissions.http[2]",
                        "$.rules[0].do[0].skill",
                        "$.rules[0].do[1].as",
                        "$.rules[0].do[1].with.data.list[0]",
                        "$.rules[0].do[1].with.data.list[1]",
                        "$.rules[0].do[1].with.subject",
                        "$.rules[1].do",
                        "$.skills[0].name",
                        "$.skills[2].name",
                        "$.subagents",
                        "$.subagents[0].version",
                        "$.triggers[0].event",
                        "$.triggers[0].filters.colour",
                        "$.triggers[0].priority"),
                List.copyOf(found.keySet()));
        assertEquals("is missing", found.get("$.metadata.type"));
        assertTrue(
                found.get("$.skills[0].name").startsWith("is not a skill: plan.run, "), found.get("$.skills[0].name"));
    }

    @Test
    void aGoodOneHasNone() {
        assertEquals(List.of(), CHECK.violations(yaml(GOOD)));
    }

    @ParameterizedTest
    @CsvSource({
        "id: night-watch, id: search, $.metadata.id",
        "version: 1.0.0, version: 1.0.0-1234567890123456789, $.metadata.version",
        "- name: agent.delegate, - name: nodes.list, $.subagents",
        "resource: host:${event.data.node}, resource: '${steps.lock.id}', $.rules[0].do[0].with.resource",
        "resource: host:${event.data.node}, resource: '${event}', $.rules[0].do[0].with.resource",
        "resource: host:${event.data.node}, resource: '${event..id}', $.rules[0].do[0].with.resource",
        "resource: host:${event.data.node}, 'resource: \"\\0\"', $.rules[0].do[0].with.resource",
        "resource: host:${event.data.node}, 'resource: \"\\uD800\"', $.rules[0].do[0].with.resource",
        "as: lock, as: Lock, $.rules[0].do[0].as",
        "mode: continuous, 'mode: continuous\\n  budget: 1', $.goal.budget",
    })
    void oneThingWrongIsSaid(String good, String bad, String path) {
        String text = GOOD.replace(good, bad.replace("\\n", "\n"));
        List<String> paths = CHECK.violations(yaml(text)).stream()
                .map(Violation::path)
                .distinct()
                .filter(each -> !each.equals("$.rules[0].do[1].with.data.at"))
                .toList();
        assertEquals(List.of(path), paths);
    }

    @Test
    void delegatingNeedsSubagents() {
        String text = GOOD.replace("  - id: explorer\n    delegate_for: [explore.#]\n", "")
                .replace("subagents:\n", "")
                .replace("- skill: event.publish", "- skill: agent.delegate");
        assertEquals(
                List.of("$.rules[0].do[1].skill"),
                CHECK.violations(yaml(text)).stream().map(Violation::path).toList());
    }

    /** The schema's own pattern would take the whole stack for it. */
    @Test
    void anEndlessVersionIsRefusedAndNothingElseHappens() {
        JsonNode document = yaml(GOOD.replace("1.0.0", "1.0.0-" + "a.".repeat(300_000) + "a"));
        assertEquals(
                List.of("$.metadata.version"),
                CHECK.violations(document).stream()
                        .map(Violation::path)
                        .distinct()
                        .toList());
    }

    @Test
    void aDocumentThatIsWrongEverywhereIsToldItsFirstTwoHundred() {
        StringBuilder text = new StringBuilder(GOOD);
        for (int i = 0; i < 20_000; i++) {
            text.append("member").append(i).append(": 1\n");
        }
        assertEquals(
                DefinitionCheck.MAX_VIOLATIONS,
                CHECK.violations(yaml(text.toString())).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: 1\na: 2",
                "on: 1\n'on': 2",
                "a: &x 1\nb:\n  <<: { c: 1 }",
                "a: !!python/object:os.system 1",
                "a: !vault secret",
                "a: !!binary aGVsbG8=",
                "a: !!set { b, c }",
                "? [a, b]\n: c",
                "a: &a [*a]",
                "a: [",
                "\ta: 1",
                "",
                "---\n---\n",
                "# nothing"
            })
    void whatCouldBeReadInTwoWaysOrNotAtAllIsRefused(String text) {
        ProblemException refused = assertThrows(ProblemException.class, () -> one(text, "application/yaml"));
        assertEquals(ErrorCode.MALFORMED_BODY, refused.code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"a\":1,\"a\":2}", "{\"a\":1}{\"b\":2}", "{\"a\":", "", "{'a':1}", "{\"a\":NaN}", "\"\\ud800"})
    void theSameForJson(String text) {
        ProblemException refused = assertThrows(ProblemException.class, () -> one(text, "application/json"));
        assertEquals(ErrorCode.MALFORMED_BODY, refused.code());
    }

    @Test
    void bombsAndTowersAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", java.util.Collections.nCopies(10, alias))));
        }
        for (String text : List.of(bomb.toString(), "[".repeat(5_000) + "]".repeat(5_000))) {
            for (String type : List.of("application/yaml", "application/json")) {
                ProblemException refused = assertThrows(ProblemException.class, () -> one(text, type));
                assertEquals(ErrorCode.MALFORMED_BODY, refused.code());
            }
        }
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        byte[] latin = "metadata: { name: Wächter }".getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(ProblemException.class, () -> DefinitionReader.one(latin, "application/yaml"));
    }

    @Test
    void severalDocumentsAreReadWhereSeveralAreTaken() {
        byte[] two = "a: 1\n---\na: 2\n---\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(2, DefinitionReader.several(two, "application/yaml").size());
        assertThrows(ProblemException.class, () -> DefinitionReader.one(two, "application/yaml"));
        byte[] list = "[{\"a\":1},{\"a\":2},{\"a\":3}]".getBytes(StandardCharsets.UTF_8);
        assertEquals(3, DefinitionReader.several(list, "application/json").size());
        byte[] many = "a: 1\n---\n".repeat(150).getBytes(StandardCharsets.UTF_8);
        assertThrows(ProblemException.class, () -> DefinitionReader.several(many, "application/yaml"));
    }

    @Test
    void numbersNobodyCanStoreAreRefused() {
        for (String number : List.of("1e1000000", "0." + "0".repeat(80) + "1", "1".repeat(90))) {
            JsonNode document = DefinitionReader.stored("{\"with\": " + number + "}");
            assertEquals(
                    List.of("$.with"),
                    CHECK.violations(document).stream().map(Violation::path).toList());
        }
    }

    private static JsonNode yaml(String text) {
        return one(text, "application/yaml");
    }

    private static JsonNode one(String text, String type) {
        return DefinitionReader.one(text.getBytes(StandardCharsets.UTF_8), type);
    }
}
