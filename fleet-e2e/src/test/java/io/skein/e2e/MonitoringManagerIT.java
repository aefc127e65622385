package io.skein.e2e;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A machine falls silent; the Monitoring Manager notices, locks it, asks for a plan, waits for a person, and lets go again. */
class MonitoringManagerIT {

    private final Fleet fleet = Fleet.running();

    @Test
    void aSilentMachineIsNoticedAndWhatIsDoneAboutItIsApprovedFirst() {
        fleet.post("/api/v1/runtime/stop", Map.of());
        JsonNode instance = fleet.post("/api/v1/runtime/instances/start", Map.of("agent", "monitoring-manager"))
                .body();
        String id = instance.path("id").asText();
        String node = fleet.get("/api/v1/nodes")
                .body()
                .path("items")
                .get(0)
                .path("name")
                .asText();
        try {
            fleet.kill("desktop-agent");

            JsonNode offline = first(
                    "/api/v1/events?type=device.offline&size=20",
                    event -> event.path("subject").asText().equals(node)
                            && event.path("data").path("reason").asText().startsWith("no heartbeat")
                            && event.path("routedTo").toString().contains("monitoring-manager"));

            JsonNode task = first(
                    "/api/v1/runtime/tasks?instance=" + id,
                    found -> found.path("name").asText().equals("device.offline")
                            && found.path("waitingFor").asText().equals("plan"));
            JsonNode holder =
                    fleet.get("/api/v1/locks/resources/node:" + node).body().path("holder");
            assertTrue(holder.path("ownerId").asText().contains("monitoring-manager"), holder::toString);

            // Nothing has run: a person decides, as with anybody's plan.
            JsonNode plan = first(
                    "/api/v1/plans?size=50",
                    found -> found.path("requestedBy").asText().equals("agent:monitoring-manager")
                            && found.path("status").asText().equals("awaiting_approval"));
            String planId = plan.path("id").asText();
            assertEquals(
                    200,
                    fleet.post("/api/v1/plans/" + planId + "/approve", Map.of()).status());
            // The only machine that could run it is the silent one, so even an approved plan waits for it.
            fleet.awaitPlan(
                    planId, ofSeconds(30), p -> p.path("statusReason").asText().contains(node + " is offline"));
            fleet.up();
            JsonNode done = fleet.awaitPlan(
                    planId, ofMinutes(2), p -> p.path("finishedAt").isTextual());
            assertEquals("completed", done.path("status").asText(), done::toString);

            String taskId = task.path("id").asText();
            Awaitility.await().atMost(ofSeconds(30)).until(() -> fleet.get("/api/v1/runtime/tasks/" + taskId)
                    .body()
                    .path("status")
                    .asText()
                    .equals("succeeded"));
            assertTrue(
                    fleet.get("/api/v1/locks/resources/node:" + node)
                            .body()
                            .path("holder")
                            .isMissingNode(),
                    "the lock is still held");

            // One trace from the silence to the lock's release.
            String trace = offline.path("traceId").asText();
            assertTrue(trace.matches("[0-9a-f]{32}"), offline::toString);
            Set<String> types = new HashSet<>();
            fleet.get("/api/v1/audit/entries?traceId=" + trace + "&size=200")
                    .body()
                    .path("items")
                    .forEach(entry -> types.add(entry.path("type").asText()));
            assertTrue(
                    types.containsAll(Set.of(
                            "device.offline",
                            "runtime.task.started",
                            "lock.granted",
                            "plan.created",
                            "plan.approved",
                            "plan.completed",
                            "lock.released",
                            "runtime.task.succeeded")),
                    types::toString);
        } finally {
            fleet.post("/api/v1/runtime/instances/" + id + "/stop", Map.of());
            fleet.up();
        }
    }

    private JsonNode first(String path, Predicate<JsonNode> wanted) {
        JsonNode[] found = new JsonNode[1];
        // 90 s of silence, and the registry looks every 5 s.
        Awaitility.await().atMost(ofSeconds(110)).pollInterval(ofSeconds(1)).until(() -> {
            for (JsonNode item : fleet.get(path).body().path("items")) {
                if (found[0] == null && wanted.test(item)) {
                    found[0] = item;
                }
            }
            return found[0] != null;
        });
        return found[0];
    }
}
