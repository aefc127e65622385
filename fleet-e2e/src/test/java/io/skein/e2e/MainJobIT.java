package io.skein.e2e;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** E2E-01 .. E2E-05, E2E-07: the sentence of the specification, from words to evidence. */
class MainJobIT {

    private static final String SENTENCE =
            "Deploy Uptime Kuma to the homelab and add our existing portals to the config";

    private final Fleet fleet = Fleet.running();

    @Test
    void oneSentenceBecomesTwoExecutedAndRecordedSteps() throws IOException {
        Shell request = fleet.cli(ofMinutes(3), "request", SENTENCE, "--yes", "--output", "json");

        assertEquals(0, request.exitCode(), request::toString);
        JsonNode result = Fleet.json(lastLineObject(request.out()));
        assertEquals("completed", result.path("status").asText());
        JsonNode steps = result.path("steps");
        assertEquals(2, steps.size());
        assertEquals("uptime-kuma/deploy.yml", steps.get(0).path("playbook").asText());
        assertEquals("uptime-kuma/monitors.yml", steps.get(1).path("playbook").asText());
        assertEquals("infra-agent-1", steps.get(0).path("agent").asText());

        // What the playbooks did is really there.
        List<Path> written = written(fleet.home());
        assertTrue(written.stream().anyMatch(f -> f.toString().contains("compose")), written::toString);
        assertTrue(written.stream().anyMatch(f -> f.toString().contains("monitors")), written::toString);

        // The evidence is in git, under the commit the person was told.
        String commit = result.path("auditCommit").asText();
        assertTrue(commit.matches("[0-9a-f]{40}"), commit);
        String planId = result.path("planId").asText();
        Shell record = git("show", commit + ":.audit/tasks/" + planId + ".json");
        assertEquals(0, record.exitCode(), record::toString);
        assertTrue(record.out().contains(SENTENCE), record.out());
        assertTrue(record.out().endsWith("\n"));
        JsonNode plan = fleet.plan(planId);
        for (JsonNode step : plan.path("steps")) {
            Shell stepRecord =
                    git("show", "HEAD:.audit/tasks/" + step.path("id").asText() + ".json");
            assertEquals(0, stepRecord.exitCode(), stepRecord::toString);
        }

        // The trail can be read, and the chain holds.
        JsonNode trail = fleet.get("/api/v1/audit/entries?planId=" + planId + "&size=200")
                .body();
        List<String> types = new java.util.ArrayList<>();
        trail.path("items").forEach(entry -> types.add(entry.path("type").asText()));
        for (String expected : List.of("plan.created", "plan.approved", "step.completed", "plan.completed")) {
            assertTrue(types.contains(expected), expected + " is missing in " + types);
        }
        Shell verify = fleet.cli(ofSeconds(60), "audit", "verify");
        assertEquals(0, verify.exitCode(), verify::toString);

        // The other services did their part.
        JsonNode events =
                fleet.get("/api/v1/events?planId=" + planId + "&size=200").body();
        assertTrue(events.path("items").size() >= 5, events::toString);
        Awaitility.await()
                .atMost(ofSeconds(10))
                .until(() ->
                        !fleet.get("/api/v1/locks?size=200").body().toString().contains(planId));
        assertFalse(fleet.get("/api/v1/nodes").body().path("items").isEmpty());
    }

    @Test
    void nothingRunsWithoutApproval() throws Exception {
        JsonNode plan = fleet.request("check the free disk space");
        String id = plan.path("id").asText();
        Thread.sleep(1500);
        assertEquals("awaiting_approval", fleet.plan(id).path("status").asText(), plan::toString);

        Fleet.Answer rejected = fleet.post("/api/v1/plans/" + id + "/reject", Map.of("reason", "not today"));
        assertEquals(200, rejected.status());
        assertProblem(409, "illegal_transition", fleet.post("/api/v1/plans/" + id + "/approve", Map.of()));
        assertEquals("not today", fleet.plan(id).path("rejectedReason").asText());
    }

