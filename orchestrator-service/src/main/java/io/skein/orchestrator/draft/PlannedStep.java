package io.skein.orchestrator.draft;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.agent.StepDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One playbook run as proposed.
 *
 * @param id identity of the step in its plan version; the request id of its work
 * @param number 1, 2, 3 … in the order shown
 * @param clause the words it comes from
 * @param playbookHash digest of the playbook with all it pulls in
 * @param service what the playbook is about, or null
 * @param hostPattern the playbook's Ansible host pattern
 * @param dependsOn numbers of the steps that have to be completed before
 * @param inventory path of the inventory, or null while it is not known
 * @param inventorySource why this inventory, for a person
 * @param hosts the hosts it runs on
 * @param estimateSource history, playbook or default
 * @param risk low, medium or high
 * @param agent who is to run it, or null when nobody is there now
 * @param matchConfidence 0..1, how sure the matching is
 * @param stage steps of a later stage start after those of the earlier ones
 * @param refersBack the clause speaks of the step before
 * @param inventoryHash digest of the inventory with its variable files, or null while it is not known
 */
public record PlannedStep(
        UUID id,
        int number,
        String name,
        String clause,
        String playbook,
        String playbookId,
        String playbookHash,
        String service,
        String hostPattern,
        List<Integer> dependsOn,
        List<PlannedVariable> variables,
        String inventory,
        String inventoryName,
        String inventorySource,
        List<String> hosts,
        Needs resources,
        long estimatedSeconds,
        String estimateSource,
        String risk,
        String agent,
        double matchConfidence,
        Score score,
        int stage,
        boolean refersBack,
        String inventoryHash) {

    public PlannedStep {
        dependsOn = dependsOn == null ? List.of() : List.copyOf(dependsOn);
        variables = variables == null ? List.of() : List.copyOf(variables);
        hosts = hosts == null ? List.of() : List.copyOf(hosts);
        resources = resources == null ? Needs.NOTHING : resources;
    }

    public PlannedStep renumbered(UUID newId, int newNumber, List<Integer> newDependsOn) {
        return with(copy -> {
            copy.id = newId;
            copy.number = newNumber;
            copy.dependsOn = newDependsOn;
        });
    }

    public PlannedStep atStage(int newStage, boolean newRefersBack) {
        return with(copy -> {
            copy.stage = newStage;
            copy.refersBack = newRefersBack;
        });
    }

    public PlannedStep withVariables(List<PlannedVariable> newVariables) {
        return with(copy -> copy.variables = newVariables);
    }

    public PlannedStep withInventory(
            String path, String inventoryTitle, String source, List<String> newHosts, String sha256) {
        return with(copy -> {
            copy.inventoryHash = sha256;
            copy.inventory = path;
            copy.inventoryName = inventoryTitle;
            copy.inventorySource = source;
            copy.hosts = newHosts;
        });
    }

    public PlannedStep withEstimate(long seconds, String source) {
        return with(copy -> {
            copy.estimatedSeconds = seconds;
            copy.estimateSource = source;
        });
    }

    public PlannedStep withAgent(String newAgent, Score newScore) {
        return with(copy -> {
            copy.agent = newAgent;
            copy.score = newScore;
        });
    }

    /** The step with one variable changed; unchanged when it has none of that name. */
    public PlannedStep withVariable(String variable, UnaryOperator<PlannedVariable> change) {
        return withVariables(variables.stream()
                .map(v -> v.name().equals(variable) ? change.apply(v) : v)
                .toList());
    }

    /** What is handed over to the run, by name. */
    public Map<String, JsonNode> given() {
        Map<String, JsonNode> given = new TreeMap<>();
        variables.stream()
                .filter(PlannedVariable::isGiven)
                .forEach(variable -> given.put(variable.name(), variable.value()));
        return given;
    }

    /** What is approved of this step, as one number; whoever runs it computes it again. */
    public String sha256() {
        return StepDigest.of(playbook, playbookHash, inventory, inventoryHash, hosts, given());
    }

    public Optional<PlannedVariable> variable(String variable) {
        return variables.stream().filter(v -> v.name().equals(variable)).findFirst();
    }

    private PlannedStep with(Consumer<Copy> change) {
        Copy copy = new Copy();
        change.accept(copy);
        return new PlannedStep(
                copy.id,
                copy.number,
                name,
                clause,
                playbook,
                playbookId,
                playbookHash,
                service,
                hostPattern,
                copy.dependsOn,
                copy.variables,
                copy.inventory,
                copy.inventoryName,
                copy.inventorySource,
                copy.hosts,
                resources,
                copy.estimatedSeconds,
                copy.estimateSource,
                risk,
                copy.agent,
                matchConfidence,
                copy.score,
                copy.stage,
                copy.refersBack,
                copy.inventoryHash);
    }

    /** What may differ in a copy; begins as it is. */
    private final class Copy {
        private UUID id = PlannedStep.this.id;
        private int number = PlannedStep.this.number;
        private List<Integer> dependsOn = PlannedStep.this.dependsOn;
        private List<PlannedVariable> variables = PlannedStep.this.variables;
        private String inventory = PlannedStep.this.inventory;
        private String inventoryName = PlannedStep.this.inventoryName;
        private String inventorySource = PlannedStep.this.inventorySource;
        private List<String> hosts = PlannedStep.this.hosts;
        private long estimatedSeconds = PlannedStep.this.estimatedSeconds;
        private String estimateSource = PlannedStep.this.estimateSource;
        private String agent = PlannedStep.this.agent;
        private Score score = PlannedStep.this.score;
        private int stage = PlannedStep.this.stage;
        private boolean refersBack = PlannedStep.this.refersBack;
        private String inventoryHash = PlannedStep.this.inventoryHash;
    }
}
