package io.skein.e2e;

import static io.skein.e2e.BrokerAccess.publishing;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.topology.Queue;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody holds the real broker credentials of one member of the fleet and tries to speak for another. Two fences: the
 * broker's permissions, and, where an administrator loosened these, the reader's own check.
 */
class BrokerIdentityIT {

    private static final String LOCK = "lock-service";
    private static final OptionalInt REFUSED = OptionalInt.of(AMQP.ACCESS_REFUSED);
    private static final OptionalInt LIE = OptionalInt.of(AMQP.PRECONDITION_FAILED);

    private static final NodeHeartbeat.Resources RESOURCES =
            new NodeHeartbeat.Resources("forged", "amd64", 64, 0, List.of(), 1L << 40, 1L << 40, List.of(), List.of());

    private final Fleet fleet = Fleet.running();
    private final BrokerAccess broker = new BrokerAccess(fleet);

    @AfterEach
    void tighten() {
        fleet.up();
    }

    @Test
    void aDesktopAgentsCredentialsAreGoodForItsOwnHeartbeatsOnly() throws Exception {
        String desktop = broker.desktopAgent();
        String self = desktop.substring(desktop.lastIndexOf('~') + 1);
        JsonNode plan = runningPlan("weed-garden.yml", "Weed the garden");
        UUID step = UUID.fromString(plan.path("steps").get(0).path("id").asText());

        assertEquals(OptionalInt.empty(), send(desktop, Exchange.HEARTBEATS, "node." + self, heartbeat(self)));
        assertEquals(REFUSED, send(desktop, Exchange.HEARTBEATS, "node.ghost", heartbeat("ghost")));
        assertEquals(REFUSED, send(desktop, Exchange.WORK, "result.infra.infra-agent-1", result(plan, step)));
        assertEquals(REFUSED, send(desktop, Exchange.EVENTS, "normal.plan.approved", approved(plan)));
        assertEquals(
                LIE,
                broker.refusal(
                        desktop,
                        publishing("registry-service", Exchange.HEARTBEATS.wire(), "node." + self, heartbeat(self))));
        for (Queue.Declaration queue : Queue.declarations(List.of("default"))) {
            assertEquals(
                    REFUSED, broker.refusal(desktop, channel -> channel.basicGet(queue.name(), true)), queue.name());
            assertEquals(REFUSED, send(desktop, "", queue.name(), result(plan, step)), queue.name());
        }
        assertEquals(REFUSED, broker.refusal(desktop, channel -> channel.queueDeclare()));
        assertEquals(REFUSED, broker.refusal(desktop, channel -> channel.queueDelete(Queue.AUDIT_EVENTS.wire())));
        assertEquals(
                REFUSED,
                broker.refusal(desktop, channel -> channel.exchangeDeclare("mine", BuiltinExchangeType.TOPIC)));
        assertEquals(
                REFUSED,
                broker.refusal(
                        desktop, channel -> channel.queueBind(Queue.AUDIT_EVENTS.wire(), Exchange.WORK.wire(), "#")));

        assertEquals(404, fleet.get("/api/v1/nodes/ghost").status());
        assertEquals(
                "completed",
                fleet.awaitPlan(plan.path("id").asText(), ofMinutes(1), p -> p.path("finishedAt")
                                .isTextual())
                        .path("status")
                        .asText(),
                "it went its way as if nobody had said anything");
    }

    @Test
    void aServicesCredentialsAreGoodForItsOwnEventsOnly() throws Exception {
        JsonNode plan = runningPlan("rake-leaves.yml", "Rake the leaves");
        UUID step = UUID.fromString(plan.path("steps").get(0).path("id").asText());
        assertEquals(REFUSED, send(LOCK, Exchange.WORK, "result.infra.infra-agent-1", result(plan, step)));
        assertEquals(REFUSED, send(LOCK, Exchange.EVENTS, "normal.plan.approved", approved(plan)));
        assertEquals(REFUSED, send(LOCK, Exchange.HEARTBEATS, "node.ghost", heartbeat("ghost")));
        assertEquals(REFUSED, broker.refusal(LOCK, channel -> channel.basicGet(Queue.AUDIT_EVENTS.wire(), true)));
        assertEquals(REFUSED, broker.refusal(LOCK, channel -> channel.queueDeclare()));

        // An agent takes its team's orders, and hears nothing else that goes over the exchange it answers on.
        String agent = "agent~default~infra-agent-1";
        assertEquals(REFUSED, send(agent, Exchange.WORK, "request.infra.default", result(plan, step)));
        assertEquals(REFUSED, send(agent, Exchange.WORK, "result.infra.infra-agent-2", result(plan, step)));
        assertEquals(REFUSED, broker.refusal(agent, channel -> {
            String own = channel.queueDeclare().getQueue();
            channel.queueBind(own, Exchange.WORK.wire(), "request.infra.blue.#");
        }));
        assertEquals(REFUSED, broker.refusal(agent, channel -> channel.basicGet(Queue.INFRA_WORK.of("blue"), true)));
        assertEquals(
                "completed",
                fleet.awaitPlan(plan.path("id").asText(), ofMinutes(1), p -> p.path("finishedAt")
                                .isTextual())
                        .path("status")
                        .asText());
    }

