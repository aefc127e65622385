package io.skein.e2e;

import static io.skein.e2e.MainJobIT.assertProblem;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The bad inputs of the main job: each gets a clear answer, and nothing is lost. */
class BadInputIT {

    private final Fleet fleet = Fleet.running();

    @Test
    void unusableRequestTexts() {
        for (String text : List.of("", "   \n", "a\u0000b", "\u0007", "x".repeat(8001))) {
            assertProblem(400, "validation_failed", fleet.post("/api/v1/requests", Map.of("text", text)));
        }
        assertProblem(400, "validation_failed", fleet.post("/api/v1/requests", Map.of()));
        assertProblem(413, "payload_too_large", fleet.post("/api/v1/requests", Map.of("text", "x".repeat(1_100_000))));
        assertProblem(
                400, "malformed_body", fleet.post("/api/v1/requests", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0}));
        assertProblem(
                400, "malformed_body", fleet.post("/api/v1/requests", "{\"text\":".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void unknownThings() {
        for (String action : List.of("approve", "reject", "cancel")) {
            assertProblem(
                    404,
                    "not_found",
                    fleet.post("/api/v1/plans/" + UUID.randomUUID() + "/" + action, Map.of("reason", "x")));
        }
        assertEquals(404, fleet.get("/api/v1/plans/not-an-id").status());
        assertEquals(404, fleet.get("/api/v1/nonsense").status());
        assertProblem(
                422,
                "inventory_not_found",
                fleet.post("/api/v1/requests", Map.of("text", "check the free disk space", "inventory", "moonbase")));
    }

    @Test
    void withoutSigningInNothingAnswers() {
        for (String path : List.of("/api/v1/plans", "/api/v1/nodes", "/api/v1/audit/entries", "/api/v1/fleet")) {
            assertProblem(401, "unauthenticated", fleet.send("GET", path, null, null));
        }
        assertProblem(
                401,
                "bad_credentials",
                fleet.send(
                        "POST",
                        "/api/v1/auth/sign-in",
                        Map.of("username", "nobody-" + UUID.randomUUID(), "password", "wrong-password-1"),
                        null));
    }

    @Test
    void whatMatchesNothingBecomesAQuestion() {
        JsonNode plan = fleet.request("Order a pizza with extra cheese");
        assertEquals("needs_input", plan.path("status").asText(), plan::toString);
        assertEquals(
                "unknown_intent", plan.path("questions").get(0).path("code").asText());
        assertProblem(
                409,
                "plan_needs_input",
                fleet.post("/api/v1/plans/" + plan.path("id").asText() + "/approve", Map.of()));
    }

    @Test
    void aTargetThatDoesNotExistBecomesAQuestion() {
        JsonNode plan = fleet.request("Deploy Uptime Kuma to the moonbase");
        assertEquals("needs_input", plan.path("status").asText(), plan::toString);
        assertTrue(plan.path("questions").toString().contains("moonbase"), plan::toString);
    }

    @Test
    void aBrokenPlaybookIsListedWithTheReasonAndNeverRun() throws Exception {
        Files.writeString(fleet.playbooks().resolve("water-roses.yml"), """
                ---
                # skein:description=Water the roses
                - name: Water the roses
                  hosts: [nas01
                  tasks: []
                """);
        Awaitility.await().atMost(ofSeconds(15)).pollInterval(ofSeconds(1)).until(() -> {
            for (JsonNode playbook :
                    fleet.get("/api/v1/playbooks?size=200").body().path("items")) {
                if (playbook.path("path").asText().equals("water-roses.yml")) {
                    return playbook.path("broken").asText().contains("line");
                }
            }
            return false;
        });
        JsonNode plan = fleet.request("Water the roses");
        assertEquals("needs_input", plan.path("status").asText(), plan::toString);
    }

    @Test
    void aMissingVariableIsAskedForAndCanBeGiven() throws Exception {
        Files.writeString(fleet.playbooks().resolve("feed-fish.yml"), """
                ---
                # skein:description=Feed the fish in the aquarium
                # skein:required=fish_food
                - name: Feed the fish in the aquarium
                  hosts: nas01
                  gather_facts: false
                  tasks:
                    - name: Feed
                      ansible.builtin.debug:
                        msg: "{{ fish_food }}"
                """);
        String[] id = new String[1];
        Awaitility.await().atMost(ofSeconds(15)).pollInterval(ofSeconds(1)).until(() -> {
            JsonNode plan = fleet.post(
                            "/api/v1/requests", Map.of("text", "Feed the fish in the aquarium", "allowDuplicate", true))
                    .body();
            id[0] = plan.path("id").asText();
            return plan.path("questions").toString().contains("missing_variable");
        });
        assertProblem(409, "plan_needs_input", fleet.post("/api/v1/plans/" + id[0] + "/approve", Map.of()));
        Fleet.Answer modified = fleet.post(
                "/api/v1/plans/" + id[0] + "/modify",
                Map.of("steps", List.of(Map.of("number", 1, "variables", Map.of("fish_food", "flakes")))));
        assertEquals("awaiting_approval", modified.body().path("status").asText(), modified::toString);
        fleet.post("/api/v1/plans/" + id[0] + "/approve", Map.of());
        fleet.awaitPlan(id[0], ofMinutes(1), p -> p.path("status").asText().equals("completed"));
    }

    @Test
    void theSameRequestTwiceAtOnceIsToldOfTheFirst() {
        String text = "back up the directory /etc/hostname-" + UUID.randomUUID();
        Fleet.Answer first = fleet.post("/api/v1/requests", Map.of("text", text));
        assertEquals(201, first.status(), first::toString);
        Fleet.Answer second = fleet.post("/api/v1/requests", Map.of("text", text));
        assertProblem(409, "duplicate_request", second);
        assertEquals(
                first.body().path("id").asText(), second.body().path("planId").asText());
    }
}
