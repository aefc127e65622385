package io.skein.orchestrator.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.contracts.error.ErrorCode;
import io.skein.models.LanguageModel;
import io.skein.models.LanguageModel.Question;
import io.skein.models.LanguageModel.Reply;
import io.skein.models.Message;
import io.skein.models.ModelFailure;
import io.skein.models.ProvidedModel;
import io.skein.test.ModelServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * LLM-01: what Skein counts on, of every provider. Of stand-ins always; of a real provider when its variables are set:
 *
 * <pre>
 * SKEIN_TEST_ANTHROPIC_KEY, SKEIN_TEST_OPENROUTER_KEY, SKEIN_TEST_GROQ_KEY   with ..._MODEL for another than the one below
 * SKEIN_TEST_OLLAMA_URL                                                       with SKEIN_TEST_OLLAMA_MODEL
 * </pre>
 */
class ModelContractTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<Provider, String> MODELS = Map.of(
            Provider.OLLAMA, "qwen3:14b",
            Provider.ANTHROPIC, "claude-sonnet-4-5",
            Provider.OPENROUTER, "openai/gpt-4o-mini",
            Provider.GROQ, "llama-3.3-70b-versatile");

    private static final List<ModelServer> SERVERS = new ArrayList<>();
    private static Vertx vertx;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        http = vertx.createHttpClient();
    }

    @AfterAll
    static void stop() {
        SERVERS.forEach(ModelServer::close);
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** A provider, as it is to be asked, and with a key it does not know. */
    private record Subject(String name, Provider provider, String url, String model, String key) {

        ProvidedModel asked() {
            return new ProvidedModel(provider.format(), url, model, key, http);
        }

        ProvidedModel askedWithAnother(String wrongKey) {
            return new ProvidedModel(provider.format(), url, model, wrongKey, http);
        }
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    private static Optional<Subject> real(Provider provider) {
        String prefix = "SKEIN_TEST_" + provider.name();
        String model = variable(prefix + "_MODEL").orElse(MODELS.get(provider));
        return provider.isLocal()
                ? variable(prefix + "_URL").map(url -> new Subject(provider.wire(), provider, url, model, null))
                : variable(prefix + "_KEY")
                        .map(key -> new Subject(
                                provider.wire(),
                                provider,
                                variable(prefix + "_URL").orElse(provider.url()),
                                model,
                                key));
    }

    private static Subject standIn(Provider provider) {
        ModelServer server = new ModelServer(
                switch (provider.format()) {
                    case OLLAMA -> ModelServer.Wire.OLLAMA;
                    case ANTHROPIC -> ModelServer.Wire.ANTHROPIC;
                    case OPENAI_COMPATIBLE -> ModelServer.Wire.OPENAI;
                });
        server.thinks(call -> {
            boolean keyless = provider.isLocal();
            if (!keyless && !call.headers().toString().contains("right-key")) {
                return new ModelServer.Answer.Raw(401, Map.of(), "{}");
            }
            return call.text().contains("propose_steps")
                    ? ModelServer.uses(
                            "propose_steps", "{\"steps\":[{\"part\":1,\"playbook\":\"uptime-kuma/deploy.yml\"}]}")
                    : ModelServer.says("It waits for somebody to approve it.");
        });
        SERVERS.add(server);
        return new Subject(provider.wire() + " stand-in", provider, server.url(), "stand-in", "right-key");
    }

    @TestFactory
    Stream<DynamicContainer> everyProviderKeepsTheContract() {
        List<Subject> subjects = new ArrayList<>();
        for (Provider provider : Provider.values()) {
            subjects.add(standIn(provider));
            real(provider).ifPresent(subjects::add);
        }
        return subjects.stream().map(subject -> DynamicContainer.dynamicContainer(subject.name(), tests(subject)));
    }

    private static List<DynamicTest> tests(Subject subject) {
        List<DynamicTest> tests = new ArrayList<>(List.of(
                DynamicTest.dynamicTest("answers in the closed form", () -> answersInTheForm(subject)),
                DynamicTest.dynamicTest("answers in words", () -> answersInWords(subject)),
                DynamicTest.dynamicTest("is not waited for longer than asked", () -> isNotWaitedFor(subject))));
        if (!subject.provider().isLocal()) {
            tests.add(DynamicTest.dynamicTest("refuses another key, for good", () -> refusesAnotherKey(subject)));
        }
        return tests;
    }

    private static Question question(Prompt prompt, JsonNode data, List<LanguageModel.Tool> tools, Duration within) {
        return new Question(prompt.about(data), tools, 1500, within);
    }

    private static void counted(Reply reply) {
        assertTrue(reply.tokensIn() > 0, "what was asked is not counted");
        assertTrue(reply.tokensOut() > 0, "what was answered is not counted");
        assertFalse(reply.model().isBlank(), "which model answered is not said");
    }

    private static void answersInTheForm(Subject subject) throws Exception {
        Prompt prompt = Prompt.of("plan-1");
        ClosedForm form = ClosedForm.of(prompt, "propose_steps", "Says which playbooks the parts of the request mean.");
        JsonNode data = JSON.readTree("""
                {"parts": [{"part": 1, "words": "fix kuma, it is not even installed", "certain": false, "playbooks": [
                  {"playbook": "uptime-kuma/deploy.yml", "name": "Deploy Uptime Kuma", "description": "Installs Uptime Kuma",
                   "variables": []},
                  {"playbook": "uptime-kuma/monitors.yml", "name": "Add portals as monitors",
                   "description": "Adds portals to a running Uptime Kuma", "variables": []}]}]}""");
        Reply reply = subject.asked().ask(question(prompt, data, List.of(form.tool()), PATIENCE));
        counted(reply);
        JsonNode steps = form.read(reply).path("steps");
        assertEquals(1, steps.size(), steps::toString);
        assertEquals("uptime-kuma/deploy.yml", steps.path(0).path("playbook").asText());
    }

    private static void answersInWords(Subject subject) throws Exception {
        JsonNode data = JSON.readTree("""
                {"question": "What is it waiting for?", "saidBefore": [], "plan": {"request": "Deploy Uptime Kuma",
                 "status": "awaiting_approval", "version": 1, "steps": [{"step": 1, "name": "Deploy Uptime Kuma",
                 "status": "pending"}]}}""");
        Reply reply = subject.asked().ask(question(Prompt.of("chat-1"), data, List.of(), PATIENCE));
        counted(reply);
        assertEquals(List.<Message.ToolUse>of(), reply.uses());
        assertTrue(reply.text().toLowerCase(java.util.Locale.ROOT).contains("approv"), reply::text);
    }

    private static void isNotWaitedFor(Subject subject) {
        ModelFailure failure = assertThrows(ModelFailure.class, () -> new ProvidedModel(
                        subject.provider().format(), silent(), subject.model(), subject.key(), http)
                .ask(new Question(List.of(new Message.Asked("Hello?")), List.of(), 16, Duration.ofMillis(200))));
        assertEquals(ErrorCode.UPSTREAM_TIMEOUT, failure.code());
    }

    private static String silent() {
        ModelServer server = new ModelServer(ModelServer.Wire.OPENAI).answers(new ModelServer.Answer.Nothing());
        SERVERS.add(server);
        return server.url();
    }

    private static void refusesAnotherKey(Subject subject) {
        ModelFailure failure = assertThrows(ModelFailure.class, () -> subject.askedWithAnother("wrong-" + "key")
                .ask(new Question(List.of(new Message.Asked("Hello?")), List.of(), 16, PATIENCE)));
        assertFalse(failure.mayPass(), "it would be asked again with the same key");
        assertFalse(String.valueOf(failure.getMessage()).contains("wrong-key"), "the key is in the message");
    }
}
