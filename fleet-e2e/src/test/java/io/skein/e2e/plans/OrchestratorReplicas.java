package io.skein.e2e.plans;

import io.skein.e2e.Fleet;
import io.skein.e2e.Replica;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two processes of the orchestrator in the place of the fleet's own, which is stopped meanwhile, and an infra agent whose Ansible is
 * {@link StormPlaybooks}'.
 */
final class OrchestratorReplicas implements AutoCloseable {

    static final int REPLICAS = 2;

    private final Fleet fleet;
    private final Replica agent;
    private final List<Replica> replicas = new ArrayList<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    OrchestratorReplicas(Fleet fleet, Path ansible) throws IOException {
        this.fleet = fleet;
        agent = Replica.of(
                fleet,
                "infra-agent-service",
                Map.of("SKEIN_INFRA_AGENT_ANSIBLE_BIN", ansible.toString(), "SKEIN_INFRA_AGENT_SLOTS", "4"),
                log("infra-agent-service-storm"));
        Map<String, String> changed = new HashMap<>(Map.of("SKEIN_INFRA_AGENT_URL", agent.url()));
        // Previews are no steps of the plan, and would keep the machine as busy as these.
        changed.put("SKEIN_PREVIEW_ENABLED", "false");
        // What a killed process had claimed is gone on with before the storm is over.
        changed.put("SKEIN_ORCHESTRATOR_DISPATCH_CLAIM_TIME", "3s");
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(Replica.of(fleet, "orchestrator-service", changed, log("orchestrator-service-storm-" + i)));
        }
    }

    /** From now on these are the ones; until {@link #close}, also when they do not get ready. */
    void takeOver() throws IOException {
        fleet.kill("infra-agent-service");
        fleet.kill("orchestrator-service");
        agent.start();
        for (Replica replica : replicas) {
            replica.start();
        }
        agent.awaitReady(http);
        replicas.forEach(replica -> replica.awaitReady(http));
    }

    private Path log(String name) {
        return fleet.state().resolve("logs/" + name + ".log");
    }

    List<String> urls() {
        return replicas.stream().map(Replica::url).toList();
    }

    /** {@code kill -9}. */
    void kill(int which) throws InterruptedException {
        replicas.get(which).kill();
    }

    /** Another process in the place of a killed one; it is not ready yet. */
    void start(int which) throws IOException {
        replicas.get(which).start();
    }

    void awaitReady(int which) {
        replicas.get(which).awaitReady(http);
    }

    /** Every process runs this program from now on. */
    void run(Path program) throws IOException, InterruptedException {
        for (Replica replica : replicas) {
            replica.kill();
            replica.from(program).start();
        }
        replicas.forEach(replica -> replica.awaitReady(http));
    }

    /** The folder of the program they run. */
    Path program() {
        return replicas.getFirst().application();
    }

    @Override
    public void close() throws InterruptedException {
        for (Replica replica : replicas) {
            replica.close();
        }
        agent.close();
        http.close();
        fleet.up();
    }
}