    @Test
    void approvingTwiceIsOneApproval() {
        JsonNode plan = fleet.request("write the message of the day");
        String id = plan.path("id").asText();
        assertEquals(
                200, fleet.post("/api/v1/plans/" + id + "/approve", Map.of()).status());
        assertProblem(409, "illegal_transition", fleet.post("/api/v1/plans/" + id + "/approve", Map.of()));
        JsonNode done =
                fleet.awaitPlan(id, ofMinutes(1), p -> p.path("status").asText().equals("completed"));
        assertEquals(1, done.path("steps").size());
    }

    @Test
    void aNewPlaybookFileMakesANewRequestPossible() throws Exception {
        Path marker = fleet.home().resolve("pond-painted");
        Files.writeString(fleet.playbooks().resolve("paint-pond.yml"), """
                ---
                # skein:service=pond
                # skein:description=Paint the garden pond in a colour
                # skein:risk=low
                - name: Paint the garden pond
                  hosts: nas01
                  gather_facts: false
                  vars:
                    colour: blue
                  tasks:
                    - name: Paint
                      ansible.builtin.copy:
                        content: "{{ colour }}"
                        dest: "%s"
                        mode: "0600"
                """.formatted(marker));
        Awaitility.await().atMost(ofSeconds(15)).pollInterval(ofSeconds(1)).until(() -> {
            JsonNode plan = fleet.post(
                            "/api/v1/requests", Map.of("text", "Paint the garden pond", "allowDuplicate", true))
                    .body();
            return plan.path("status").asText().equals("awaiting_approval")
                    && plan.path("steps").get(0).path("playbook").asText().equals("paint-pond.yml");
        });
        Shell request = fleet.cli(
                ofMinutes(1), "request", "Paint the garden pond with colour=green", "--yes", "--output", "json");
        assertEquals(0, request.exitCode(), request::toString);
        assertEquals("green", Files.readString(marker));
    }

    @Test
    void aTemplateInAValueStaysText() throws Exception {
        Path marker = fleet.home().resolve("pwned");
        JsonNode plan = fleet.request("write the message of the day");
        String id = plan.path("id").asText();
        JsonNode step = plan.path("steps").get(0);
        String variable = step.path("variables").get(0).path("name").asText();
        Fleet.Answer modified = fleet.post(
                "/api/v1/plans/" + id + "/modify",
                Map.of(
                        "steps",
                        List.of(Map.of(
                                "number",
                                1,
                                "variables",
                                Map.of(variable, "{{ lookup('pipe', 'touch " + marker + "') }}")))));
        assertEquals(200, modified.status(), modified::toString);
        assertEquals(2, modified.body().path("version").asInt());
        assertEquals(
                200, fleet.post("/api/v1/plans/" + id + "/approve", Map.of()).status());
        fleet.awaitPlan(id, ofMinutes(1), p -> p.path("finishedAt").isTextual());
        assertFalse(Files.exists(marker), "the value was evaluated");
    }

    static void assertProblem(int status, String code, Fleet.Answer answer) {
        assertEquals(status, answer.status(), answer::toString);
        assertTrue(answer.contentType().startsWith("application/problem+json"), answer::toString);
        assertNotNull(answer.body());
        assertEquals(code, answer.body().path("code").asText(), answer::toString);
    }

    private Shell git(String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of(
                "git",
                "-c",
                "safe.directory=*",
                "-C",
                fleet.state().resolve("audit-git").toString()));
        command.addAll(List.of(arguments));
        return Shell.run(fleet.state(), Map.of(), ofSeconds(20), command);
    }

    private static List<Path> written(Path home) throws IOException {
        try (var files = Files.walk(home)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** The JSON object a script reads: the output from the line that begins it. */
    private static String lastLineObject(String out) {
        int start = out.startsWith("{") ? 0 : out.lastIndexOf("\n{") + 1;
        return out.substring(start);
    }
}
