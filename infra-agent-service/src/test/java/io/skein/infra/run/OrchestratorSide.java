package io.skein.infra.run;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.skein.contracts.Ids;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.Chunks;
import io.skein.contracts.agent.StepDigest;
import io.skein.contracts.agent.WorkChunk;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.topology.BrokerIdentity;
import io.skein.contracts.topology.Queue;
import io.skein.infra.catalogue.Catalogue;
import io.skein.infra.inventory.Inventories;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestBroker;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Orders as the orchestrator gives them, bound to what is in the repository when they are made, and the answers. */
final class OrchestratorSide implements AutoCloseable {

    static final String INVENTORY = "inventories/homelab/hosts.yml";

    private static final BrokerIdentity ORCHESTRATOR = new BrokerIdentity.Service("orchestrator-service");

    private final TestBroker broker = new TestBroker();
    private final Connection connection;
    final List<AgentMessage> answers = new CopyOnWriteArrayList<>();

    private OrchestratorSide(Connection connection) {
        this.connection = connection;
    }

    static OrchestratorSide listen() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(SkeinInfrastructure.currentRabbitUri());
        OrchestratorSide side = new OrchestratorSide(factory.newConnection("orchestrator-side"));
        await().atMost(20, SECONDS).until(side::topologyIsThere);
        side.connection
                .createChannel()
                .basicConsume(
                        Queue.ORCHESTRATOR_WORK.wire(),
                        true,
                        (tag, delivery) -> side.answers.add(AgentMessage.fromJson(delivery.getBody())),
                        tag -> {});
        return side;
    }

    /** What somebody approves now. */
    static WorkRequest approved(
            Catalogue catalogue,
            Inventories inventories,
            String type,
            String playbook,
            List<String> hosts,
            Map<String, JsonNode> variables) {
        String content = catalogue.readNow(playbook).orElseThrow().contentSha256();
        String inventory = inventories.get(INVENTORY).orElseThrow().contentSha256();
        return new WorkRequest(
                type,
                Ids.next(),
                Ids.next(),
                1,
                playbook,
                content,
                INVENTORY,
                hosts,
                variables,
                type.equals(WorkRequest.ANSIBLE_PREVIEW),
                Map.of(),
                120,
                "default",
                "ada",
                inventory,
                StepDigest.of(playbook, content, INVENTORY, inventory, hosts, variables));
    }

    UUID send(WorkRequest request) {
        UUID id = Ids.next();
        send(id, request);
        return id;
    }

    void send(UUID id, WorkRequest request) {
        try {
            broker.as(ORCHESTRATOR)
                    .send("request.infra.default", AgentMessage.create("orchestrator", "infra", null, id, request));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    WorkResult result(UUID id) {
        await().atMost(180, SECONDS).until(() -> !results(id).isEmpty());
        return results(id).getFirst();
    }

    List<AgentMessage> of(UUID id) {
        return answers.stream().filter(a -> a.requestId().equals(id)).toList();
    }

    List<WorkResult> results(UUID id) {
        List<AgentMessage> parts = of(id).stream()
                .filter(a -> a.payload() instanceof WorkChunk)
                .sorted(Comparator.comparingInt(a -> ((WorkChunk) a.payload()).index()))
                .toList();
        if (!parts.isEmpty() && parts.size() == ((WorkChunk) parts.getFirst().payload()).count()) {
            List<byte[]> data =
                    parts.stream().map(p -> ((WorkChunk) p.payload()).data()).toList();
            return List.of((WorkResult) Chunks.join(data, parts.getFirst()).payload());
        }
        return of(id).stream()
                .map(AgentMessage::payload)
                .filter(WorkResult.class::isInstance)
                .map(WorkResult.class::cast)
                .toList();
    }

    private boolean topologyIsThere() {
        try (Channel probe = connection.createChannel()) {
            probe.queueDeclarePassive(Queue.INFRA_WORK.of("default"));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    @Override
    public void close() throws Exception {
        broker.close();
        connection.close();
    }
}
