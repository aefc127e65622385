package io.skein.orchestrator.planning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.skein.orchestrator.draft.PlannedStep;
import io.skein.orchestrator.draft.PlannedVariable;
import io.skein.orchestrator.draft.PlannedVariable.Source;
import io.skein.orchestrator.draft.Question;
import io.skein.orchestrator.draft.Question.Code;
import io.skein.orchestrator.infra.Inventory;
import io.skein.orchestrator.infra.Playbook;
import io.skein.orchestrator.language.Assignment;
import io.skein.orchestrator.language.Values;
import io.skein.orchestrator.language.Variable;
import io.skein.orchestrator.language.VariableExtractor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Fills the variables of a step: what was said, else the inventory, else the playbook's default, else a question. */
final class StepVariables {

    private static final Set<String> ONE_HOST = Set.of("target_host", "target");
    private static final Set<String> HOSTS = Set.of("target_hosts", "targets");

    private StepVariables() {}

    /** The playbook's variables with their defaults. */
    static List<PlannedVariable> defaults(Playbook playbook) {
        return playbook.variables().stream()
                .map(v -> {
                    JsonNode value =
                            v.defaultValue() == null || v.defaultValue().isNull() ? null : v.defaultValue();
                    String type = v.type() != null ? v.type() : Values.typeOf(value);
                    return new PlannedVariable(
                            v.name(),
                            value,
                            value == null ? Source.MISSING : Source.PLAYBOOK_DEFAULT,
                            null,
                            v.secret(),
                            v.required(),
                            type);
                })
                .toList();
    }

    /** What the words give; questions for names that could be several variables. */
    static PlannedStep read(PlannedStep step, String text, Source source, List<Question> questions) {
        VariableExtractor.Reading reading = VariableExtractor.read(text, names(step));
        PlannedStep result = step;
        for (Assignment assignment : reading.assignments().values()) {
            result = result.withVariable(
                    assignment.variable(), v -> v.with(assignment.value(), source, assignment.quote()));
        }
        for (var unclear : reading.unclear().entrySet()) {
            questions.add(Question.ofStep(
                    Code.AMBIGUOUS,
                    step,
                    "\"" + unclear.getKey() + "\" can mean " + String.join(" or ", unclear.getValue())
                            + "; say which one.",
                    String.join("|", unclear.getValue())));
        }
        return result;
    }

    /** What somebody else found in the words, for variables that were not recognised in them. */
    static PlannedStep advised(PlannedStep step, Map<String, JsonNode> values, String words) {
        PlannedStep result = step;
        for (Map.Entry<String, JsonNode> value : values.entrySet()) {
            result = result.withVariable(
                    value.getKey(), v -> v.isGiven() ? v : v.with(value.getValue(), Source.REQUEST, words));
        }
        return result;
    }

    static List<Variable> names(PlannedStep step) {
        return step.variables().stream()
                .map(v -> new Variable(v.name(), v.type(), v.required() && v.value() == null))
                .toList();
    }

    /** Values that follow from where the step runs; asked again whenever that changes. */
    static PlannedStep fromInventory(PlannedStep step, Inventory inventory, List<PlannedVariable> defaults) {
        List<PlannedVariable> filled = new ArrayList<>();
        for (PlannedVariable variable : step.variables()) {
            if (variable.source() == Source.REQUEST || variable.source() == Source.MODIFIED) {
                filled.add(variable);
                continue;
            }
            PlannedVariable base = defaults.stream()
                    .filter(d -> d.name().equals(variable.name()))
                    .findFirst()
                    .orElse(variable);
            Optional<String> target = targetValue(step, variable.name());
            Optional<JsonNode> known =
                    inventory == null ? Optional.empty() : inventory.commonValue(step.hosts(), variable.name());
            if (target.isPresent()) {
                filled.add(base.with(TextNode.valueOf(target.get()), Source.INVENTORY, step.inventorySource()));
            } else {
                filled.add(known.map(value -> base.with(value, Source.INVENTORY, null))
                        .orElse(base));
            }
        }
        return step.withVariables(filled);
    }

    private static Optional<String> targetValue(PlannedStep step, String name) {
        if (ONE_HOST.contains(name) && step.hosts().size() == 1) {
            return Optional.of(step.hosts().getFirst());
        }
        return HOSTS.contains(name) && !step.hosts().isEmpty()
                ? Optional.of(String.join(",", step.hosts()))
                : Optional.empty();
    }

    static List<Question> missing(PlannedStep step) {
        return step.variables().stream()
                .filter(v -> v.required() && v.value() == null)
                .map(v -> Question.ofStep(
                        Code.MISSING_VARIABLE,
                        step,
                        step.playbook() + " needs a value for " + v.name() + ".",
                        v.name()))
                .toList();
    }
}