    @Test
    void whereTheBrokerLetsEverythingThroughTheReadersRefuseAndRecord() throws Exception {
        JsonNode plan = runningPlan("trim-hedge.yml", "Trim the hedge");
        UUID step = UUID.fromString(plan.path("steps").get(0).path("id").asText());
        broker.loosen(LOCK);

        assertEquals(OptionalInt.empty(), send(LOCK, Exchange.HEARTBEATS, "node.ghost", heartbeat("ghost")));
        JsonNode entry = refused(LOCK, "skein.registry.heartbeats");
        assertEquals("routing_key", entry.path("data").path("reason").asText());
        assertEquals("node.ghost", entry.path("data").path("routingKey").asText());
        assertEquals("/registry-service", entry.path("source").asText());

        assertEquals(OptionalInt.empty(), send(LOCK, Exchange.WORK, "result.infra.infra-agent-1", result(plan, step)));
        refused(LOCK, "skein.orchestrator.work");
        assertEquals(OptionalInt.empty(), send(LOCK, Exchange.EVENTS, "normal.plan.approved", approved(plan)));
        refused(LOCK, "skein.audit.events");

        // The broker's administrator is nobody of the fleet.
        assertEquals(
                OptionalInt.empty(), send(BrokerAccess.ADMIN, Exchange.HEARTBEATS, "node.ghost", heartbeat("ghost")));
        assertEquals(
                "unknown_sender",
                refused(BrokerAccess.ADMIN, "skein.registry.heartbeats")
                        .path("data")
                        .path("reason")
                        .asText());

        assertEquals(404, fleet.get("/api/v1/nodes/ghost").status());
        JsonNode done = fleet.awaitPlan(plan.path("id").asText(), ofMinutes(1), p -> p.path("finishedAt")
                .isTextual());
        assertEquals("completed", done.path("status").asText(), "not failed, as the forged result said");
        assertTrue(fleet.get("/api/v1/audit/entries?type=plan.approved&planId="
                        + plan.path("id").asText())
                .body()
                .path("items")
                .valueStream()
                .noneMatch(item -> item.path("actor").asText().equals("mallory")));
    }

    /** The weak variant: without the check the same heartbeat makes a machine. So it is the check that refuses it above. */
    @Test
    void withTheCheckOffTheForgedHeartbeatIsBelieved() throws Exception {
        fleet.restart("registry-service", Map.of("SKEIN_MESSAGING_SENDER_CHECK", "off"));
        // After the restart, which gives everybody their own rights again.
        broker.loosen(LOCK);
        try {
            assertEquals(OptionalInt.empty(), send(LOCK, Exchange.HEARTBEATS, "node.planted", heartbeat("planted")));
            Awaitility.await()
                    .atMost(ofSeconds(20))
                    .until(() -> fleet.get("/api/v1/nodes/planted").status() == 200);
        } finally {
            fleet.restart("registry-service", Map.of());
            fleet.delete("/api/v1/nodes/planted");
        }
    }

    private OptionalInt send(String user, Exchange exchange, String key, byte[] body) throws Exception {
        return send(user, exchange.wire(), key, body);
    }

    private OptionalInt send(String user, String exchange, String key, byte[] body) throws Exception {
        return broker.refusal(user, publishing(user, exchange, key, body));
    }

    private static byte[] heartbeat(String node) {
        return WireFormat.write(
                new NodeHeartbeat(node, "default", "forged", Instant.now(), 30, false, Map.of(), RESOURCES));
    }

    private static byte[] result(JsonNode plan, UUID step) {
        return AgentMessage.create(
                        "infra-agent-1",
                        "orchestrator",
                        null,
                        step,
                        new WorkResult(
                                UUID.fromString(plan.path("id").asText()),
                                step,
                                WorkResult.Outcome.FAILED,
                                1,
                                "forged",
                                1,
                                Map.of(),
                                List.of(),
                                List.of(),
                                null,
                                Instant.now(),
                                Instant.now()))
                .toJson();
    }

    private static byte[] approved(JsonNode plan) {
        return WireFormat.write(SkeinEvent.of("plan.approved")
                .source("/orchestrator-service")
                .actor("mallory")
                .subject(plan.path("id").asText())
                .planId(UUID.fromString(plan.path("id").asText()))
                .build());
    }

    /** The newest audit entry that says so. */
    private JsonNode refused(String sender, String queue) {
        return Awaitility.await().atMost(ofSeconds(30)).until(() -> find(sender, queue), entry -> entry != null);
    }

    private JsonNode find(String sender, String queue) {
        for (JsonNode entry :
                fleet.get("/api/v1/audit/entries?type=message.refused").body().path("items")) {
            JsonNode data = entry.path("data");
            if (data.path("sender").asText().equals(sender)
                    && data.path("queue").asText().equals(queue)) {
                return entry;
            }
        }
        return null;
    }

    /** A plan whose only step runs for some seconds. */
    private JsonNode runningPlan(String file, String name) throws IOException {
        Path playbook = fleet.playbooks().resolve(file);
        Files.writeString(playbook, """
                ---
                # skein:description=%s
                # skein:risk=low
                - name: %s
                  hosts: nas01
                  gather_facts: false
                  tasks:
                    - name: Take time
                      ansible.builtin.command: sleep 8
                      changed_when: false
                """.formatted(name, name));
        JsonNode[] plan = new JsonNode[1];
        Awaitility.await().atMost(ofSeconds(20)).pollInterval(ofSeconds(1)).until(() -> {
            plan[0] = fleet.post("/api/v1/requests", Map.of("text", name, "allowDuplicate", true))
                    .body();
            return plan[0].path("status").asText().equals("awaiting_approval")
                    && plan[0].path("steps").size() == 1;
        });
        String id = plan[0].path("id").asText();
        assertEquals(
                200, fleet.post("/api/v1/plans/" + id + "/approve", Map.of()).status());
        return fleet.awaitPlan(
                id,
                ofSeconds(30),
                p -> p.path("steps").get(0).path("status").asText().equals("running"));
    }
}
