package io.skein.orchestrator.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reviews and answers are told what failed tasks print: who is outside the house sees it when somebody named them, and not before. */
class ChainSettingsTest {

    private static final String PREFIX = "skein.orchestrator.llm.chain.";

    private static List<String> chain(Purpose purpose, Map<String, String> environment) throws IOException {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(
                        Path.of("src/main/resources/application.properties")
                                .toUri()
                                .toURL(),
                        250))
                .withSources(new PropertiesConfigSource(environment, "environment", 300))
                .build()
                .getValues(PREFIX + purpose.wire(), String.class);
    }

    @Test
    void onlyLocalOnesUnlessOthersAreNamed() throws IOException {
        for (Purpose purpose : List.of(Purpose.CHAT, Purpose.REVIEW)) {
            assertTrue(chain(purpose, Map.of()).stream().map(Provider::of).allMatch(Provider::isLocal), purpose::wire);
        }
        assertEquals(List.of("ollama", "anthropic", "openrouter", "groq"), chain(Purpose.PLAN, Map.of()));
    }

    @Test
    void whoeverIsNamedIsAsked() throws IOException {
        assertEquals(
                List.of("ollama", "anthropic"),
                chain(Purpose.REVIEW, Map.of("SKEIN_LLM_CHAIN_REVIEW", "ollama,anthropic")));
        assertEquals(List.of("groq"), chain(Purpose.CHAT, Map.of("SKEIN_LLM_CHAIN_CHAT", "groq")));
    }
}
