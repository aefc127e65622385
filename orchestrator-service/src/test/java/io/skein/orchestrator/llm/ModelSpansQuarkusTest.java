package io.skein.orchestrator.llm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.test.ModelServer;
import io.skein.test.ModelServer.Answer;
import io.skein.test.SkeinInfrastructure;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Each call of a model is a span with the attributes of OpenTelemetry's conventions for GenAI, and no word of what was said. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
@QuarkusTestResource(LlmPorts.class)
@QuarkusTestResource(value = SpanCollector.class, restrictToAnnotatedClass = true)
class ModelSpansQuarkusTest extends LlmScenario {

    /** How a protobuf has an attribute: its key, and a value of a kind. */
    private static String attribute(String key, long number) {
        return key + "\u0012\u0002\u0018" + (char) number;
    }

    private static String attribute(String key, String text) {
        return key + "\u0012" + (char) (text.length() + 2) + "\n" + (char) text.length() + text;
    }

    @Test
    void aCallIsASpanWithTheAttributesOfTheConventions() throws Exception {
        server(Provider.OLLAMA).answers(new Answer.Raw(401, Map.of(), "{}"));
        String plan = ask(UNCERTAIN).extract().path("id");
        String trace =
                query("SELECT trace_id FROM plan WHERE id = '" + plan + "'").getFirst();
        Awaitility.await().until(() -> SpanCollector.received().contains("chat anthropic-stand-in"));
        String received = SpanCollector.received();
        for (String expected : List.of(
                attribute("gen_ai.operation.name", "chat"),
                attribute("gen_ai.provider.name", "ollama"),
                attribute("gen_ai.request.model", "ollama-stand-in"),
                attribute("error.type", "upstream_failed"),
                attribute("gen_ai.provider.name", "anthropic"),
                attribute("gen_ai.request.model", "anthropic-stand-in"),
                attribute("gen_ai.response.model", "stand-in-1"),
                attribute("gen_ai.usage.input_tokens", ModelServer.TOKENS_IN),
                attribute("gen_ai.usage.output_tokens", ModelServer.TOKENS_OUT),
                attribute("skein.llm.purpose", "plan"),
                attribute("skein.plan.id", plan),
                new String(HexFormat.of().parseHex(trace), StandardCharsets.ISO_8859_1))) {
            assertTrue(received.contains(expected), () -> "missing " + expected);
        }
        for (String said : List.of(UNCERTAIN, "kuma", "propose_steps", "You help Skein", "planted-key")) {
            assertFalse(received.contains(said), () -> said + " is in a span");
        }
    }

    @Test
    void theMetricsOfTheConventionsAreThere() {
        ask(UNCERTAIN);
        String metrics = io.restassured.RestAssured.get("/q/metrics").asString();
        assertTrue(metrics.contains("gen_ai_client_token_usage"), metrics);
        assertTrue(metrics.contains("gen_ai_client_operation_duration_seconds"), metrics);
        assertTrue(
                metrics.contains(
                        "skein_orchestrator_llm_questions_seconds_bucket{outcome=\"answered\",purpose=\"plan\",le=\"0.002\"}"),
                metrics);
    }
}
