package io.skein.orchestrator.llm;

import io.restassured.response.ValidatableResponse;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.ModelServer;
import io.skein.test.ModelServer.Answer;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The service with all four providers, each a stand-in that speaks its real format. */
public abstract class LlmScenario extends Scenario {

    /** Two playbooks come near these words, neither near enough. */
    protected static final String UNCERTAIN = "Fix kuma";

    protected static final Map<Provider, ModelServer> PROVIDERS = new EnumMap<>(Provider.class);

    @BeforeAll
    static void startProviders() {
        for (Provider provider : Provider.values()) {
            ModelServer.Wire wire =
                    switch (provider) {
                        case OLLAMA -> ModelServer.Wire.OLLAMA;
                        case ANTHROPIC -> ModelServer.Wire.ANTHROPIC;
                        case OPENROUTER, GROQ -> ModelServer.Wire.OPENAI;
                    };
            PROVIDERS.put(provider, new ModelServer(wire, LlmPorts.port(provider)));
        }
    }

    @AfterAll
    static void stopProviders() {
        PROVIDERS.values().forEach(ModelServer::close);
    }

    /** Everybody chooses the first playbook; nothing was spent yet, and no breaker is open. */
    @BeforeEach
    void everybodyAnswers() throws SQLException {
        execute("DELETE FROM llm_budget");
        execute("DELETE FROM llm_call");
        PROVIDERS.values().forEach(server -> server.seen.clear());
        PROVIDERS.values().forEach(server -> server.answers(proposes(1, DEPLOY)));
        CircuitBreakerMaintenance.get().resetAll();
    }

    protected static Answer proposes(int part, String playbook) {
        return ModelServer.uses(
                "propose_steps", "{\"steps\":[{\"part\":" + part + ",\"playbook\":\"" + playbook + "\"}]}");
    }

    protected static void all(Answer answer) {
        PROVIDERS.values().forEach(server -> server.answers(answer));
    }

    /** Every provider answers one question so, and the others as before. */
    protected static void all(Question question, Answer answer) {
        PROVIDERS
                .values()
                .forEach(server ->
                        server.thinks(call -> call.text().contains(question.words) ? answer : proposes(1, DEPLOY)));
    }

    /** What the providers were told when they were asked this. */
    protected static List<String> told(Question question) {
        return PROVIDERS.values().stream()
                .flatMap(server -> server.seen.stream())
                .map(ModelServer.Seen::text)
                .filter(text -> text.contains(question.words))
                .toList();
    }

    /** What models are asked, told by words of the instructions. */
    protected enum Question {
        REVIEW("why a plan of operations work failed"),
        CHAT("answer a person's question about a plan"),
        CHANGE("what a person wants changed about a plan");

        private final String words;

        Question(String words) {
            this.words = words;
        }
    }

    protected static ModelServer server(Provider provider) {
        return PROVIDERS.get(provider);
    }

    protected static ValidatableResponse ask(String text, boolean highValue) {
        return ada().body(Map.of("text", text, "allowDuplicate", true, "highValue", highValue))
                .post("/api/v1/requests")
                .then()
                .statusCode(201);
    }

    protected static ValidatableResponse ask(String text) {
        return ask(text, false);
    }

    protected static int asked(Provider provider) {
        return server(provider).seen.size();
    }
}
