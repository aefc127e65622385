package io.skein.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.skein.runtime.skill.SkillCall;
import io.skein.runtime.skill.SkillOutcome;
import io.skein.runtime.skill.SkillSchema;
import io.skein.test.ModelServer.Answer;
import io.skein.test.ModelServer.Wire;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RUN-02: {@code llm.ask}. */
class LlmAskSkillTest {

    private static Vertx vertx;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close();
    }

    private static final UUID TASK = UUID.randomUUID();

    private static SkillOutcome ask(ConfiguredModel model, String input, BigDecimal budget) {
        return new LlmAskSkill(model, Clock.systemUTC(), new ObjectMapper())
                .run(new SkillCall(
                        TASK,
                        1,
                        "default",
                        "asker",
                        new SkillCall.Permissions(null, null, null, false),
                        SkillSchema.of(input),
                        budget,
                        Instant.now().plusSeconds(30),
                        "0"));
    }

    private static String code(SkillOutcome outcome) {
        return assertInstanceOf(SkillOutcome.Failed.class, outcome, outcome::toString)
                .code();
    }

    @ParameterizedTest
    @EnumSource
    void aQuestionAboutDataIsAnswered(Wire wire) {
        try (ModelStandIn provider = new ModelStandIn(wire).answers(ModelStandIn.says("It is warm."))) {
            SkillOutcome.Done done = assertInstanceOf(
                    SkillOutcome.Done.class,
                    ask(
                            provider.model(vertx),
                            "{\"question\": \"Is it warm?\", \"data\": {\"celsius\": 81}, \"max_tokens\": 40}",
                            BigDecimal.ONE));
            assertEquals("It is warm.", done.output().path("text").asText());
            assertTrue(done.costUsd().signum() > 0);
            String told = provider.seen.element().text();
            assertTrue(told.contains("Is it warm?") && told.contains("81"), told);
            // http.call and MCP tools were told the task's id: who answers them could end the quotation.
            assertFalse(told.contains(TASK.toString()), told);

            ModelFacts.Called fact = provider.told.element();
            assertEquals("answered", fact.outcome());
            assertEquals("stand-in-1", fact.model());
            assertTrue(
                    fact.tokensIn() > 0
                            && fact.tokensOut() > 0
                            && fact.costUsd().signum() > 0,
                    fact::toString);
            assertFalse(fact.toString().contains("warm"), "what was asked or answered was told");
            assertTrue(provider.seen.element().body().path("tools").isEmpty());
        }
    }

    @Test
    void aToolThatAModelAsksForHereIsNotUsed() {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI).answers(ModelStandIn.uses("plan_run", "{}"))) {
            SkillOutcome.Done done = assertInstanceOf(
                    SkillOutcome.Done.class, ask(provider.model(vertx), "{\"question\": \"?\"}", BigDecimal.ONE));
            assertEquals("", done.output().path("text").asText());
        }
    }

    @Test
    void withoutBudgetModelOrAnswerItFails() {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI).answers(new Answer.Raw(503, Map.of(), ""))) {
            assertEquals("limit_reached", code(ask(provider.model(vertx), "{\"question\": \"?\"}", BigDecimal.ZERO)));
            assertTrue(provider.seen.isEmpty());
            SkillOutcome failed = ask(provider.model(vertx), "{\"question\": \"?\"}", BigDecimal.ONE);
            assertTrue(assertInstanceOf(SkillOutcome.Failed.class, failed).mayPass());
            assertEquals("upstream_failed", provider.told.remove().outcome());
            assertTrue(provider.told.isEmpty(), "what was not asked was told");
        }
        ConfiguredModel none = new ConfiguredModel(
                new ModelStandIn.Settings(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        100,
                        BigDecimal.ZERO,
                        BigDecimal.ZERO),
                vertx,
                new SimpleMeterRegistry(),
                (task, call) -> {});
        assertEquals("unavailable", code(ask(none, "{\"question\": \"?\"}", BigDecimal.ONE)));
    }
}
