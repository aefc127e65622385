package io.skein.orchestrator.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Spans are recorded for whoever says where to, and for nobody else. */
class SpanSettingsTest {

    private static SmallRyeConfig with(Map<String, String> environment) throws IOException {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(
                        Path.of("src/main/resources/application.properties")
                                .toUri()
                                .toURL(),
                        250))
                .withSources(new PropertiesConfigSource(environment, "environment", 300))
                .build();
    }

    private static boolean off(Map<String, String> environment) throws IOException {
        return with(environment).getValue("quarkus.otel.sdk.disabled", Boolean.class);
    }

    @Test
    void nothingIsRecordedWithoutAnAddress() throws IOException {
        assertEquals(true, off(Map.of()));
        assertEquals(true, off(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "")));
    }

    @Test
    void spansGoWhereTheVariableSays() throws IOException {
        Map<String, String> environment =
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example:4318/some/path");
        assertEquals(false, off(environment));
        assertEquals(
                "http://collector.example:4318/some/path",
                with(environment).getRawValue("quarkus.otel.exporter.otlp.endpoint"));
    }
}
