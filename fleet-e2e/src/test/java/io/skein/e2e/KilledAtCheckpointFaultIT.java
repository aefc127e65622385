package io.skein.e2e;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** TASK-02, TASK-03: {@code kill -9} while a plan waits for a person: it still waits afterwards, and every session is still there. */
class KilledAtCheckpointFaultIT {

    private static final int SESSIONS = 120;

    private final Fleet fleet = Fleet.running();

    @Test
    void theOrchestratorIsKilledAndThePlanStillWaits() throws Exception {
        Path log = fleet.home().resolve("honey.log");
        playbook("smoke-hive.yml", "Smoke the beehive", "hive", log);
        playbook("spin-honey.yml", "Spin the honey", "honey", log);
        String id = plan("Smoke the beehive, then spin the honey");
        String checkpoint = fleet.post(
                        "/api/v1/tasks/" + id + "/checkpoints",
                        Map.of("beforeStep", 2, "question", "Are the bees calm?"))
                .body()
                .path("id")
                .asText();
        assertEquals(
                200, fleet.post("/api/v1/plans/" + id + "/approve", Map.of()).status());
        Awaitility.await().atMost(ofSeconds(60)).until(() -> state(id, checkpoint)
                .equals("reached"));
        for (int i = 0; i < SESSIONS; i++) {
            assertEquals(
                    201,
                    fleet.post("/api/v1/sessions", Map.of("title", "Hive " + i)).status());
        }
        List<String> before = sessions();

        fleet.kill("orchestrator-service");
        fleet.up();

        assertEquals("reached", state(id, checkpoint));
        assertEquals(before, sessions());
        assertEquals(before.size(), new HashSet<>(before).size());
        assertTrue(before.size() >= SESSIONS);
        // Long enough for the loop to have looked at the plan several times.
        Thread.sleep(6000);
        assertEquals(List.of("hive"), Files.readAllLines(log), "the step behind the checkpoint ran");
        assertEquals(
                "pending", fleet.plan(id).path("steps").get(1).path("status").asText());

        assertEquals(
                200,
                fleet.post("/api/v1/tasks/" + id + "/checkpoints/" + checkpoint + "/continue", Map.of())
                        .status());
        JsonNode plan =
                fleet.awaitPlan(id, ofMinutes(2), p -> p.path("finishedAt").isTextual());
        assertEquals("completed", plan.path("status").asText(), plan::toString);
        assertEquals(List.of("hive", "honey"), Files.readAllLines(log));
        assertEquals(
                "completed",
                fleet.get("/api/v1/tasks/" + id).body().path("status").asText());
    }

    private String plan(String text) {
        JsonNode[] plan = new JsonNode[1];
        // The catalogue needs a moment to see new files.
        Awaitility.await().atMost(ofSeconds(20)).pollInterval(ofSeconds(1)).until(() -> {
            plan[0] = fleet.post("/api/v1/requests", Map.of("text", text, "allowDuplicate", true))
                    .body();
            return plan[0].path("status").asText().equals("awaiting_approval")
                    && plan[0].path("steps").size() == 2;
        });
        return plan[0].path("id").asText();
    }

    private String state(String plan, String checkpoint) {
        for (JsonNode one :
                fleet.get("/api/v1/tasks/" + plan + "/checkpoints").body().path("items")) {
            if (one.path("id").asText().equals(checkpoint)) {
                return one.path("status").asText();
            }
        }
        return "";
    }

    private List<String> sessions() {
        List<String> ids = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = fleet.get("/api/v1/sessions?size=50" + (after.isEmpty() ? "" : "&after=" + after))
                    .body();
            page.path("items").forEach(session -> ids.add(session.path("id").asText()));
            after = page.path("next").asText("");
        } while (!after.isEmpty());
        return ids;
    }

    private void playbook(String file, String name, String what, Path log) throws IOException {
        Files.writeString(fleet.playbooks().resolve(file), """
                ---
                # skein:description=%s
                # skein:risk=low
                - name: %s
                  hosts: nas01
                  gather_facts: false
                  tasks:
                    - name: Note it
                      ansible.builtin.shell: echo "%s" >> %s
                      changed_when: true
                """.formatted(name, name, what, log));
    }
}
