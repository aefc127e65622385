package io.skein.e2e;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
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
        String node = machine();
        try {
            Instant killed = Instant.now();
            fleet.kill("desktop-agent");

            JsonNode offline = first(
                    "/api/v1/events?type=device.offline&size=20",
                    event -> event.path("subject").asText().equals(node)
                            && Instant.parse(event.path("time").asText()).isAfter(killed)
                            && event.path("data").path("reason").asText().startsWith("no heartbeat")
                            && event.path("routedTo").toString().contains("monitoring-manager"));

            String trace = offline.path("traceId").asText();
            assertTrue(trace.matches("[0-9a-f]{32}"), offline::toString);
            JsonNode task = first(
                    "/api/v1/runtime/tasks?instance=" + id,
                    found -> found.path("traceId").asText().equals(trace)
                            && Set.of("plan", "person")
                                    .contains(found.path("waitingFor").asText()));
            JsonNode holder =
                    fleet.get("/api/v1/locks/resources/node:" + node).body().path("holder");
            assertTrue(holder.path("ownerId").asText().contains("monitoring-manager"), holder::toString);

            // Nothing has run: a person decides, as with anybody's plan.
            String planId = first(entries(trace) + "&type=plan.created", created -> true)
                    .path("planId")
                    .asText();
            JsonNode plan = fleet.awaitPlan(
                    planId, ofSeconds(30), p -> p.path("status").asText().equals("awaiting_approval"));
            assertEquals("agent:monitoring-manager", plan.path("requestedBy").asText());
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
            assertFalse(
                    fleet.get("/api/v1/locks/resources/node:" + node)
                            .body()
                            .path("holder")
                            .isObject(),
                    "the lock is still held");

            // The registry knows it from what the runtime tells.
            Awaitility.await().atMost(ofSeconds(20)).until(() -> {
                JsonNode activity =
                        fleet.get("/api/v1/agents/monitoring-manager").body().path("activity");
                return activity.path("succeeded").asInt() > 0
                        && activity.path("successRate").asDouble() > 0
                        && Set.of("idle", "active", "busy", "error")
                                .contains(activity.path("status").asText());
            });
            JsonNode worked = fleet.get(
                            "/api/v1/runtime/tasks?event=" + offline.path("id").asText())
                    .body()
                    .path("items");
            assertTrue(worked.findValuesAsText("id").contains(taskId), worked::toString);

            // One trace from the silence to the lock's release.
            Set<String> story = Set.of(
                    "device.offline",
                    "runtime.task.started",
                    "lock.granted",
                    "plan.created",
                    "plan.approved",
                    "plan.completed",
                    "lock.released",
                    "runtime.task.succeeded");
            Set<String> types = new HashSet<>();
            Set<String> granted = new HashSet<>();
            Set<String> released = new HashSet<>();
            Awaitility.await()
                    .alias("all of " + story + " is in the trail, and every lock's end")
                    .atMost(ofSeconds(20))
                    .until(() -> {
                        fleet.get(entries(trace)).body().path("items").forEach(entry -> {
                            String type = entry.path("type").asText();
                            types.add(type);
                            if (type.equals("lock.granted")) {
                                granted.add(entry.path("subject").asText());
                            } else if (type.equals("lock.released")) {
                                released.add(entry.path("subject").asText());
                            }
                        });
                        return types.containsAll(story) && released.equals(granted);
                    });
            assertTrue(granted.size() >= 2, "the agent's lock on the machine and the plan's on its hosts");
        } finally {
            fleet.post("/api/v1/runtime/instances/" + id + "/stop", Map.of());
            fleet.up();
        }
    }

    private static String entries(String trace) {
        return "/api/v1/audit/entries?size=200&traceId=" + trace;
    }

    /** The one the desktop agent speaks for; other tests register machines, too. */
    private String machine() {
        String user = "rabbitmq.user.node~default~";
        return fleet.secrets().stringPropertyNames().stream()
                .filter(name -> name.startsWith(user))
                .map(name -> name.substring(user.length(), name.length() - ".password".length()))
                .findFirst()
                .orElseThrow();
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
