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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LLM-01, E2E-04, TASK-02: a plan that failed is looked at by the review chain, beside the rules and never instead of them. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
@QuarkusTestResource(LlmPorts.class)
class ReviewQuarkusTest extends LlmScenario {

    private static final String GOOD = """
            {"verdict": "The port was taken.", "scores": [{"dimension": "correctness", "score": 30, "reason": "one task failed"},
             {"dimension": "testability", "score": 70}], "suggestions": [{"step": 1, "text": "Wait for the port to be free."}]}""";

    private static UUID failed(String request, String playbook) {
        agent.outcomes.put(playbook, WorkResult.Outcome.FAILED);
        UUID plan = plan(request);
        approve(plan);
        awaitStatus(plan, "failed");
        return plan;
    }

    private static void awaitReviewed(UUID plan) {
        Awaitility.await()
                .untilAsserted(() -> assertEquals(
                        List.of("1"),
                        query("SELECT count(*) FROM review WHERE done_at IS NOT NULL AND plan_id = '" + plan + "'")));
    }

    private static void onlyTheRulesSayAnything(UUID plan) {
        ada().get("/api/v1/tasks/" + plan + "/evaluations").then().body("items.evaluator", equalTo(List.of("rule")));
        get(plan).then().body("status", equalTo("failed")).body("steps[0].suggestions.rule", equalTo(List.of("r1")));
    }

    @Test
    void aModelSaysWhatItThinksOfAPlanThatFailed() {
        all(Question.REVIEW, ModelServer.uses("review_plan", GOOD));
        UUID plan = failed(BOTH, DEPLOY);
        awaitReviewed(plan);
        ada().get("/api/v1/tasks/" + plan + "/evaluations")
                .then()
                .body("items.evaluator", equalTo(List.of("rule", "agent")))
                .body("items[0].overall", equalTo(68))
                .body("items[1].by", equalTo("model:ollama/ollama-stand-in"))
                .body("items[1].overall", equalTo(50))
                .body("items[1].scores.correctness.reason", equalTo("one task failed"))
                .body("items[1].comment", equalTo("The port was taken.\nStep 1: Wait for the port to be free."));
        get(plan)
                .then()
                .body("status", equalTo("failed"))
                .body("steps[0].suggestions.category", equalTo(List.of("idempotency", "review")))
                .body("steps[0].suggestions[1].message", equalTo("Wait for the port to be free."))
                .body("steps[0].suggestions[1].rule", equalTo("ollama/ollama-stand-in"))
                .body("steps[0].suggestions[1].path", equalTo(DEPLOY));
        ada().get("/api/v1/tasks/" + plan + "/activity").then().body("items.what", hasItem("evaluated"));
        ada().get("/api/v1/llm/calls?planId=" + plan)
                .then()
                .body("items[0].purpose", equalTo("review"))
                .body("items[0].prompt", equalTo("review-1"))
                .body("items[0].person", equalTo("ada"))
                .body("items[0].outcome", equalTo("answered"));
    }

    @Test
    void itIsToldWhatFailedAndNoSecret() {
        agent.failures.put("users/add.yml", "bob cannot log in with correct-horse-battery");
        all(Question.REVIEW, ModelServer.uses("review_plan", """
                {"verdict": "correct-horse-battery is weak", "scores": [{"dimension": "security", "score": 1}]}"""));
        UUID plan = failed("Add a user called bob with user_password=correct-horse-battery", "users/add.yml");
        awaitReviewed(plan);
        String told = told(Question.REVIEW).getFirst();
        assertTrue(told.contains("bob cannot log in with [redacted]"), told);
        assertTrue(told.contains("users/add.yml"), told);
        assertFalse(told.contains("correct-horse"), told);
        ada().get("/api/v1/tasks/" + plan + "/evaluations")
                .then()
                .body("items[1].comment", equalTo("[redacted] is weak"));
    }

