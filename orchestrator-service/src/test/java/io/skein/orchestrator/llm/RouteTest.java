package io.skein.orchestrator.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.orchestrator.llm.Route.Situation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {

    private static final List<Provider> CHAIN = List.of(Provider.GROQ, Provider.OLLAMA, Provider.ANTHROPIC);

    private static Situation situation(double localLeft, boolean complex, boolean highValue) {
        return new Situation(
                complex ? Optional.of("5 things to do") : Optional.empty(),
                highValue,
                Map.of(Provider.OLLAMA, localLeft),
                0.2);
    }

    @ParameterizedTest(name = "{0} left, complex {1}, high value {2}: {3} first")
    @CsvSource({
        "1.0, false, false, OLLAMA, local first",
        "0.2, false, false, OLLAMA, local first",
        "0.19, false, false, GROQ, 19 %",
        "1.0, true, false, GROQ, 5 things to do",
        "1.0, false, true, GROQ, high-value",
        "0.0, false, false, GROQ, used up",
    })
    void localFirstUnless(double left, boolean complex, boolean highValue, Provider first, String reason) {
        Route route = Route.choose(CHAIN, situation(left, complex, highValue));
        assertEquals(first, route.order().getFirst());
        assertTrue(route.reason().contains(reason), route::reason);
    }

    @Test
    void theOthersRemainInTheOrderOfTheChain() {
        assertEquals(
                List.of(Provider.OLLAMA, Provider.GROQ, Provider.ANTHROPIC),
                Route.choose(CHAIN, situation(1, false, false)).order());
        assertEquals(
                List.of(Provider.GROQ, Provider.ANTHROPIC, Provider.OLLAMA),
                Route.choose(CHAIN, situation(1, true, false)).order());
        assertEquals(
                List.of(Provider.GROQ, Provider.ANTHROPIC),
                Route.choose(CHAIN, situation(0, false, false)).order());
    }

    @Test
    void whatIsNotThereIsNotAsked() {
        assertEquals(new Route(List.of(), "no LLM is configured"), Route.choose(List.of(), situation(1, false, false)));
        assertEquals(
                "no local model is configured",
                Route.choose(List.of(Provider.GROQ), situation(1, false, false)).reason());
        // There is nothing else to spare it for.
        assertEquals(
                List.of(Provider.OLLAMA),
                Route.choose(List.of(Provider.OLLAMA), situation(0.1, true, true))
                        .order());
        assertEquals(
                "the quota of every LLM is used up",
                Route.choose(List.of(Provider.OLLAMA), situation(0, false, false))
                        .reason());
    }
}
