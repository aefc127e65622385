package io.skein.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skein.cli.Style;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everythingTheDecisionHangsOnIsShown() throws IOException {
        String text = String.join("\n", new PlanText(new Style(false)).render(plan()));
        for (String part : new String[] {
            "embedded planner (no LLM is configured)",
            " 1  Deploy Uptime Kuma   medium risk, about 1 min 30 s",
            " 2  Configure portals   low risk, about 20 s, after step 1",
            "playbook   uptime-kuma/deploy.yml  (matches with 0.94)",
            "runs on    nas01 of inventories/homelab.yml  (from \"the homelab\")",
            "variables  kuma_port = 3002  request: \"port 3002\"",
            "           kuma_password = (secret)  playbook default",
            "           kuma_dir = missing  missing",
            "needs      1 CPU core, 256 MiB memory",
            "infra-agent-1  score 87 of 100: past success 38/40, recent context 20/30, specialisation 20/20, load 9/10",
            "why        the only agent that runs playbooks"
        }) {
            assertTrue(text.contains(part), () -> "missing \"" + part + "\" in\n" + text);
        }
        assertFalse(text.contains("hunter2"), "a secret value was shown");
        assertTrue(text.indexOf("Deploy Uptime Kuma") < text.indexOf("Configure portals"));
    }

    @Test
    void whatItCostsIsShownWhereThereIsSomethingToShow() throws IOException {
        JsonNode plan = JSON.readTree("""
                {"id":"p","text":"x","status":"needs_input","steps":[],"questions":[],
                 "cost":{"modelsUsd":0.03,"modelCalls":1,"runUsd":0.0125}}""");
        String text = String.join("\n", new PlanText(new Style(false)).render(plan));
        assertTrue(text.contains("It costs about $0.0125 to run, $0.0300 for models so far."), text);
        assertFalse(
                String.join("\n", new PlanText(new Style(false)).render(plan())).contains("It costs"));
    }

    @Test
    void aQuestionNamesItsCandidates() throws IOException {
        JsonNode plan = JSON.readTree("""
                {"id":"p","text":"deploy x","status":"needs_input","steps":[],"questions":[{"code":"unknown_intent",
                 "clause":"deploy x","message":"Which playbook is meant?",
                 "candidates":[{"playbook":"a.yml","name":"A","confidence":0.71}]}]}""");
        String text = String.join("\n", new PlanText(new Style(false)).render(plan));
        assertTrue(text.contains("? Which playbook is meant?  (\"deploy x\")"), text);
        assertTrue(text.contains("0.71  a.yml  A"), text);
    }

    @Test
    void scriptsGetOneObjectWithTheFieldsOfTheSpecification() throws IOException {
        JsonNode json = PlanResult.json(plan(), "http://localhost:8080");
        assertEquals("0199-plan", json.path("planId").asText());
        assertEquals("completed", json.path("status").asText());
        assertEquals(
                "{\"name\":\"Deploy Uptime Kuma\",\"playbook\":\"uptime-kuma/deploy.yml\",\"status\":\"completed\","
                        + "\"risk\":\"medium\",\"agent\":\"infra-agent-1\",\"score\":87}",
                json.path("steps").get(0).toString());
        assertEquals("abc123", json.path("auditCommit").asText());
        assertEquals(
                "http://localhost:8080/audit?plan=0199-plan",
                json.path("auditUrl").asText());
    }

    @Test
    void theResultTellsRecapNoticesCommitAndTrail() throws IOException {
        String text = String.join("\n", PlanResult.text(plan(), "http://localhost:8080", new Style(false)));
        assertTrue(text.contains("Result: completed"), text);
        assertTrue(text.contains("1  completed  Deploy Uptime Kuma  (nas01: 5 ok 2 changed)"), text);
        assertTrue(text.contains("notice: no Docker engine"), text);
        assertTrue(text.contains("git commit abc123"), text);
        assertTrue(text.contains("http://localhost:8080/audit?plan=0199-plan"), text);
    }

    @ParameterizedTest
    @CsvSource({
        "completed, 0",
        "failed, 1",
        "interrupted, 1",
        "rejected, 3",
        "cancelled, 3",
        "needs_input, 4",
        "awaiting_approval, 4"
    })
    void scriptsBranchOnTheExitCode(String status, int code) {
        assertEquals(code, PlanResult.exitCode(status));
    }

    private static JsonNode plan() throws IOException {
        try (InputStream in = PlanTextTest.class.getResourceAsStream("/plan.json")) {
            return JSON.readTree(in);
        }
    }
}
