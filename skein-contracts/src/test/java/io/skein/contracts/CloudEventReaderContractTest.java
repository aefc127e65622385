package io.skein.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.provider.EventFormatProvider;
import io.cloudevents.jackson.JsonFormat;
import io.skein.contracts.event.CloudEventReader;
import io.skein.contracts.event.CloudEventReader.InvalidCloudEventException;
import io.skein.contracts.event.Priority;
import io.skein.contracts.event.SkeinEvent;
import io.skein.contracts.wire.MalformedMessageException;
import io.skein.contracts.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CloudEvents 1.0 as others send them, in both content modes. */
class CloudEventReaderContractTest {

    private static final String TYPE = "application/cloudevents+json; charset=utf-8";

    @Test
    void bothModesOfTheSampleAreTheSameEvent() throws IOException {
        SkeinEvent structured = CloudEventReader.fromAmqp(TYPE, Map.of(), resource("structured.json"));
        Map<String, String> headers = sampleHeaders();
        byte[] body = headers.remove("body").getBytes(StandardCharsets.UTF_8);
        String contentType = headers.remove("contentType");
        SkeinEvent binary = CloudEventReader.fromAmqp(contentType, headers, body);

        assertEquals(structured, binary);
        assertEquals(Priority.HIGH, binary.priority());
        assertEquals("high.plan.approved", binary.routingKey());
        assertEquals(1, binary.data().path("version").asInt());
    }

    @Test
    void theAmqpBindingsOwnPrefixIsReadToo() throws IOException {
        Map<String, String> headers = sampleHeaders();
        byte[] body = headers.remove("body").getBytes(StandardCharsets.UTF_8);
        headers.remove("contentType");
        Map<String, String> colons = new HashMap<>();
        headers.forEach((name, value) -> colons.put(name.replace('_', ':'), value));

        assertEquals(CloudEventReader.fromAmqp(null, headers, body), CloudEventReader.fromAmqp(null, colons, body));
    }

    @Test
    void whatTheCloudEventsLibraryWritesIsRead() {
        byte[] json = EventFormatProvider.getInstance()
                .resolveFormat(JsonFormat.CONTENT_TYPE)
                .serialize(CloudEventBuilder.v1()
                        .withId("a 1")
                        .withSource(URI.create("https://example.org/backup"))
                        .withType("backup.finished")
                        .withSubject("nas01")
                        .withExtension("priority", "high")
                        .withData("application/json", "{\"files\":7}".getBytes(StandardCharsets.UTF_8))
                        .build());

        ObjectNode event = CloudEventReader.structured(json);

        assertEquals("a 1", event.path("id").asText());
        assertEquals(7, event.path("data").path("files").asInt());
        assertEquals("high", event.path("priority").asText());
    }

    @Test
    void dataInBase64IsDecoded() {
        ObjectNode event = CloudEventReader.structured(
                json("{'specversion':'1.0','id':'1','source':'/x','type':'a.b','data_base64':'eyJmaWxlcyI6N30='}"));
        assertEquals(7, event.path("data").path("files").asInt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'id':'1','source':'/x','type':'a.b'}|specversion",
                "{'specversion':'0.3','id':'1','source':'/x','type':'a.b'}|specversion",
                "{'specversion':1.0,'id':'1','source':'/x','type':'a.b'}|specversion",
                "{'specversion':'1.0','source':'/x','type':'a.b'}|id",
                "{'specversion':'1.0','id':'1','source':'','type':'a.b'}|source",
                "{'specversion':'1.0','id':'1','source':'/x','type':7}|type",
                "{'specversion':'1.0','id':'1','source':'/x','type':'a.b','time':'today'}|time",
                "{'specversion':'1.0','id':'1','source':'/x','type':'a.b','Upper':'x'}|Upper",
                "{'specversion':'1.0','id':'1','source':'/x','type':'a.b','datacontenttype':'text/xml','data':'x'}|datacontenttype",
                "{'specversion':'1.0','id':'1','source':'/x','type':'a.b','data_base64':'%'}|data_base64",
            })
    void whatIsWrongIsNamed(String event, String attribute) {
        var refused = assertThrows(InvalidCloudEventException.class, () -> CloudEventReader.structured(json(event)));
        assertEquals(attribute, refused.attribute());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "not json", "7"})
    void whatIsNoDocumentIsMalformed(String body) {
        assertThrows(MalformedMessageException.class, () -> CloudEventReader.structured(json(body)));
        assertThrows(MalformedMessageException.class, () -> CloudEventReader.fromAmqp(TYPE, Map.of(), json(body)));
    }

    @Test
    void anUnknownVersionOnTheBrokerIsMalformedInBothModes() throws IOException {
        ObjectNode later = (ObjectNode) WireFormat.mapper().readTree(resource("structured.json"));
        later.put("specversion", "2.0");
        assertThrows(
                MalformedMessageException.class,
                () -> CloudEventReader.fromAmqp(TYPE, Map.of(), WireFormat.write(later)));
        Map<String, String> headers = sampleHeaders();
        headers.put("cloudEvents_specversion", "2.0");
        assertThrows(
                MalformedMessageException.class,
                () -> CloudEventReader.fromAmqp("application/json", headers, json("{}")));
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> sampleHeaders() throws IOException {
        Properties properties = new Properties();
        properties.load(new java.io.ByteArrayInputStream(resource("binary.properties")));
        Map<String, String> headers = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> headers.put(name, properties.getProperty(name)));
        return headers;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in =
                CloudEventReaderContractTest.class.getResourceAsStream("/golden/cloudevents-1.0/" + name)) {
            return in.readAllBytes();
        }
    }
}
