package io.skein.runtime;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.skein.contracts.wire.WireFormat;
import io.skein.test.TestTokens;
import java.time.Duration;
import java.util.Map;

/** What people do with the runtime, over its API. */
public final class RuntimeApi {

    private static final String ROOT = "/api/v1/runtime";

    private RuntimeApi() {}

    public static RequestSpecification as(String name, String... roles) {
        return given().auth().oauth2(TestTokens.user(name, roles)).contentType("application/json");
    }

    public static RequestSpecification operator() {
        return as("ada", "viewer", "operator");
    }

    /**
     * A published definition with rules.
     *
     * @param rest further members, as JSON without braces: {@code "rules": [...]}
     */
    public static void publish(String id, String rest) {
        publish(id, "1.0.0", "published", rest);
    }

    public static void publish(String id, String version, String status, String rest) {
        FleetStandIn.agent(status, """
                {"metadata": {"id": "%s", "name": "%s", "version": "%s", "type": "specialist"},
                 "goal": {"mode": "continuous"}, %s}""".formatted(id, id, version, rest));
    }

    public static Response tryStart(String agent) {
        return operator().body(Map.of("agent", agent)).post(ROOT + "/instances/start");
    }

    /** Starts an agent and returns the instance's id. */
    public static String start(String agent) {
        return tryStart(agent).then().statusCode(201).extract().path("id");
    }

    /** Gives an instance a task and returns the task's id. */
    public static String give(String instance, String name, String data) {
        return operator()
                .body("{\"name\":\"" + name + "\",\"data\":" + data + "}")
                .post(ROOT + "/instances/" + instance + "/tasks")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    public static JsonNode get(String path) {
        return WireFormat.read(
                as("ada", "viewer")
                        .get(ROOT + path)
                        .then()
                        .statusCode(200)
                        .extract()
                        .asByteArray(),
                JsonNode.class);
    }

    public static JsonNode task(String id) {
        return get("/tasks/" + id);
    }

    public static JsonNode awaitTask(String id, String status) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> task(id), task -> task.path("status").asText().equals(status));
        return task(id);
    }

    public static JsonNode awaitWaiting(String id, String waitingFor) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> task(id), task -> task.path("waitingFor").asText().equals(waitingFor));
        return task(id);
    }

    public static Response post(String who, String role, String path) {
        return as(who, "viewer", role).post(ROOT + path);
    }
}
