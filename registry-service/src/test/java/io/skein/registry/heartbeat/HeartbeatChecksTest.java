package io.skein.registry.heartbeat;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import io.skein.registry.Wire;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatChecksTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void whatADesktopAgentSendsPasses() {
        HeartbeatChecks.node(Wire.alive("nas01", NOW, 0.5), "node.nas01");
        HeartbeatChecks.node(Wire.goodbye("nas01", NOW), "node.nas01");
        HeartbeatChecks.agent(agent(), "agent.infra-agent-1");
    }

    @Test
    void nobodySpeaksForAnother() {
        malformed(() -> HeartbeatChecks.node(Wire.alive("nas01", NOW, 0.5), "node.nas02"));
        malformed(() -> HeartbeatChecks.agent(agent(), "agent.other"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/node|\"a b\"",
                "/node|\"\"",
                "/team|null",
                "/team|\"../x\"",
                "/sentAt|null",
                "/intervalSeconds|0",
                "/intervalSeconds|3601",
                "/labels|{\"k\":\"$long\"}",
                "/resources|null",
                "/resources/cpuCores|0",
                "/resources/cpuUsedFraction|1.5",
                "/resources/cpuUsedFraction|\"NaN\"",
                "/resources/loadAverages|[-1]",
                "/resources/loadAverages|[1,2,3,4]",
                "/resources/memoryTotalBytes|0",
                "/resources/memoryAvailableBytes|-1",
                "/resources/memoryAvailableBytes|99999999999999",
                "/resources/disks/0/freeBytes|999999999999999",
                "/resources/disks/0/mount|null",
                "/resources/gpus/0/vramFreeBytes|999999999999999",
                "/resources/gpus/0/name|\"\"",
            })
    void aFigureThatCannotBeIsRefused(String pointer, String json) throws Exception {
        ObjectNode heartbeat = WireFormat.mapper().valueToTree(Wire.alive("nas01", NOW, 0.5));
        int slash = pointer.lastIndexOf('/');
        var parent = heartbeat.at(pointer.substring(0, slash));
        var value = WireFormat.mapper().readTree(json.replace("$long", "x".repeat(256)));
        ((ObjectNode) parent).set(pointer.substring(slash + 1), value);

        malformed(() -> HeartbeatChecks.node(
                WireFormat.read(WireFormat.write(heartbeat), NodeHeartbeat.class),
                "node." + heartbeat.path("node").asText()));
    }

    @Test
    void listsAreBounded() {
        ObjectNode heartbeat = WireFormat.mapper().valueToTree(Wire.alive("nas01", NOW, 0.5));
        ArrayNode disks = (ArrayNode) heartbeat.at("/resources/disks");
        for (int i = 0; i < 64; i++) {
            disks.add(disks.get(0).deepCopy());
        }

        malformed(() ->
                HeartbeatChecks.node(WireFormat.read(WireFormat.write(heartbeat), NodeHeartbeat.class), "node.nas01"));
    }

    @Test
    void sizeAndNulAreLookedAtBeforeParsing() {
        HeartbeatChecks.size(new byte[64 * 1024]);
        malformed(() -> HeartbeatChecks.size(new byte[64 * 1024 + 1]));
        malformed(() ->
                HeartbeatChecks.size("{\"node\":\"a\\u0000\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void agentsAreCheckedToo() {
        malformed(() -> HeartbeatChecks.agent(
                new AgentHeartbeat("a", "infra", "nas01", "default", "1", List.of(), 0, 0, NOW, 10, false), "agent.a"));
        malformed(() -> HeartbeatChecks.agent(
                new AgentHeartbeat("a", "infra", "nas01", "default", "1", List.of(""), 1, 0, NOW, 10, false),
                "agent.a"));
        malformed(() -> HeartbeatChecks.agent(
                new AgentHeartbeat("a", "infra", "nas01", "default", "1", List.of(), 1, -1, NOW, 10, false),
                "agent.a"));
    }

    private static AgentHeartbeat agent() {
        return new AgentHeartbeat(
                "infra-agent-1",
                "infra",
                "nas01",
                "default",
                "0.1.0",
                List.of("ansible.playbook"),
                2,
                0,
                NOW,
                10,
                false);
    }

    private static void malformed(org.junit.jupiter.api.function.Executable executable) {
        assertThrows(MalformedMessageException.class, executable);
    }
}
