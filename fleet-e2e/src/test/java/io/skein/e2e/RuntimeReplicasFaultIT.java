package io.skein.e2e;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * RUN-01: two processes of the runtime at one database. The one that works for an instance is killed, or stopped and continued: the
 * other takes over within 15 s, and what the tasks do elsewhere is counted there. What people say about an instance is honoured within
 * 2 s and outlives both processes.
 */
class RuntimeReplicasFaultIT {

    private static final String SERVICE = "runtime-service";
    private static final Duration TAKEN_OVER = ofSeconds(15);
    private static final Duration HONOURED = ofSeconds(2);

    /** The stand-in listens on this machine, and takes its time. */
    private static final Map<String, String> SETTINGS =
            Map.of("SKEIN_OUTBOUND_ALLOW", "127.0.0.0/8", "SKEIN_OUTBOUND_TIMEOUT", "100s");

    private static Fleet fleet;

    private Effects effects;
    private Replica second;
    private String secondUrl;

    @BeforeAll
    static void start() {
        fleet = Fleet.running();
        fleet.restart(SERVICE, SETTINGS);
    }

    @AfterAll
    static void asItWas() {
        if (fleet != null) {
            fleet.restart(SERVICE, Map.of());
        }
    }

    @BeforeEach
    void listen() throws IOException {
        effects = new Effects();
    }

    @AfterEach
    void stopSecond() throws InterruptedException {
        effects.close();
        if (second != null) {
            second.close();
        }
    }

    @Test
    void whatAKilledProcessHadIsGoneOnWithByAnother() throws Exception {
        String instance = start(post("/effect"), post("/hold"), post("/effect"));
        String task = give(instance);
        String queued = give(instance);
        Awaitility.await().atMost(ofSeconds(20)).until(() -> effects.times(task, 2) == 1);
        startSecond();
        try {
            fleet.kill(SERVICE);
            Awaitility.await().atMost(TAKEN_OVER).until(() -> effects.times(task, 2) == 2);
            effects.open();
            assertEquals("succeeded", ended(task).path("status").asText());
            assertEquals("succeeded", ended(queued).path("status").asText());
        } finally {
            fleet.restart(SERVICE, SETTINGS);
        }
        assertEquals(List.of(1, 2, 1), times(task), "the step that was cut off again with its key, the others once");
        assertEquals(List.of(1, 1, 1), times(queued), "nothing twice, nothing lost");
        assertEquals(7, effects.all(), "nobody else called");
    }

    @Test
    void aProcessThatSleptPastItsLeaseChangesNothing() throws Exception {
        String instance = start(post("/effect"), post("/hold"), post("/effect"));
        String task = give(instance);
        Awaitility.await().atMost(ofSeconds(20)).until(() -> effects.times(task, 2) == 1);
        startSecond();
        long sleeper = fleet.pid(SERVICE);
        Replica.signal("STOP", sleeper);
        try {
            Awaitility.await().atMost(TAKEN_OVER).until(() -> effects.times(task, 2) == 2);
            JsonNode done = ended(task);
            assertEquals("succeeded", done.path("status").asText(), done::toString);
        } finally {
            Replica.signal("CONT", sleeper);
        }
        // Only now does the sleeper get its answer.
        effects.open();
        Path log = fleet.state().resolve("logs/" + SERVICE + ".log");
        Awaitility.await()
                .alias("the sleeper's answer is refused")
                .atMost(ofSeconds(30))
                .until(() -> Files.readString(log).contains("task " + task + " is left to others"));
        JsonNode after = task(task);
        assertEquals(2, after.at("/steps/1/output/json/run").asInt(), "what the new holder wrote stands");
        assertEquals("succeeded", after.path("status").asText());
        assertEquals(List.of(1, 2, 1), times(task));
        assertEquals(4, effects.all());
    }

