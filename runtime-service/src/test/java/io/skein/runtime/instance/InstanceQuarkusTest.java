package io.skein.runtime.instance;

import static io.skein.runtime.RuntimeApi.as;
import static io.skein.runtime.RuntimeApi.get;
import static io.skein.runtime.RuntimeApi.give;
import static io.skein.runtime.RuntimeApi.operator;
import static io.skein.runtime.RuntimeApi.post;
import static io.skein.runtime.RuntimeApi.publish;
import static io.skein.runtime.RuntimeApi.start;
import static io.skein.runtime.RuntimeApi.tryStart;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.skein.runtime.RegistryStandIn;
import io.skein.runtime.TestSkills;
import io.skein.test.TestTokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** RUN-01: instances are started, shown, paused, resumed and stopped. */
@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class InstanceQuarkusTest {

    private static final String GATE =
            "\"rules\": [{\"on\": \"#\", \"do\": [{\"skill\": \"mcp.test.gate\", \"with\": {\"gate\": \"%s\"}},"
                    + "{\"skill\": \"mcp.test.gate\", \"with\": {\"gate\": \"%s\"}}]}]";

    @Test
    void aPublishedAgentIsStartedWithTheDefinitionItHadThen() {
        publish("starter", GATE.formatted("none", "none"));
        String id = start("starter");
        publish("starter", "1.0.0", "published", "\"rules\": []");

        JsonNode detailed = get("/instances/" + id);
        assertEquals("idle", detailed.path("instance").path("state").asText());
        assertEquals("1.0.0", detailed.path("instance").path("version").asText());
        assertEquals(1, detailed.path("definition").path("rules").size(), "what it does not follow is not shown");
        awaitEvent("runtime.instance.started", id);
    }

    @Test
    void whatIsNotPublishedIsNotStarted() {
        publish("sketch", "1.0.0", "draft", "\"rules\": []");
        tryStart("sketch")
                .then()
                .statusCode(409)
                .body("code", equalTo("illegal_transition"))
                .body("agentStatus", equalTo("draft"));
        publish("has-been", "1.0.0", "deprecated", "\"rules\": []");
        tryStart("has-been").then().statusCode(409).body("detail", containsString("deprecated"));
        publish("asleep", "\"rules\": [], \"config\": {\"enabled\": false}");
        tryStart("asleep").then().statusCode(409).body("agentStatus", equalTo("disabled"));
        tryStart("nobody").then().statusCode(404);
        tryStart("No Id").then().statusCode(400);
        operator().body("{}").post("/api/v1/runtime/instances/start").then().statusCode(400);
    }

    @Test
    void ofManyStartsAtOnceOneStarts() throws Exception {
        publish("popular", "\"rules\": []");
        List<Integer> answers = new ArrayList<>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> starts = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                starts.add(() -> tryStart("popular").statusCode());
            }
            for (Future<Integer> answer : people.invokeAll(starts)) {
                answers.add(answer.get());
            }
        }
        assertEquals(1, answers.stream().filter(status -> status == 201).count(), answers::toString);
        assertEquals(11, answers.stream().filter(status -> status == 409).count(), answers::toString);
        assertEquals(1, get("/instances?agent=popular").path("items").size());

        operator()
                .body(Map.of("agent", "popular", "another", true))
                .post("/api/v1/runtime/instances/start")
                .then()
                .statusCode(201);
        assertEquals(2, get("/instances?agent=popular").path("items").size());
    }

    @Test
    void aRepeatedStartWithItsKeyStartsNothingMore() {
        publish("repeated", "\"rules\": []");
        String another = "{\"agent\": \"repeated\", \"another\": true}";
        String first =
                startWith("key-1", another).then().statusCode(201).extract().path("id");
        assertEquals(
                first,
                startWith("key-1", another).then().statusCode(201).extract().path("id"));
        String second =
                startWith("key-2", another).then().statusCode(201).extract().path("id");
        assertNotEquals(first, second);
        startWith("key-1", "{\"agent\": \"repeated\"}")
                .then()
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
        startWith("k".repeat(129), another).then().statusCode(400);
        assertEquals(2, get("/instances?agent=repeated").path("items").size());
    }

    private static Response startWith(String key, String body) {
        return operator().header("Idempotency-Key", key).body(body).post("/api/v1/runtime/instances/start");
    }

    @Test
    void aStoppedOneCanBeStartedAgainAndIsGoneFromTheList() {
        publish("phoenix", "\"rules\": []");
        String first = start("phoenix");
        post("ada", "operator", "/instances/" + first + "/stop")
                .then()
                .statusCode(200)
                .body("state", equalTo("stopped"));
        post("ada", "operator", "/instances/" + first + "/stop").then().statusCode(200);
        for (String illegal : List.of("resume", "pause")) {
            post("ada", "operator", "/instances/" + first + "/" + illegal)
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("illegal_transition"))
                    .body("state", equalTo("stopped"));
        }
        start("phoenix");
        assertEquals(1, get("/instances?agent=phoenix").path("items").size());
        assertEquals(
                2, get("/instances?agent=phoenix&stopped=true").path("items").size());
    }

    @Test
    void pauseBeginsNoFurtherStepAndResumeGoesOn() {
        publish("pauser", GATE.formatted("pauser", "pauser"));
        String instance = start("pauser");
        String task = give(instance, "walk", "{}");
        await().until(() -> TestSkills.ENTERED.contains(task + ".1"));
        assertEquals(
                "running",
                get("/instances/" + instance).path("instance").path("state").asText());
        assertEquals(
                task,
                get("/instances/" + instance)
                        .path("instance")
                        .path("currentTasks")
                        .path(0)
                        .path("id")
                        .asText());

        post("ada", "operator", "/instances/" + instance + "/pause")
                .then()
                .statusCode(200)
                .body("state", equalTo("paused"));
        String queued = give(instance, "walk", "{}");
        TestSkills.open("pauser", 5);
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(4))
                .until(() -> !TestSkills.ENTERED.contains(task + ".2") && !TestSkills.ENTERED.contains(queued + ".1"));

        post("ada", "operator", "/instances/" + instance + "/resume").then().statusCode(200);
        await().atMost(Duration.ofSeconds(10)).until(() -> TestSkills.ENTERED.contains(task + ".2"));
        await().until(() -> TestSkills.ENTERED.contains(queued + ".1"));
    }

    @Test
    void stopEndsWhatRuns() {
        publish("stopper", GATE.formatted("never", "never"));
        String instance = start("stopper");
        String running = give(instance, "walk", "{}");
        String queued = give(instance, "walk", "{}");
        await().until(() -> TestSkills.ENTERED.contains(running + ".1"));
        post("ada", "operator", "/instances/" + instance + "/stop").then().statusCode(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> get("/tasks/" + running).path("status").asText().equals("cancelled"));
        assertEquals("cancelled", get("/tasks/" + queued).path("status").asText());
        operator()
                .body("{\"name\":\"walk\"}")
                .post("/api/v1/runtime/instances/" + instance + "/tasks")
                .then()
                .statusCode(409);
    }

    @Test
    void anotherTeamsDoNotExistAndViewersOnlyLook() {
        publish("private", "\"rules\": []");
        String instance = start("private");
        var stranger = RestAssured.given()
                .auth()
                .oauth2(TestTokens.userOfTeam("eve", "red", "viewer", "operator", "approver", "admin"));
        stranger.get("/api/v1/runtime/instances/" + instance).then().statusCode(404);
        stranger.post("/api/v1/runtime/instances/" + instance + "/stop").then().statusCode(404);
        as("vic", "viewer").get("/api/v1/runtime/instances/" + instance).then().statusCode(200);
        as("vic", "viewer")
                .post("/api/v1/runtime/instances/" + instance + "/stop")
                .then()
                .statusCode(403);
        assertTrue(get("/status").path("instances").path("idle").asInt() >= 1);
    }

    @Test
    void allOfATeamStartAndStopTogether() {
        publish("continuous-one", "\"rules\": []");
        var red = TestTokens.userOfTeam("rose", "blue", "viewer", "operator");
        var started = RestAssured.given().auth().oauth2(red).post("/api/v1/runtime/start");
        assertEquals(200, started.statusCode(), started.asString());
        assertTrue(started.<List<String>>path("items.agent").contains("continuous-one"));
        var stopped = RestAssured.given().auth().oauth2(red).post("/api/v1/runtime/stop");
        assertTrue(stopped.<List<String>>path("items.state").stream().allMatch("stopped"::equals));
        RestAssured.given()
                .auth()
                .oauth2(red)
                .get("/api/v1/runtime/instances")
                .then()
                .body("items.size()", equalTo(0));
    }

    private static void awaitEvent(String type, String subject) {
        await().atMost(Duration.ofSeconds(10)).until(() -> as("ada", "viewer")
                .get("/api/v1/events?type=" + type)
                .<List<String>>path("items.subject")
                .contains(subject));
    }
}
