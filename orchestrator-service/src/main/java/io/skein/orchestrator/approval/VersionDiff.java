package io.skein.orchestrator.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.skein.contracts.agent.StepDigest;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What is different between two versions of a plan.
 *
 * @param same nothing that is approved differs
 */
public record VersionDiff(int from, int to, boolean same, List<Change> changes) {

    /**
     * One difference.
     *
     * @param kind added, dropped, moved, variable, hosts, inventory, dependencies, playbook_content, inventory_content, risk, estimate
     * @param fromNumber the step's number in the first version, or null
     * @param toNumber its number in the second, or null
     * @param name of the variable, else null
     * @param before as JSON; null when there was nothing
     * @param after as JSON; null when there is nothing
     */
    public record Change(
            String kind,
            Integer fromNumber,
            Integer toNumber,
            String playbook,
            String name,
            JsonNode before,
            JsonNode after) {}

    private record Pair(PlannedStep before, PlannedStep after) {}

    static VersionDiff of(int from, List<PlannedStep> before, int to, List<PlannedStep> after) {
        List<PlannedStep> left = new ArrayList<>(before);
        List<Pair> pairs = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (PlannedStep step : after) {
            Optional<PlannedStep> same = same(left, step);
            same.ifPresent(left::remove);
            pairs.add(new Pair(same.orElse(null), step));
        }
        left.forEach(
                step -> changes.add(new Change("dropped", step.number(), null, step.playbook(), null, null, null)));
        int last = 0;
        for (Pair pair : pairs) {
            if (pair.before() == null) {
                changes.add(new Change(
                        "added", null, pair.after().number(), pair.after().playbook(), null, null, null));
                continue;
            }
            if (pair.before().number() < last) {
                changes.add(change("moved", pair, null, null, null));
            }
            last = Math.max(last, pair.before().number());
            compare(pair, changes);
        }
        boolean approvedAlike = changes.stream()
                .allMatch(
                        change -> change.kind().equals("risk") || change.kind().equals("estimate"));
        return new VersionDiff(from, to, approvedAlike, changes);
    }

    private static Optional<PlannedStep> same(List<PlannedStep> left, PlannedStep step) {
        List<PlannedStep> alike = left.stream()
                .filter(old -> old.playbook().equals(step.playbook()))
                .toList();
        return alike.stream()
                .filter(old -> Objects.equals(old.clause(), step.clause()))
                .findFirst()
                .or(() -> alike.stream().findFirst());
    }

    private static void compare(Pair pair, List<Change> changes) {
        PlannedStep before = pair.before();
        PlannedStep after = pair.after();
        TreeSet<String> names = new TreeSet<>();
        before.variables().forEach(variable -> names.add(variable.name()));
        after.variables().forEach(variable -> names.add(variable.name()));
        for (String name : names) {
            PlannedVariable old = before.variable(name).orElse(null);
            PlannedVariable now = after.variable(name).orElse(null);
            if (!digest(old).equals(digest(now))) {
                changes.add(change("variable", pair, name, shown(old), shown(now)));
            }
        }
        text(pair, "inventory", before.inventory(), after.inventory(), changes);
        text(pair, "hosts", String.join(", ", before.hosts()), String.join(", ", after.hosts()), changes);
        text(
                pair,
                "dependencies",
                before.dependsOn().toString(),
                after.dependsOn().toString(),
                changes);
        text(pair, "playbook_content", before.playbookHash(), after.playbookHash(), changes);
        text(pair, "inventory_content", before.inventoryHash(), after.inventoryHash(), changes);
        text(pair, "risk", before.risk(), after.risk(), changes);
        text(pair, "estimate", before.estimatedSeconds() + " s", after.estimatedSeconds() + " s", changes);
    }

    private static String digest(PlannedVariable variable) {
        return variable == null ? "" : StepDigest.canonical(variable.value());
    }

    private static JsonNode shown(PlannedVariable variable) {
        if (variable == null || variable.value() == null) {
            return null;
        }
        return variable.secret() ? TextNode.valueOf(PlannedVariable.REDACTED) : variable.value();
    }

    private static void text(Pair pair, String kind, String before, String after, List<Change> changes) {
        if (!Objects.equals(before, after)) {
            changes.add(change(
                    kind,
                    pair,
                    null,
                    before == null ? null : TextNode.valueOf(before),
                    after == null ? null : TextNode.valueOf(after)));
        }
    }

    private static Change change(String kind, Pair pair, String name, JsonNode before, JsonNode after) {
        return new Change(
                kind,
                pair.before().number(),
                pair.after().number(),
                pair.after().playbook(),
                name,
                before,
                after);
    }
}
