package io.skein.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.agent.StepDigest;
import io.skein.contracts.agent.WorkRequest;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Both ends of the protocol compute the same number, whatever stores and parsers a value went through. */
class StepDigestContractTest {

    private static String digest(Map<String, JsonNode> variables) {
        return StepDigest.of("a.yml", "c1", "hosts.yml", "i1", List.of("web01", "nas01"), variables);
    }

    @Test
    void theGoldenSampleHasTheNumberOfItsContent() throws IOException {
        try (InputStream in =
                StepDigestContractTest.class.getResourceAsStream("/golden/1.0/work_request_of_preview.json")) {
            WorkRequest request =
                    (WorkRequest) AgentMessage.fromJson(in.readAllBytes()).payload();
            // Computed by another program from the description in docs/protocol.md.
            assertEquals("88f0280fb244510ecaf6490ffe54b6d9dab10c564ef278fa51475d5f044aab3b", request.approvedSha256());
            assertEquals(
                    request.approvedSha256(),
                    StepDigest.of(request, request.contentSha256(), request.inventorySha256()));
        }
    }

    @Test
    void aNumberIsTheSameAfterAnyStore() throws IOException {
        JsonNode parsed = WireFormat.mapper().readTree("{\"a\":1.0E10,\"b\":3001,\"c\":0.10,\"d\":0.0}");
        // As PostgreSQL's jsonb gives it back.
        JsonNode stored = WireFormat.mapper().readTree("{\"d\":0,\"c\":0.10,\"b\":3001,\"a\":10000000000}");
        assertEquals(digest(Map.of("x", parsed)), digest(Map.of("x", stored)));
        assertEquals(digest(Map.of("x", IntNode.valueOf(5))), digest(Map.of("x", LongNode.valueOf(5))));
        assertEquals(digest(Map.of("x", DoubleNode.valueOf(5.0))), digest(Map.of("x", IntNode.valueOf(5))));
        assertEquals(
                "{\"a\":\"\\\"\",\"b\":[true,null,-0.5]}",
                StepDigest.canonical(WireFormat.mapper().readTree("{\"b\":[true,null,-5e-1],\"a\":\"\\\"\"}")));
    }

    @Test
    void everyPartCounts() {
        Map<String, JsonNode> port = Map.of("port", IntNode.valueOf(1));
        String approved = digest(port);
        assertEquals(
                approved,
                StepDigest.of("a.yml", "c1", "hosts.yml", "i1", List.of("nas01", "web01"), port),
                "the order of hosts means nothing");
        for (String other : List.of(
                StepDigest.of("b.yml", "c1", "hosts.yml", "i1", List.of("web01", "nas01"), port),
                StepDigest.of("a.yml", "c2", "hosts.yml", "i1", List.of("web01", "nas01"), port),
                StepDigest.of("a.yml", "c1", "host.yml", "i1", List.of("web01", "nas01"), port),
                StepDigest.of("a.yml", "c1", "hosts.yml", "i2", List.of("web01", "nas01"), port),
                StepDigest.of("a.yml", "c1", "hosts.yml", null, List.of("web01", "nas01"), port),
                StepDigest.of("a.yml", "c1", "hosts.yml", "i1", List.of("web01"), port),
                digest(Map.of("port", IntNode.valueOf(2))),
                digest(Map.of("port", TextNode.valueOf("1"))),
                digest(Map.of("Port", IntNode.valueOf(1))),
                digest(Map.of()))) {
            assertNotEquals(approved, other);
        }
    }
}
