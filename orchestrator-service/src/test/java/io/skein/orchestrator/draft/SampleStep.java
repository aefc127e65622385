package io.skein.orchestrator.draft;

import io.skein.contracts.Ids;
import java.util.List;
import java.util.UUID;

/** A step as a planner might propose it, of which a test says only what it is about. */
public final class SampleStep {
    private final String playbook;
    private UUID id = Ids.next();
    private int number = 1;
    private String name;
    private String service;
    private List<PlannedVariable> variables = List.of();
    private List<String> hosts = List.of();
    private Needs needs;
    private long seconds = 10;
    private int stage;
    private boolean refersBack;
    private String inventoryHash;

    private SampleStep(String playbook) {
        this.playbook = playbook;
        this.name = playbook;
    }

    public static SampleStep of(String playbook) {
        return new SampleStep(playbook);
    }

    public SampleStep id(UUID newId) {
        id = newId;
        return this;
    }

    public SampleStep number(int newNumber) {
        number = newNumber;
        return this;
    }

    public SampleStep name(String newName) {
        name = newName;
        return this;
    }

    public SampleStep service(String newService) {
        service = newService;
        return this;
    }

    public SampleStep variables(PlannedVariable... newVariables) {
        variables = List.of(newVariables);
        return this;
    }

    public SampleStep hosts(List<String> newHosts) {
        hosts = newHosts;
        return this;
    }

    public SampleStep needs(Needs newNeeds) {
        needs = newNeeds;
        return this;
    }

    public SampleStep seconds(long newSeconds) {
        seconds = newSeconds;
        return this;
    }

    public SampleStep stage(int newStage, boolean newRefersBack) {
        stage = newStage;
        refersBack = newRefersBack;
        return this;
    }

    public SampleStep inventoryHash(String newHash) {
        inventoryHash = newHash;
        return this;
    }

    public PlannedStep build() {
        return new PlannedStep(
                id,
                number,
                name,
                "as asked",
                playbook,
                "id",
                "sha",
                service,
                "all",
                List.of(),
                variables,
                "inventory",
                "inventory",
                null,
                hosts,
                needs,
                seconds,
                "default",
                "low",
                null,
                1,
                null,
                stage,
                refersBack,
                inventoryHash);
    }
}
