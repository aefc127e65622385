package io.skein.e2e;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** {@code kill -9} in the middle of a plan, then {@code ./skein up}: the end state is true, and nothing ran twice. */
class KilledFaultIT {

    private final Fleet fleet = Fleet.running();

    @Test
    void theOrchestratorIsKilledAndThePlanGoesOn() throws Exception {
        Path log = fleet.home().resolve("harvest.log");
        slowPlaybook("harvest-apples.yml", "Harvest the apples", "apples", log);
        slowPlaybook("press-cider.yml", "Press the cider", "cider", log);
        String id = startTwoSteps("Harvest the apples, then press the cider", log, "apples");

        fleet.kill("orchestrator-service");
        Thread.sleep(3000);
        fleet.up();

        JsonNode plan =
                fleet.awaitPlan(id, ofMinutes(2), p -> p.path("finishedAt").isTextual());
        assertEquals("completed", plan.path("status").asText(), plan::toString);
        assertEquals(List.of("apples begin", "apples end", "cider begin", "cider end"), Files.readAllLines(log));
    }

    @Test
    void theInfraAgentIsKilledAndTheCutPlaybookIsInterrupted() throws Exception {
        Path log = fleet.home().resolve("hay.log");
        slowPlaybook("mow-meadow.yml", "Mow the meadow", "meadow", log);
        slowPlaybook("stack-hay.yml", "Stack the hay bales", "hay", log);
        String id = startTwoSteps("Mow the meadow, then stack the hay bales", log, "meadow");

        fleet.kill("infra-agent-service");
        Awaitility.await()
                .alias("no ansible-playbook outlives its agent")
                .atMost(ofSeconds(20))
                .until(() -> runningAnsible().isEmpty());
        fleet.up();

        JsonNode plan =
                fleet.awaitPlan(id, ofMinutes(2), p -> p.path("finishedAt").isTextual());
        assertEquals("interrupted", plan.path("status").asText(), plan::toString);
        assertEquals("interrupted", plan.path("steps").get(0).path("status").asText(), plan::toString);
        assertEquals("skipped", plan.path("steps").get(1).path("status").asText(), plan::toString);
        Thread.sleep(12_000);
        assertEquals(List.of("meadow begin"), Files.readAllLines(log), "it was run again, or went on unseen");
        assertEquals("interrupted", fleet.plan(id).path("status").asText());
        assertTrue(
                fleet.awaitPlan(id, ofSeconds(30), p -> p.path("auditCommit").isTextual())
                        .path("auditCommit")
                        .asText()
                        .matches("[0-9a-f]{40}"),
                "the interruption is not in the evidence");
    }

    private String startTwoSteps(String text, Path log, String first) {
        JsonNode[] plan = new JsonNode[1];
        Awaitility.await().atMost(ofSeconds(20)).pollInterval(ofSeconds(1)).until(() -> {
            plan[0] = fleet.post("/api/v1/requests", Map.of("text", text, "allowDuplicate", true))
                    .body();
            return plan[0].path("status").asText().equals("awaiting_approval")
                    && plan[0].path("steps").size() == 2;
        });
        String id = plan[0].path("id").asText();
        assertEquals(
                200, fleet.post("/api/v1/plans/" + id + "/approve", Map.of()).status());
        Awaitility.await()
                .atMost(ofSeconds(30))
                .until(() -> Files.exists(log) && Files.readString(log).contains(first + " begin"));
        assertFalse(runningAnsible().isEmpty());
        return id;
    }

    /** Writes "begin", sleeps 6 s, writes "end". */
    private void slowPlaybook(String file, String name, String what, Path log) throws IOException {
        Files.writeString(fleet.playbooks().resolve(file), """
                ---
                # skein:description=%s
                # skein:risk=low
                - name: %s
                  hosts: nas01
                  gather_facts: false
                  tasks:
                    - name: Begin
                      ansible.builtin.shell: echo "%s begin" >> %s
                      changed_when: true
                    - name: Take time
                      ansible.builtin.command: sleep 6
                      changed_when: false
                    - name: End
                      ansible.builtin.shell: echo "%s end" >> %s
                      changed_when: true
                """.formatted(name, name, what, log, what, log));
    }

    private List<String> runningAnsible() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains("ansible-playbook")
                        && line.contains(fleet.playbooks().toString()))
                .toList();
    }
}
