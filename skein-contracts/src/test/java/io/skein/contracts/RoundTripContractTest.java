package io.skein.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import io.skein.contracts.agent.AgentError;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.AgentPayload;
import io.skein.contracts.agent.WorkCancel;
import io.skein.contracts.agent.WorkChunk;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.agent.WorkResult;
import io.skein.contracts.agent.WorkStatus;
import io.skein.contracts.event.EventTypes;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripContractTest {

    private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

    static Stream<AgentPayload> payloads() {
        return Stream.of(
                new WorkRequest(
                        WorkRequest.ANSIBLE_PLAYBOOK,
                        ID,
                        ID,
                        1,
                        "uptime-kuma/deploy.yml",
                        "ab12",
                        "inventories/homelab/hosts.yml",
                        List.of("nas01"),
                        Map.of("kuma_port", TextNode.valueOf("3001")),
                        false,
                        Map.of("host:nas01", 7L),
                        600,
                        "default",
                        "ada"),
                new WorkRequest(
                        WorkRequest.ANSIBLE_PREVIEW,
                        ID,
                        ID,
                        1,
                        "uptime-kuma/deploy.yml",
                        "ab12",
                        "inventories/homelab/hosts.yml",
                        List.of("nas01"),
                        Map.of(),
                        true,
                        Map.of(),
                        60,
                        "default",
                        "ada",
                        "cd34",
                        "ef56"),
                new WorkChunk("work_result", ID, 1, 3, "ab12", new byte[] {0, -1, 7}),
                new WorkCancel(ID, "asked by ada"),
                new WorkStatus(
                        ID,
                        ID,
                        3,
                        WorkStatus.Phase.TASK,
                        AT,
                        new WorkStatus.TaskResult(
                                "Deploy",
                                "Write compose file",
                                "ansible.builtin.template",
                                "nas01",
                                WorkStatus.TaskOutcome.CHANGED,
                                false,
                                120,
                                "",
                                null)),
                new WorkResult(
                        ID,
                        ID,
                        WorkResult.Outcome.FAILED,
                        2,
                        "task failed",
                        3,
                        Map.of("nas01", new WorkResult.HostRecap(1, 1, 1, 0, 0)),
                        List.of("no Docker engine"),
                        List.of(new WorkResult.Suggestion("standards", "low", "name[play]", "Name it", "a.yml", 1)),
                        new WorkResult.Usage(1000, 800, 1L << 20),
                        AT,
                        AT),
                new AgentError(ID, AgentError.Code.UNSUPPORTED_WORK_TYPE, "no such work"));
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void everyPayloadSurvivesTheWire(AgentPayload payload) throws Exception {
        AgentMessage message =
                new AgentMessage(ID, "orchestrator", "infra", AT, "0af7651916cd43dd8448eb211c80319c", ID, payload);

        AgentMessage read = AgentMessage.fromJson(message.toJson());

        assertEquals(message, read);
        JsonNode json = WireFormat.mapper().readTree(message.toJson());
        assertEquals("1.0", json.path("protocol_version").asText());
        assertEquals(payload.type(), json.path("type").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"protocol_version\":\"2.0\"}",
                "{\"protocol_version\":\"1.0\",\"type\":\"work_poem\"}",
                "{\"protocol_version\":\"1.0\",\"type\":\"work_cancel\",\"message_id\":\"x\"}",
                "not json"
            })
    void anythingElseIsMalformed(String json) {
        assertThrows(
                MalformedMessageException.class, () -> AgentMessage.fromJson(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void hopsAreCountedFromOneAndLeftOutAtNone() {
        SkeinEvent none =
                SkeinEvent.of("backup.finished").source("/runtime-service").build();
        SkeinEvent second = SkeinEvent.of("backup.finished")
                .source("/runtime-service")
                .hops(2)
                .build();

        assertEquals(false, WireFormat.writeString(none).contains("hops"), "an older reader sees what it knows");
        assertEquals(
                2, WireFormat.read(WireFormat.write(second), SkeinEvent.class).hops());
        assertEquals(2, new JsonFormat().deserialize(WireFormat.write(second)).getExtension("hops"));
        assertEquals(
                null,
                SkeinEvent.of("backup.finished")
                        .source("/runtime-service")
                        .hops(-3)
                        .build()
                        .hops());
    }

    @Test
    void anEventIsACloudEvent() {
        SkeinEvent event = SkeinEvent.of(EventTypes.PLAN_APPROVED)
                .id(ID)
                .source("/orchestrator-service")
                .subject(ID)
                .time(AT)
                .priority(Priority.HIGH)
                .actor("ada")
                .planId(ID)
                .data(Map.of("version", 1))
                .build();

        CloudEvent cloudEvent = new JsonFormat().deserialize(WireFormat.write(event));

        assertEquals("plan.approved", cloudEvent.getType());
        assertEquals("high", cloudEvent.getExtension("priority"));
        assertEquals(ID.toString(), cloudEvent.getExtension("planid"));
        assertEquals(event, WireFormat.read(WireFormat.write(event), SkeinEvent.class));
        assertEquals("high.plan.approved", event.routingKey());
    }

    /** A text that was cut in the middle of an emoji: written as it is nobody could read the whole message. */
    @Test
    void halfACharacterMakesNoMessageUnreadable() {
        SkeinEvent event = SkeinEvent.of("a.b")
                .source("/x")
                .subject("cut \uD83D")
                .data(Map.of("\uDE00", "\uD83D\uD83D\uDE00"))
                .build();
        SkeinEvent read = WireFormat.read(WireFormat.write(event), SkeinEvent.class);
        assertEquals("cut \uFFFD", read.subject());
        assertEquals("\uFFFD\uD83D\uDE00", read.data().path("\uFFFD").asText());
    }
}
