package io.skein.orchestrator.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.draft.SampleStep;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionDiffTest {

    private static PlannedStep step(int number, String playbook, JsonNode port, String secret, String inventorySha) {
        return SampleStep.of(playbook)
                .number(number)
                .variables(
                        new PlannedVariable("port", port, PlannedVariable.Source.REQUEST, null, false, false, "number"),
                        new PlannedVariable(
                                "pin",
                                TextNode.valueOf(secret),
                                PlannedVariable.Source.REQUEST,
                                null,
                                true,
                                false,
                                null))
                .hosts(List.of("nas01"))
                .inventoryHash(inventorySha)
                .build();
    }

    private static List<String> kinds(VersionDiff diff) {
        return diff.changes().stream().map(VersionDiff.Change::kind).toList();
    }

    @Test
    void equalVersionsAreTheSame() {
        List<PlannedStep> one = List.of(step(1, "a.yml", IntNode.valueOf(1), "x", "i1"));
        List<PlannedStep> two = List.of(step(1, "a.yml", IntNode.valueOf(1), "x", "i1"));
        assertTrue(VersionDiff.of(1, one, 2, two).same());
        assertTrue(VersionDiff.of(1, one, 2, two).changes().isEmpty());
    }

    @Test
    void variablesContentAndOrderAreNamedAndSecretsAreNotShown() {
        List<PlannedStep> one = List.of(
                step(1, "a.yml", IntNode.valueOf(1), "old-secret", "i1"),
                step(2, "b.yml", IntNode.valueOf(1), "x", "i1"),
                step(3, "c.yml", IntNode.valueOf(1), "x", "i1"));
        List<PlannedStep> two = List.of(
                step(1, "b.yml", IntNode.valueOf(1), "x", "i1"),
                step(2, "a.yml", IntNode.valueOf(2), "new-secret", "i2"),
                step(3, "d.yml", IntNode.valueOf(1), "x", "i1"));
        VersionDiff diff = VersionDiff.of(1, one, 2, two);
        assertFalse(diff.same());
        assertEquals(List.of("dropped", "moved", "variable", "variable", "inventory_content", "added"), kinds(diff));
        VersionDiff.Change port = diff.changes().stream()
                .filter(change -> "port".equals(change.name()))
                .findFirst()
                .orElseThrow();
        assertEquals(1, port.before().asInt());
        assertEquals(2, port.after().asInt());
        assertEquals(1, port.fromNumber());
        assertEquals(2, port.toNumber());
        assertFalse(diff.toString().contains("secret\""), diff.toString());
        assertTrue(diff.toString().contains("[redacted]"));
    }
}