    @Test
    void pauseAndStopAreHonouredByWhicheverProcessItIsAndOutliveBoth() throws Exception {
        List<String> many = new ArrayList<>(List.of(post("/hold"), "nodes.list"));
        for (int i = 0; i < 24; i++) {
            many.add(post("/slow"));
            many.add("nodes.list");
        }
        String paused = start(many.toArray(String[]::new));
        String task = give(paused);
        Awaitility.await().atMost(ofSeconds(20)).until(() -> effects.times(task, 1) == 1);
        try (Effects others = new Effects()) {
            String held = start(others.url() + "/hold");
            String hanging = give(held);
            Awaitility.await().atMost(ofSeconds(20)).until(() -> others.times(hanging, 1) == 1);
            // The first process works for both, the second one is asked.
            startSecond();
            effects.open();
            Awaitility.await().atMost(ofSeconds(20)).until(() -> effects.all() > 3);
            change(paused, "pause");
            Thread.sleep(HONOURED);
            int calls = effects.all();
            assertTrue(calls < 25, "it was over before it was paused");
            change(held, "stop");
            Awaitility.await()
                    .atMost(HONOURED)
                    .until(() -> task(hanging).path("status").asText().equals("cancelled"));
            Awaitility.await().during(ofSeconds(3)).atMost(ofSeconds(5)).until(() -> effects.all() == calls);
            bothEndAndOneComesBack();
            assertEquals("paused", instance(paused).path("state").asText());
            assertEquals("stopped", instance(held).path("state").asText());
            Awaitility.await().during(ofSeconds(4)).atMost(ofSeconds(6)).until(() -> effects.all() == calls);
            assertEquals("cancelled", task(hanging).path("status").asText());
            assertEquals(1, others.all());
        }
        change(paused, "resume");
        JsonNode done = ended(task);
        assertEquals("succeeded", done.path("status").asText(), done::toString);
        for (int step = 1; step <= 50; step += 2) {
            assertEquals(1, effects.times(task, step), "step " + step);
        }
    }

    private void bothEndAndOneComesBack() throws InterruptedException {
        second.kill();
        fleet.kill(SERVICE);
        fleet.restart(SERVICE, SETTINGS);
        secondUrl = fleet.url(SERVICE);
    }

    private String post(String path) {
        return effects.url() + path;
    }

    /** An agent that calls these addresses, or uses these skills, one after the other; at work. */
    private static String start(String... steps) {
        String id = "replicas-" + UUID.randomUUID();
        List<Map<String, Object>> todo = new ArrayList<>();
        for (String step : steps) {
            todo.add(
                    step.startsWith("http:")
                            ? Map.of("skill", "http.call", "with", Map.of("method", "POST", "url", step))
                            : Map.of("skill", step));
        }
        String all = List.of(steps).stream()
                .filter(step -> step.startsWith("http:"))
                .findFirst()
                .orElseThrow();
        fleet.created(
                "/api/v1/agents",
                Map.of(
                        "metadata", Map.of("id", id, "name", "Replicas", "version", "1.0.0", "type", "specialist"),
                        "goal", Map.of("mode", "on_demand"),
                        "skills", List.of(Map.of("name", "http.call"), Map.of("name", "nodes.list")),
                        "permissions", Map.of("http", List.of(all.substring(0, all.lastIndexOf('/') + 1))),
                        "rules", List.of(Map.of("on", "#", "do", todo))),
                fleet.bearer());
        assertEquals(
                200, fleet.send("POST", "/api/v1/agents/" + id + "/publish").status());
        return fleet.created("/api/v1/runtime/instances/start", Map.of("agent", id), fleet.bearer())
                .path("id")
                .asText();
    }

    private static String give(String instance) {
        return fleet.created(
                        "/api/v1/runtime/instances/" + instance + "/tasks",
                        Map.of("name", "replicas.go"),
                        fleet.bearer())
                .path("id")
                .asText();
    }

    /** Over the second process, which knows no more than what is in the database. */
    private JsonNode task(String id) {
        return get("/api/v1/runtime/tasks/" + id);
    }

    private JsonNode instance(String id) {
        return get("/api/v1/runtime/instances/" + id).path("instance");
    }

    private JsonNode get(String path) {
        Fleet.Answer answer = fleet.send(secondUrl, "GET", path, null, fleet.bearer());
        assertEquals(200, answer.status(), answer::toString);
        return answer.body();
    }

    private void change(String instance, String how) {
        Fleet.Answer answer = fleet.send(
                secondUrl, "POST", "/api/v1/runtime/instances/" + instance + "/" + how, Map.of(), fleet.bearer());
        assertEquals(200, answer.status(), answer::toString);
    }

    private JsonNode ended(String id) {
        Awaitility.await().atMost(ofSeconds(60)).pollInterval(ofMillis(200)).until(() -> task(id).path("finishedAt")
                .isTextual());
        return task(id);
    }

    private List<Integer> times(String task) {
        return List.of(effects.times(task, 1), effects.times(task, 2), effects.times(task, 3));
    }

    /** One more, with the command and the environment of the one that runs, at a port of its own. */
    private void startSecond() throws IOException {
        second = Replica.of(fleet, SERVICE, Map.of(), fleet.state().resolve("logs/" + SERVICE + "-second.log"))
                .start();
        secondUrl = second.url();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            second.awaitReady(http);
        }
    }
}
