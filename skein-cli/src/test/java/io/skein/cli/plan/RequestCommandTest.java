package io.skein.cli.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skein.cli.FakeFleet;
import io.skein.cli.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole command against a front door on a socket. */
@Timeout(60)
class RequestCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final AtomicReference<String> status = new AtomicReference<>("awaiting_approval");
    private FakeFleet fleet;
    private Path state;

    @BeforeEach
    void open() throws IOException {
        fleet = new FakeFleet();
        state = fleet.state(folder);
        fleet.on("/requests", exchange -> FakeFleet.json(exchange, 201, plan()));
        fleet.on("/plans/0199-plan", exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (path.endsWith("/approve")) {
                status.set("running");
            } else if (path.endsWith("/reject")) {
                status.set("rejected");
            }
            FakeFleet.json(exchange, 200, plan());
        });
        fleet.on("/plans/0199-plan/stream", exchange -> {
            try (OutputStream out = FakeFleet.stream(exchange)) {
                FakeFleet.event(out, 1, "task", """
                        {"seq":1,"at":"2026-01-01T10:00:00Z","kind":"task","stepNumber":1,"task":{"task":"Create the folder",\
                        "host":"nas01","outcome":"changed","durationMillis":400}}""");
                status.set("completed");
                FakeFleet.event(
                        out,
                        2,
                        "plan",
                        "{\"seq\":2,\"kind\":\"plan\",\"planId\":\"0199-plan\",\"status\":\"completed\"}");
            }
        });
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void yesApprovesExactlyWhatWasShownAndWatchesItToTheEnd() {
        Run run = Run.of("request", "Deploy Uptime Kuma", "--yes", "--home", state.toString());

        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(run.out().contains("Create the folder"), run::toString);
        assertTrue(run.out().contains("git commit abc123"), run::toString);
        assertTrue(
                fleet.calls().contains("POST /api/v1/plans/0199-plan/approve {\"planHash\":\"h1\"}"),
                () -> fleet.calls().toString());
    }

    @Test
    void aScriptGetsOneObjectAndNothingElse() throws IOException {
        Run run = Run.of("request", "Deploy Uptime Kuma", "-y", "--output", "json", "--home", state.toString());
        JsonNode json = JSON.readTree(run.out());
        assertEquals("completed", json.path("status").asText());
        assertEquals(2, json.path("steps").size());
        assertEquals(0, run.exitCode());
    }

    @Test
    void nothingRunsWhenNobodyCanBeAsked() {
        Run run = Run.of("request", "Deploy Uptime Kuma", "--no-input", "--home", state.toString());
        assertEquals(4, run.exitCode(), run::toString);
        assertFalse(fleet.calls().stream().anyMatch(call -> call.contains("/approve")));
        assertTrue(run.out().contains("./skein approve 0199-plan"), run::toString);
    }

    @Test
    void aRejectionCarriesItsReason() {
        Run run = Run.of("request", "Deploy Uptime Kuma", "--reject", "not today", "--home", state.toString());
        assertEquals(3, run.exitCode(), run::toString);
        assertTrue(fleet.calls().contains("POST /api/v1/plans/0199-plan/reject {\"reason\":\"not today\"}"));
        assertFalse(fleet.calls().stream().anyMatch(call -> call.contains("/approve")));
    }

    @Test
    void yesAndRejectTogetherAreAMistake() {
        assertEquals(2, Run.of("request", "x", "--yes", "--reject", "y").exitCode());
    }

    @Test
    void anErrorForAScriptIsJsonToo() throws IOException {
        Run run = Run.of("plans", "show", "nope", "--output", "json", "--home", state.toString());
        assertEquals(1, run.exitCode());
        assertTrue(JSON.readTree(run.out()).path("error").has("code"), run::toString);
    }

    private String plan() throws IOException {
        try (InputStream in = RequestCommandTest.class.getResourceAsStream("/plan.json")) {
            ObjectNode plan = (ObjectNode) JSON.readTree(in);
            plan.put("status", status.get());
            return plan.toString();
        }
    }
}
