package io.skein.orchestrator.counsel;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.llm.LlmPorts;
import io.skein.orchestrator.llm.LlmScenario;
import io.skein.test.ModelServer;
import io.skein.test.ModelServer.Answer;
import io.skein.test.SkeinInfrastructure;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** LLM-01: a person asks about a plan and gets words: a model's, or what the plan's state says. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
@QuarkusTestResource(LlmPorts.class)
class ConversationQuarkusTest extends LlmScenario {

    private static String sessionOf(UUID plan) {
        return get(plan).path("sessionId");
    }

    private static ValidatableResponse say(RequestSpecification person, String session, Map<String, ?> body) {
        return person.body(body)
                .post("/api/v1/sessions/" + session + "/messages")
                .then();
    }

    private static ValidatableResponse say(UUID plan, String question) {
        return say(ada(), sessionOf(plan), Map.of("text", question)).statusCode(201);
    }

    private static void nobodyAnswers() {
        all(Question.CHAT, new Answer.Raw(401, Map.of(), "{}"));
    }

    @Test
    void aModelAnswersOutOfThePlan() {
        all(Question.CHAT, ModelServer.says("It waits for somebody to approve it."));
        UUID plan = plan(BOTH);
        say(plan, "What is it waiting for?")
                .body("role", equalTo("assistant"))
                .body("text", equalTo("It waits for somebody to approve it."))
                .body("by", equalTo("ollama/ollama-stand-in"))
                .body("planId", equalTo(plan.toString()));
        ada().get("/api/v1/sessions/" + sessionOf(plan) + "/messages")
                .then()
                .body("items.role", equalTo(List.of("user", "assistant", "user", "assistant")))
                .body("items[2].text", equalTo("What is it waiting for?"))
                .body("items[3].by", equalTo("ollama/ollama-stand-in"));
        String told = told(Question.CHAT).getFirst();
        assertTrue(told.contains("What is it waiting for?"), told);
        assertTrue(told.contains("awaiting_approval"), told);
        ada().get("/api/v1/llm/calls?planId=" + plan)
                .then()
                .body("items[0].purpose", equalTo("chat"))
                .body("items[0].prompt", equalTo("chat-1"))
                .body("items[0].sessionId", equalTo(sessionOf(plan)));
    }

    @Test
    void withoutAModelThePlansStateAnswers() {
        nobodyAnswers();
        UUID plan = plan(BOTH);
        say(plan, "What is it waiting for?")
                .body("by", equalTo("embedded"))
                .body("text", containsString("waits for a person to approve it"))
                .body("text", containsString("Read off the plan's state"));
        agent.outcomes.put(DEPLOY, WorkResult.Outcome.FAILED);
        agent.failures.put(DEPLOY, "port 3001 is taken");
        approve(plan);
        awaitStatus(plan, "failed");
        say(plan, "Why did it fail?")
                .body("text", containsString("The plan failed: 0 of 2 steps completed."))
                .body("text", containsString("Step 1 (Deploy Uptime Kuma, uptime-kuma/deploy.yml) failed: "))
                .body("text", containsString("\"Do the work\" on nas01: port 3001 is taken"))
                .body("text", containsString("Not run because of it: step 2"));
        UUID unsure = plan("Paint the fence");
        say(unsure, "And this one?").body("text", containsString("needs an answer before it can be approved"));
        UUID good = plan("Restart nginx");
        approve(good);
        awaitStatus(good, "completed");
        say(good, "Did it work?").body("text", containsString("all of 1 step went right"));
        post(plan("Restart nginx"), "reject", Map.of("reason", "not today"))
                .then()
                .statusCode(200);
    }

    @Test
    void aSessionWithoutAPlanSaysSo() {
        String session = ada().body(Map.of()).post("/api/v1/sessions").path("id");
        say(ada(), session, Map.of("text", "Hello?"))
                .statusCode(201)
                .body("by", equalTo("embedded"))
                .body("text", containsString("no plan"));
        assertEquals(0, told(Question.CHAT).size());
    }

    @Test
    void anotherPlanMayBeAskedAboutByWhoMaySeeIt() {
        all(Question.CHAT, ModelServer.says("Fine."));
        UUID plan = plan(BOTH);
        RequestSpecification carl = as("carl", "viewer", "operator", "approver");
        String his = carl.body(Map.of("title", "his")).post("/api/v1/sessions").path("id");
        Map<String, String> about = Map.of("text", "What is this?", "planId", plan.toString());
        say(as("carl", "viewer", "operator", "approver"), his, about)
                .statusCode(201)
                .body("planId", equalTo(plan.toString()));
        RequestSpecification mallory = as("mallory", "viewer", "operator");
        String hers =
                mallory.body(Map.of("title", "hers")).post("/api/v1/sessions").path("id");
        say(as("mallory", "viewer", "operator"), hers, about).statusCode(404);
        say(as("mallory", "viewer", "operator"), his, Map.of("text", "x")).statusCode(404);
        say(as("carl", "viewer", "operator", "approver"), sessionOf(plan), Map.of("text", "x"))
                .statusCode(404);
        say(as("ada", "viewer"), sessionOf(plan), Map.of("text", "x")).statusCode(403);
    }

    @Test
    void secretsAreNeitherToldNorSaid() {
        all(Question.CHAT, ModelServer.says("The password is correct-horse-battery."));
        UUID plan = plan("Add a user called bob with user_password=correct-horse-battery");
        say(plan, "Is correct-horse-battery a good one?").body("text", equalTo("The password is [redacted]."));
        assertFalse(told(Question.CHAT).getFirst().contains("correct-horse"));
        ada().get("/api/v1/sessions/" + sessionOf(plan) + "/messages")
                .then()
                .body("items.text", not(hasItem(containsString("correct-horse"))));
    }

    @Test
    void repeatsAskOnceAndBadOnesAreRefused() {
        all(Question.CHAT, ModelServer.says("Yes."));
        UUID plan = plan(BOTH);
        String session = sessionOf(plan);
        String first = say(ada().header("Idempotency-Key", "k-" + plan), session, Map.of("text", "Is it good?"))
                .statusCode(201)
                .extract()
                .path("id");
        say(ada().header("Idempotency-Key", "k-" + plan), session, Map.of("text", "Is it good?"))
                .statusCode(201)
                .body("id", equalTo(first));
        assertEquals(1, told(Question.CHAT).size());
        say(ada().header("Idempotency-Key", "k-" + plan), session, Map.of("text", "Is it bad?"))
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
        for (Map<String, String> bad :
                List.of(Map.<String, String>of(), Map.of("text", "  "), Map.of("text", "x".repeat(2001)))) {
            say(ada(), session, bad).statusCode(400).body("code", equalTo("validation_failed"));
        }
        ada().get("/api/v1/sessions/" + session + "/messages").then().body("items", hasSize(4));
    }
}
