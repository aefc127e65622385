package io.skein.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.skein.contracts.agent.AgentMessage;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.heartbeat.AgentHeartbeat;
import io.skein.contracts.heartbeat.NodeHeartbeat;
import io.skein.contracts.topology.Exchange;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples of released versions, the AsyncAPI document and the Java records say the same. */
class GoldenSamplesContractTest {

    private static final String BASE = "https://skein.invalid/asyncapi.json";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "work_request",
                "work_request_of_preview",
                "work_result_of_preview",
                "work_result_of_change",
                "work_chunk",
                "work_cancel",
                "work_status",
                "work_result",
                "error",
                "event",
                "event_of_agent",
                "node_heartbeat",
                "agent_heartbeat"
            })
    void sampleIsReadWithoutLossAndMatchesTheDocument(String name) throws IOException {
        byte[] sample = resource("/golden/1.0/" + name + ".json");
        JsonNode expected = WireFormat.mapper().readTree(sample);

        JsonNode again = WireFormat.mapper().readTree(rewrite(name, sample));

        assertEquals(expected, again, "reading and writing " + name + " loses or adds something");
        assertTrue(violations(name, expected).isEmpty(), () -> violations(name, expected)
                .toString());
    }

    @Test
    void theSchemaCanRefuse() throws IOException {
        ObjectNode sample = (ObjectNode) WireFormat.mapper().readTree(resource("/golden/1.0/work_status.json"));
        sample.remove("request_id");
        ((ObjectNode) sample.get("payload")).put("phase", "dreaming");

        assertEquals(2, violations("work_status", sample).size());
    }

    @Test
    void aNewerSendersExtraMembersAreIgnored() throws IOException {
        ObjectNode sample = (ObjectNode) WireFormat.mapper().readTree(resource("/golden/1.0/work_result.json"));
        sample.put("protocol_version", "1.7");
        ((ObjectNode) sample.get("payload")).put("mood", "good");

        assertNotNull(AgentMessage.fromJson(WireFormat.write(sample)));
    }

    @Test
    void theDocumentNamesTheExchangesInUse() throws IOException {
        JsonNode channels = document().path("channels");
        List<String> addresses = new ArrayList<>();
        channels.forEach(channel -> addresses.add(channel.path("address").asText()));
        for (Exchange exchange : List.of(Exchange.WORK, Exchange.EVENTS, Exchange.HEARTBEATS)) {
            assertTrue(addresses.contains(exchange.wire()), exchange.wire());
        }
        assertFalse(addresses.isEmpty());
    }

    private static byte[] rewrite(String name, byte[] sample) {
        return switch (name) {
            case "event", "event_of_agent" -> WireFormat.write(WireFormat.read(sample, SkeinEvent.class));
            case "node_heartbeat" -> WireFormat.write(WireFormat.read(sample, NodeHeartbeat.class));
            case "agent_heartbeat" -> WireFormat.write(WireFormat.read(sample, AgentHeartbeat.class));
            default -> AgentMessage.fromJson(sample).toJson();
        };
    }

    private static List<Error> violations(String name, JsonNode message) {
        try {
            String document = WireFormat.mapper().writeValueAsString(document());
            SchemaRegistry registry = SchemaRegistry.withDialect(
                    Dialects.getDraft202012(),
                    builder -> builder.schemas(uri -> uri.startsWith(BASE) ? document : null));
            Schema schema = registry.getSchema(
                    SchemaLocation.of(BASE + "#/components/schemas/" + name.replaceFirst("_of_.*", "")));
            return schema.validate(message.toString(), InputFormat.JSON);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode document() throws IOException {
        return new YAMLMapper().readTree(resource("/asyncapi/skein.yaml"));
    }

    private static byte[] resource(String path) throws IOException {
        try (InputStream in = GoldenSamplesContractTest.class.getResourceAsStream(path)) {
            assertNotNull(in, path + " is missing");
            return in.readAllBytes();
        }
    }
}