    @Test
    void nobodyAnswersAndTheRulesStayAsTheyAre() {
        all(Question.REVIEW, new Answer.Raw(401, Map.of(), "{}"));
        UUID plan = failed(BOTH, DEPLOY);
        awaitReviewed(plan);
        assertEquals(1, told(Question.REVIEW).size());
        onlyTheRulesSayAnything(plan);
        agent.outcomes.clear();
        post(plan, "resume", Map.of()).then().statusCode(200);
        awaitStatus(plan, "completed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sure!",
                "{}",
                "{\"verdict\":\"x\",\"scores\":[]}",
                "{\"verdict\":\"x\",\"scores\":[{\"dimension\":\"beauty\",\"score\":1}]}",
                "{\"verdict\":\"x\",\"scores\":[{\"dimension\":\"security\",\"score\":101}]}",
                "{\"verdict\":\"x\",\"scores\":[{\"dimension\":\"security\",\"score\":1},{\"dimension\":\"security\",\"score\":2}]}",
                "{\"verdict\":\"x\",\"scores\":[{\"dimension\":\"security\",\"score\":1}],\"approve\":true}",
                "{\"verdict\":\"x\",\"scores\":[{\"dimension\":\"security\",\"score\":1}],\"suggestions\":[{\"step\":9,\"text\":\"x\"}]}",
                "{\"verdict\":\"x\",\"scores\":[{\"dimension\":\"security\",\"score\":1}],\"suggestions\":[{\"step\":1,\"text\":\"x\",\"variables\":{}}]}"
            })
    void whatHasNotTheOneFormIsRefused(String answer) throws Exception {
        all(Question.REVIEW, ModelServer.says(answer));
        UUID plan = failed(BOTH, DEPLOY);
        awaitReviewed(plan);
        onlyTheRulesSayAnything(plan);
        assertEquals(
                List.of("unusable"),
                query("SELECT DISTINCT outcome FROM llm_call WHERE purpose = 'review' AND plan_id = '" + plan + "'"));
    }

    @Test
    void whatWentWellIsNotReviewed() throws Exception {
        UUID plan = plan("Restart nginx");
        approve(plan);
        awaitStatus(plan, "completed");
        assertEquals(List.of("0"), query("SELECT count(*) FROM review WHERE plan_id = '" + plan + "'"));
        ada().get("/api/v1/llm/calls?planId=" + plan).then().body("items.purpose", not(hasItem("review")));
    }

    /** Whoever was at it died: another one, or the next start, goes on with it. */
    @Test
    void aReviewSurvivesWhoeverBeganIt() throws Exception {
        all(Question.REVIEW, new Answer.Raw(401, Map.of(), "{}"));
        UUID plan = failed(BOTH, DEPLOY);
        awaitReviewed(plan);
        all(Question.REVIEW, ModelServer.uses("review_plan", GOOD));
        execute("UPDATE review SET done_at = NULL, claimed_until = now() - interval '1 second' WHERE plan_id = '" + plan
                + "'");
        failed("Restart nginx", "web/nginx.yml");
        Awaitility.await().untilAsserted(() -> ada().get("/api/v1/tasks/" + plan + "/evaluations")
                .then()
                .body("items", hasSize(2))
                .body("items[1].comment", containsString("The port was taken.")));
    }

    /** An answer that cannot be kept costs as much as one that can. */
    @Test
    void whatWasBegunThreeTimesIsNotBegunAgain() throws Exception {
        all(Question.REVIEW, new Answer.Raw(401, Map.of(), "{}"));
        UUID plan = failed(BOTH, DEPLOY);
        awaitReviewed(plan);
        execute("UPDATE review SET done_at = NULL, claimed_until = NULL, tries = 3 WHERE plan_id = '" + plan + "'");

        awaitReviewed(failed("Restart nginx", "web/nginx.yml"));

        assertEquals(
                List.of("1"),
                query("SELECT count(*) FROM review WHERE done_at IS NULL AND tries = 3 AND plan_id = '" + plan + "'"));
    }
}
