package io.skein.orchestrator.counsel;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.contracts.agent.WorkResult;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.llm.LlmPorts;
import io.skein.orchestrator.llm.LlmScenario;
import io.skein.orchestrator.llm.Provider;
import io.skein.test.ModelServer;
import io.skein.test.ModelServer.Answer;
import io.skein.test.SkeinInfrastructure;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * All providers are configured, and nobody said who reviews and answers questions: what a failed task printed is told to the local one
 * or to nobody, also where an external one would be asked first, or instead.
 */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
@QuarkusTestResource(LlmPorts.class)
class InTheHouseQuarkusTest extends LlmScenario {

    private static final String PRINTED = "dial tcp 10.20.30.40:5432 as svc-kuma";

    /** High-value work is what external providers are asked first for, of those in a chain. */
    private static UUID failed() {
        agent.outcomes.put(DEPLOY, WorkResult.Outcome.FAILED);
        agent.failures.put(DEPLOY, PRINTED);
        UUID plan = UUID.fromString(ask(BOTH, true).extract().path("id"));
        approve(plan);
        awaitStatus(plan, "failed");
        Awaitility.await()
                .untilAsserted(() -> assertEquals(
                        List.of("1"),
                        query("SELECT count(*) FROM review WHERE done_at IS NOT NULL AND plan_id = '" + plan + "'")));
        return plan;
    }

    private static ValidatableResponse say(UUID plan) {
        String session = get(plan).path("sessionId");
        return ada().body(Map.of("text", "Why did it fail?"))
                .post("/api/v1/sessions/" + session + "/messages")
                .then()
                .statusCode(201);
    }

    private static void nobodyOutsideWasTold() {
        for (Provider provider : Provider.values()) {
            if (!provider.isLocal()) {
                server(provider).seen.forEach(call -> assertFalse(call.text().contains(PRINTED), provider.wire()));
            }
        }
    }

    @Test
    void theLocalOneIsTold() {
        all(Question.REVIEW, ModelServer.uses("review_plan", """
                {"verdict": "No way to the database.", "scores": [{"dimension": "correctness", "score": 30}]}"""));
        UUID plan = failed();
        ada().get("/api/v1/tasks/" + plan + "/evaluations")
                .then()
                .body("items.by", hasItem("model:ollama/ollama-stand-in"));
        all(Question.CHAT, ModelServer.says("The database does not answer."));
        say(plan).body("by", equalTo("ollama/ollama-stand-in"));
        assertEquals(1, told(Question.REVIEW).size());
        assertEquals(1, told(Question.CHAT).size());
        nobodyOutsideWasTold();
    }

    @Test
    void andWhenItDoesNotAnswerNobodyIs() {
        server(Provider.OLLAMA).answers(new Answer.Raw(401, Map.of(), "{}"));
        UUID plan = failed();
        ada().get("/api/v1/tasks/" + plan + "/evaluations").then().body("items.evaluator", contains("rule"));
        say(plan).body("by", equalTo("embedded")).body("text", containsString(PRINTED));
        assertEquals(1, told(Question.REVIEW).size());
        assertEquals(1, told(Question.CHAT).size());
        nobodyOutsideWasTold();
    }
}
