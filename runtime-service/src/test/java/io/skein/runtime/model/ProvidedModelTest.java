package io.skein.runtime.model;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.skein.contracts.error.ErrorCode;
import io.skein.models.LanguageModel;
import io.skein.models.Message;
import io.skein.models.ModelFailure;
import io.skein.runtime.skill.SkillSchema;
import io.skein.test.ModelServer.Answer;
import io.skein.test.ModelServer.Wire;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RUN-02, LLM-03: the three providers' wire formats, and what they do when they are not well. */
class ProvidedModelTest {

    private static final UUID TASK = UUID.randomUUID();

    private static final List<LanguageModel.Tool> TOOLS =
            List.of(new LanguageModel.Tool("http_call", "Calls", SkillSchema.of("""
                    {"type": "object", "additionalProperties": false, "required": ["url"], "properties": {
                      "url": {"type": "string", "maxLength": 20}, "accept": {"type": "array", "items": {"type": "integer"}}}}""")));

    private static Vertx vertx;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close();
    }

    private static LanguageModel.Question question() {
        return new LanguageModel.Question(
                List.of(
                        new Message.Instructions("be good"),
                        new Message.Asked("what now?"),
                        new Message.Answered("", List.of(new Message.ToolUse("step1", "http_call", "{\"url\":\"u\"}"))),
                        new Message.ToolResult("step1", "http_call", "{\"output\":42}", false)),
                TOOLS,
                300,
                Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource
    void aToolIsOfferedUsedAndAnswered(Wire wire) throws Exception {
        try (ModelStandIn provider =
                new ModelStandIn(wire).answers(ModelStandIn.uses("http_call", "{\"url\": \"https://x/\"}"))) {
            ConfiguredModel.Paid paid = provider.model(vertx).ask(TASK, question());
            Message.ToolUse use = paid.reply().uses().getFirst();
            assertEquals("http_call", use.tool());
            assertEquals(
                    "https://x/",
                    new ObjectMapper().readTree(use.arguments()).path("url").asText());
            // 100 tokens at 1 and 20 at 10 dollars a million.
            assertEquals(0, new BigDecimal("0.0003").compareTo(paid.costUsd()));

            ModelStandIn.Seen seen = provider.seen.element();
            JsonNode tool = seen.body().path("tools").get(0);
            JsonNode schema = wire == Wire.ANTHROPIC
                    ? tool.path("input_schema")
                    : tool.path("function").path("parameters");
            assertEquals("string", schema.at("/properties/url/type").asText());
            assertEquals(20, schema.at("/properties/url/maxLength").asInt());
            assertEquals("integer", schema.at("/properties/accept/items/type").asText());
            assertEquals("url", schema.path("required").get(0).asText());
            assertTrue(seen.text().contains("be good"), seen::text);
            assertTrue(seen.text().contains("what now?"));
            assertTrue(seen.text().contains("output"));
            assertEquals("stand-in-1", seen.body().path("model").asText());
            int longest =
                    switch (wire) {
                        case OPENAI, ANTHROPIC -> seen.body().path("max_tokens").asInt();
                        case OLLAMA ->
                            seen.body().path("options").path("num_predict").asInt();
                    };
            assertEquals(300, longest);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerInWordsIsText(Wire wire) throws Exception {
        try (ModelStandIn provider = new ModelStandIn(wire).answers(ModelStandIn.says("All is well."))) {
            LanguageModel.Reply reply = provider.model(vertx)
                    .ask(
                            TASK,
                            new LanguageModel.Question(
                                    List.of(new Message.Asked("how is it?")), List.of(), 50, Duration.ofSeconds(5)))
                    .reply();
            assertEquals("All is well.", reply.text());
            assertEquals(List.of(), reply.uses());
        }
    }

    /** A connection for each call would be a handshake for each, too. Two may be open, when one is not back yet. */
    @ParameterizedTest
    @EnumSource
    void callsShareTheirConnections(Wire wire) throws Exception {
        try (ModelStandIn provider = new ModelStandIn(wire)
                .thinks(call -> call.text().contains("refuse")
                        ? new Answer.Raw(400, Map.of(), "{}")
                        : ModelStandIn.says("done"))) {
            ConfiguredModel model = provider.model(vertx);
            for (int i = 0; i < 20; i++) {
                model.ask(TASK, question());
                assertThrows(
                        ModelFailure.class,
                        () -> model.ask(
                                TASK,
                                new LanguageModel.Question(
                                        List.of(new Message.Asked("refuse")), List.of(), 50, Duration.ofSeconds(5))));
            }
            long connections = provider.seen.stream()
                    .map(ModelStandIn.Seen::port)
                    .distinct()
                    .count();
            assertTrue(connections < 10, connections + " connections for 40 calls");
        }
    }

    @Test
    void theKeyGoesWhereItBelongsAndNowhereElse() throws Exception {
        try (ModelStandIn openAi = new ModelStandIn(Wire.OPENAI);
                ModelStandIn anthropic = new ModelStandIn(Wire.ANTHROPIC)) {
            openAi.model(vertx).ask(TASK, question());
            anthropic.model(vertx).ask(TASK, question());
            assertEquals(
                    "Bearer sk-planted-key",
                    openAi.seen.element().headers().get("Authorization").getFirst());
            assertEquals(
                    "sk-planted-key",
                    anthropic.seen.element().headers().get("X-api-key").getFirst());
            assertFalse(openAi.seen.element().text().contains("planted"));
            assertEquals("/v1/chat/completions", openAi.seen.element().path());
            assertEquals("/v1/messages", anthropic.seen.element().path());
        }
    }

    @ParameterizedTest
    @EnumSource
    void tooManyRequestsIsWaitedForAsLongAsAsked(Wire wire) throws Exception {
        try (ModelStandIn provider = new ModelStandIn(wire)
                .answers(
                        new Answer.Raw(429, Map.of("Retry-After", "1"), "{\"error\": {\"message\": \"slow down\"}}"),
                        ModelStandIn.says("here"))) {
            long begun = System.nanoTime();
            assertEquals(
                    "here", provider.model(vertx).ask(TASK, question()).reply().text());
            assertEquals(2, provider.seen.size());
            assertTrue(System.nanoTime() - begun >= 1_000_000_000L);
        }
    }

    @Test
    void aWaitThatTheTaskHasNoTimeForIsNotBegun() {
        try (ModelStandIn provider =
                new ModelStandIn(Wire.OPENAI).answers(new Answer.Raw(429, Map.of("Retry-After", "3600"), "{}"))) {
            long begun = System.nanoTime();
            ModelFailure failure =
                    assertThrows(ModelFailure.class, () -> provider.model(vertx).ask(TASK, question()));
            assertEquals(ErrorCode.RATE_LIMITED, failure.code());
            assertTrue(failure.mayPass());
            assertTrue(System.nanoTime() - begun < 60_000_000_000L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorIsTriedThreeTimesMore(Wire wire) {
        try (ModelStandIn provider = new ModelStandIn(wire).answers(new Answer.Raw(500, Map.of(), "oh no"))) {
            ModelFailure failure =
                    assertThrows(ModelFailure.class, () -> provider.model(vertx).ask(TASK, question()));
            assertEquals(ErrorCode.UPSTREAM_FAILED, failure.code());
            assertEquals(4, provider.seen.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 302})
    void aRefusalIsNotRepeatedAndDoesNotRepeatTheKey(int status) {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI)
                .answers(new Answer.Raw(
                        status, Map.of("Location", "http://127.0.0.1:1/"), "Incorrect API key: sk-planted-key"))) {
            ModelFailure failure =
                    assertThrows(ModelFailure.class, () -> provider.model(vertx).ask(TASK, question()));
            assertFalse(failure.mayPass());
            assertFalse(failure.getMessage().contains("planted"));
            assertEquals(1, provider.seen.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void silenceEndsInTime(Wire wire) {
        try (ModelStandIn provider = new ModelStandIn(wire).answers(new Answer.Nothing())) {
            ConfiguredModel model = provider.model(vertx, BigDecimal.ZERO, BigDecimal.ZERO, Duration.ofSeconds(10));
            long begun = System.nanoTime();
            ModelFailure failure = assertThrows(
                    ModelFailure.class,
                    () -> model.ask(
                            TASK,
                            new LanguageModel.Question(
                                    List.of(new Message.Asked("?")), List.of(), 50, Duration.ofMillis(400))));
            assertEquals(ErrorCode.UPSTREAM_TIMEOUT, failure.code());
            assertTrue(System.nanoTime() - begun < 9_000_000_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "null",
                "{}",
                "{\"choices\": []}",
                "{\"choices\": [{\"message\": 42}]}",
                "{\"choices\": [{\"message\": {\"tool_calls\": [{}]}}]}",
                "{\"choices\": [{\"message\": {\"tool_calls\": \"many\"}}]}"
            })
    void whatIsNoAnswerIsAFailureAndNoCrash(String body) {
        for (Wire wire : Wire.values()) {
            try (ModelStandIn provider = new ModelStandIn(wire).answers(new Answer.Raw(200, Map.of(), body))) {
                try {
                    LanguageModel.Reply reply =
                            provider.model(vertx).ask(TASK, question()).reply();
                    assertTrue(
                            reply.text().isEmpty()
                                    && reply.uses().stream()
                                            .allMatch(use -> use.tool().isEmpty()),
                            reply::toString);
                } catch (ModelFailure e) {
                    assertEquals(ErrorCode.UPSTREAM_FAILED, e.code());
                }
            }
        }
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        String endless = "{\"choices\": [{\"message\": {\"content\": \"" + "x".repeat(5 * 1024 * 1024) + "\"}}]}";
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI).answers(new Answer.Raw(200, Map.of(), endless))) {
            assertThrows(ModelFailure.class, () -> provider.model(vertx).ask(TASK, question()));
        }
        String deep = "[".repeat(200_000);
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI).answers(new Answer.Raw(200, Map.of(), deep))) {
            assertThrows(ModelFailure.class, () -> provider.model(vertx).ask(TASK, question()));
        }
    }

    @Test
    void aProviderThatCountsNothingIsChargedForByLength() throws Exception {
        try (ModelStandIn provider = new ModelStandIn(Wire.OPENAI)) {
            provider.countsNothing();
            assertTrue(provider.model(vertx).ask(TASK, question()).costUsd().signum() > 0);
        }
    }

    @Test
    void anInterruptEndsTheCall() throws Exception {
        try (ModelStandIn provider = new ModelStandIn(Wire.ANTHROPIC).answers(new Answer.Nothing())) {
            CompletableFuture<Object> ended = new CompletableFuture<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    ended.complete(provider.model(vertx).ask(TASK, question()));
                } catch (ModelFailure | RuntimeException e) {
                    ended.completeExceptionally(e);
                }
            });
            await().until(() -> !provider.seen.isEmpty());
            thread.interrupt();
            assertThrows(CancellationException.class, ended::join);
        }
    }

    @Test
    void nothingIsConfiguredAtFirstAndAMistakeIsTold() {
        ConfiguredModel none = configured(Optional.empty(), Optional.empty());
        assertFalse(none.isThere());
        assertThrows(ModelFailure.class, () -> none.ask(TASK, question()));
        assertFalse(configured(Optional.of(""), Optional.empty()).isThere());
        assertThrows(IllegalArgumentException.class, () -> configured(Optional.of("skynet"), Optional.of("t-800")));
        assertThrows(IllegalArgumentException.class, () -> configured(Optional.of("ollama"), Optional.empty()));
    }

    private static ConfiguredModel configured(Optional<String> provider, Optional<String> name) {
        return new ConfiguredModel(
                settings(provider, Optional.empty(), name), vertx, new SimpleMeterRegistry(), (task, call) -> {});
    }

    private static ModelConfig settings(Optional<String> provider, Optional<String> url, Optional<String> name) {
        return new ModelStandIn.Settings(
                provider, url, name, Optional.empty(), Duration.ofSeconds(1), 100, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    @Test
    void aModelElsewhereIsNotAskedInTheClear() {
        Optional<String> ollama = Optional.of("ollama");
        for (String safe : List.of("http://127.0.0.1:11434", "http://localhost:11434", "https://models.example")) {
            assertEquals(List.of(), ModelCheck.findings(settings(ollama, Optional.of(safe), ollama)), safe);
        }
        assertEquals(List.of(), ModelCheck.findings(settings(ollama, Optional.empty(), ollama)));
        assertEquals(
                List.of(),
                ModelCheck.findings(settings(Optional.empty(), Optional.of("http://gpu.lan:11434"), ollama)));
        assertEquals(
                "model-plain-http",
                ModelCheck.findings(settings(ollama, Optional.of("http://gpu.lan:11434"), ollama))
                        .getFirst()
                        .setting()
                        .id());
    }

    /** Servers in Python describe their inputs so. */
    @ParameterizedTest
    @EnumSource
    void noToolRefersToWhatTheProviderIsNotTold(Wire wire) throws Exception {
        var schema = io.skein.runtime.skill.SkillSchema.of("""
                {"type": "object", "properties": {"to": {"$ref": "#/$defs/Address"}, "tree": {"$ref": "#/$defs/Tree"}},
                 "$defs": {"Address": {"type": "object", "properties": {"street": {"type": "string"}}},
                   "Tree": {"type": "object", "properties": {"left": {"$ref": "#/$defs/Tree"}}}}}""");
        try (ModelStandIn provider = new ModelStandIn(wire).answers(ModelStandIn.says("Yes."))) {
            provider.model(vertx)
                    .ask(
                            TASK,
                            new LanguageModel.Question(
                                    List.of(new Message.Asked("?")),
                                    List.of(new LanguageModel.Tool("send", "Sends.", schema)),
                                    50,
                                    Duration.ofSeconds(5)));
            String told = provider.seen.element().text();
            assertTrue(told.contains("street"), told);
            assertFalse(told.contains("$ref"), told);
        }
    }
}
