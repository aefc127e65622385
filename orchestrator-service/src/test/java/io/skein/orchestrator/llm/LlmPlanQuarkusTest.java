package io.skein.orchestrator.llm;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.orchestrator.fleet.EventTap;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.test.ModelServer;
import io.skein.test.ModelServer.Answer;
import io.skein.test.SkeinInfrastructure;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LLM-01 to LLM-03: who is asked, in which order and why, and that a request never fails with them. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
@QuarkusTestResource(LlmPorts.class)
class LlmPlanQuarkusTest extends LlmScenario {

    private static final String LONG = "Restart nginx, rotate the logs, fix kuma, and add a user";

    @Test
    void aModelDecidesWhatTheWordsLeaveOpen() throws Exception {
        try (EventTap tap = EventTap.open()) {
            UUID plan = UUID.fromString(ask(UNCERTAIN)
                    .body("planner.name", equalTo("ollama/ollama-stand-in"))
                    .body("planner.reason", containsString("local first"))
                    .body("planner.reason", containsString("it decided 1 of 1 parts"))
                    .body("status", equalTo("awaiting_approval"))
                    .body("steps.playbook", equalTo(List.of(DEPLOY)))
                    .body("steps[0].matchConfidence", equalTo(0.7f))
                    .extract()
                    .path("id"));
            ada().get("/api/v1/llm/calls?planId=" + plan)
                    .then()
                    .statusCode(200)
                    .body("items", hasSize(1))
                    .body("items[0].outcome", equalTo("answered"))
                    .body("items[0].reason", equalTo("local first"))
                    .body("items[0].prompt", equalTo("plan-1"))
                    .body("items[0].sessionId", notNullValue())
                    .body("items[0].tokensIn", equalTo(ModelServer.TOKENS_IN));
            JsonNode told = tap
                    .until(plan, all -> all.stream()
                            .anyMatch(event -> event.path("type").asText().equals("llm.called")))
                    .stream()
                    .filter(event -> event.path("type").asText().equals("llm.called"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("ada", told.path("owner").asText());
            assertEquals(
                    ModelServer.TOKENS_OUT, told.at("/data/usage/tokens_out").asInt());
            assertFalse(told.toString().contains("Fix kuma"), "what was asked is nobody else's business");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyProviderIsAskedInItsOwnFormat(Provider provider) {
        PROVIDERS.forEach((other, server) -> {
            if (other != provider) {
                server.answers(new Answer.Raw(401, Map.of(), "{}"));
            }
        });
        ask(UNCERTAIN)
                .body("planner.name", equalTo(provider.wire() + "/" + provider.wire() + "-stand-in"))
                .body("steps.playbook", equalTo(List.of(DEPLOY)));
        ModelServer.Seen seen = server(provider).seen.element();
        assertEquals(
                switch (provider) {
                    case OLLAMA -> "/api/chat";
                    case ANTHROPIC -> "/v1/messages";
                    case OPENROUTER, GROQ -> "/v1/chat/completions";
                },
                seen.path());
        assertFalse(seen.text().contains("planted-key"), "the key is in the text");
        assertTrue(seen.text().contains("propose_steps"));
    }

    @Test
    void whatWasCertainStaysAsItWas() {
        all(proposes(1, MONITORS));
        ask("Restart nginx")
                .body("planner.name", equalTo("embedded"))
                .body("planner.reason", containsString("contradicts what is certain"))
                .body("steps.playbook", equalTo(List.of("web/nginx.yml")));
    }

    @Test
    void valuesThatStandInTheWordsAreUsedAndOthersAreNot() {
        all(
                ModelServer.uses(
                        "propose_steps",
                        "{\"steps\":[{\"part\":1,\"playbook\":\"users/add.yml\",\"variables\":[{\"name\":\"user_name\",\"value\":\"carol\"}]}]}"));
        ask("Make a user account for carol please")
                .body("steps[0].variables.find { it.name == 'user_name' }.value", equalTo("carol"))
                .body("status", equalTo("awaiting_approval"));
        ask("Make a user account for the new person please")
                .body("steps[0].variables.find { it.name == 'user_name' }.value", equalTo(null))
                .body("planner.reason", containsString("left out: user_name"))
                .body("status", equalTo("needs_input"));
    }

    @Test
    void externalFirstForHighValueComplexOrWhenLittleQuotaIsLeft() throws Exception {
        all(ModelServer.uses("propose_steps", "{\"steps\":[]}"));
        ask(UNCERTAIN, true)
                .body("planner.name", equalTo("anthropic/anthropic-stand-in"))
                .body("planner.reason", containsString("high-value"));
        ask(LONG)
                .body("planner.name", equalTo("anthropic/anthropic-stand-in"))
                .body("planner.reason", containsString("complex: 4 things"));
        assertEquals(0, asked(Provider.OLLAMA));
        used("ollama", 800_000);
        ask(UNCERTAIN).body("planner.name", equalTo("ollama/ollama-stand-in"));
        used("ollama", 100);
        ask(UNCERTAIN)
                .body("planner.name", equalTo("anthropic/anthropic-stand-in"))
                .body("planner.reason", containsString("of its quota left"));
        used("ollama", 300_000);
        all(new Answer.Raw(500, Map.of(), ""));
        int before = asked(Provider.OLLAMA);
        ask(UNCERTAIN).body("planner.name", equalTo("embedded"));
        assertEquals(before, asked(Provider.OLLAMA), "its quota is used up");
        ada().get("/api/v1/llm/providers").then().body("items.find { it.name == 'ollama' }.quotaLeft", equalTo(0.0f));
    }

    private static void used(String provider, long tokens) throws Exception {
        execute(
                "INSERT INTO llm_call (id, team, person, purpose, provider, model, prompt, reason, outcome, reserved_usd, tokens_in,"
                        + " started_at) VALUES ('" + UUID.randomUUID() + "', 'x', 'x', 'plan', '" + provider
                        + "', 'm', 'p', 'r', 'answered', 0, " + tokens + ", now())");
    }

    @Test
    void theNextOneIsAskedAndAtLastTheEmbeddedPlanner() {
        server(Provider.OLLAMA).answers(new Answer.Raw(500, Map.of(), "oh no"));
        ask(UNCERTAIN)
                .body("planner.name", equalTo("anthropic/anthropic-stand-in"))
                .body("planner.reason", containsString("ollama/ollama-stand-in: "));
        assertEquals(4, asked(Provider.OLLAMA), "once, and three times more");

        all(new Answer.Raw(503, Map.of(), "sk-planted-key-groq"));
        ask(UNCERTAIN)
                .body("planner.name", equalTo("embedded"))
                .body("planner.reason", containsString("groq/groq-stand-in: "))
                .body("planner.reason", not(containsString("planted")))
                .body("status", equalTo("needs_input"))
                .body("questions[0].candidates", hasSize(2));
    }

    @Test
    void tooManyRequestsIsWaitedForWhenThereIsTimeAndElseTheNextIsAsked() {
        server(Provider.OLLAMA).answers(new Answer.Raw(429, Map.of("Retry-After", "1"), "{}"), proposes(1, DEPLOY));
        ask(UNCERTAIN).body("planner.name", equalTo("ollama/ollama-stand-in"));
        assertEquals(2, asked(Provider.OLLAMA));

        server(Provider.OLLAMA).answers(new Answer.Raw(429, Map.of("Retry-After", "3600"), "{}"));
        ask(UNCERTAIN).body("planner.name", equalTo("anthropic/anthropic-stand-in"));
        assertEquals(3, asked(Provider.OLLAMA), "an hour was not waited for");
    }

    @Test
    void silenceAndCutAnswersAreFailures() {
        server(Provider.OLLAMA).answers(new Answer.Nothing());
        server(Provider.ANTHROPIC)
                .answers(new Answer.Cut("{\"id\": \"msg_1\", \"content\": [{\"type\": \"text\", \"te"));
        ask(UNCERTAIN)
                .body("planner.name", equalTo("openrouter/openrouter-stand-in"))
                .body("planner.reason", containsString("did not answer in time"))
                .body("planner.reason", containsString("cannot be reached"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "not json",
                "{\"steps\": 42}",
                "{\"steps\":[{\"part\":1}]}",
                "{\"steps\":[{\"part\":1,\"playbook\":\"uptime-kuma/deploy.yml\",\"approved\":true}]}",
                "{\"steps\":[],\"approve\":true}",
                "{\"steps\":[{\"part\":1,\"playbook\":\"uptime-kuma/deploy.yml\"}],\"steps\":[]}",
                "{\"steps\":[]} and then some",
                "{\"steps\":[{\"part\":9,\"playbook\":\"uptime-kuma/deploy.yml\"}]}",
                "{\"steps\":[{\"part\":1,\"playbook\":\"../../etc/passwd\"}]}",
                "{\"steps\":[{\"part\":1,\"playbook\":\"users/add.yml\"}]}",
                "{\"steps\":[{\"part\":1,\"playbook\":\"uptime-kuma/deploy.yml\"},{\"part\":1,\"playbook\":\"uptime-kuma/deploy.yml\"}]}",
                "{\"steps\":[{\"part\":1,\"playbook\":\"uptime-kuma/deploy.yml\",\"variables\":[{\"name\":\"sudo\",\"value\":\"Fix\"}]}]}",
                "{\"steps\":[{\"part\":1,\"playbook\":\"uptime-kuma/deploy.yml\",\"variables\":[{\"name\":\"kuma_port\",\"value\":\"Fix\"}]}]}",
                "{\"steps\":[{\"part\":1,\"playbook\":\"uptime-kuma/deploy.yml\",\"variables\":[{\"name\":\"kuma_version\",\"value\":{\"a\":1}}]}]}",
                "{\"steps\":[{\"part\":1e99,\"playbook\":\"uptime-kuma/deploy.yml\"}]}",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
            })
    void whatCannotBeReadCostsNothingButTheCall(String hostile) throws Exception {
        all(ModelServer.says(hostile));
        UUID plan = UUID.fromString(ask(UNCERTAIN)
                .body("planner.name", equalTo("embedded"))
                .body("planner.reason", containsString("was refused"))
                .body("status", equalTo("needs_input"))
                .body("steps", hasSize(0))
                .extract()
                .path("id"));
        List<String> outcomes = query("SELECT DISTINCT outcome FROM llm_call WHERE plan_id = '" + plan + "'");
        assertTrue(outcomes.contains("unusable"), outcomes::toString);
        assertFalse(outcomes.contains("answered"), outcomes::toString);
    }

    @Test
    void aProviderThatFailsAgainAndAgainIsLeftAloneForAWhile() {
        server(Provider.OLLAMA).answers(new Answer.Raw(401, Map.of(), "{}"));
        for (int i = 0; i < 3; i++) {
            ask(UNCERTAIN).body("planner.name", equalTo("anthropic/anthropic-stand-in"));
        }
        assertEquals(3, asked(Provider.OLLAMA), "a refused key is not tried again");
        ada().get("/api/v1/llm/providers").then().body("items.find { it.name == 'ollama' }.state", equalTo("open"));
        ask(UNCERTAIN).body("planner.reason", containsString("failed too often"));
        assertEquals(3, asked(Provider.OLLAMA));

        server(Provider.OLLAMA).answers(proposes(1, DEPLOY));
        Awaitility.await().untilAsserted(() -> ask(UNCERTAIN).body("planner.name", equalTo("ollama/ollama-stand-in")));
        ada().get("/api/v1/llm/providers").then().body("items.find { it.name == 'ollama' }.state", equalTo("closed"));
    }

    /** What is nowhere near a playbook leaves a model nothing to choose from. */
    @Test
    void nobodyIsAskedForNothing() {
        ask("Paint the fence")
                .body("planner.name", equalTo("embedded"))
                .body("planner.reason", containsString("nothing"));
        assertEquals(0, asked(Provider.OLLAMA));
    }

    @Test
    void secretsAreNotTold() {
        ask("Add a user called bob with user_password=correct-horse-battery")
                .body("steps[0].variables.find { it.name == 'user_password' }.value", equalTo("[redacted]"));
        String told = server(Provider.OLLAMA).seen.element().text();
        assertTrue(told.contains("bob"), told);
        assertFalse(told.contains("correct-horse"), told);
        assertFalse(told.contains("user_password\\\",\\\"type"), "a secret variable is on offer");
    }
}
