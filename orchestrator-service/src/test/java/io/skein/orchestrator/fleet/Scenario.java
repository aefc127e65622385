package io.skein.orchestrator.fleet;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What the component tests share: the fleet around the service, and the words to use it. */
public abstract class Scenario {

    protected static final String BOTH = "Deploy Uptime Kuma to the homelab and add our existing portals to the config";
    protected static final String DEPLOY = "uptime-kuma/deploy.yml";
    protected static final String MONITORS = "uptime-kuma/monitors.yml";

    protected static FleetStandIn fleet;
    protected static ScriptedAgent agent;

    @BeforeAll
    static void startFleet() throws Exception {
        fleet = FleetStandIn.start();
        agent = ScriptedAgent.start();
    }

    @AfterAll
    static void stopFleet() throws Exception {
        agent.close();
        fleet.close();
    }

    @BeforeEach
    void everybodyIsWell() {
        fleet.agentOnline = true;
        fleet.lockServiceUp = true;
        fleet.infraAgentUp = true;
        fleet.locksExpire = false;
        fleet.lockClock = Duration.ZERO;
        agent.outcomes.clear();
        agent.failures.clear();
        agent.held.clear();
        agent.errors.clear();
        agent.repeatEverything = false;
        agent.unpreviewed.clear();
        agent.previewAnswers.clear();
        agent.changedFiles.clear();
        fleet.changedContents.clear();
    }

    protected static RequestSpecification as(String user, String... roles) {
        return given().header("Authorization", "Bearer " + TestTokens.user(user, roles))
                .contentType(ContentType.JSON);
    }

    protected static RequestSpecification grace() {
        return as("grace", "viewer", "operator", "approver");
    }

    protected static RequestSpecification alan() {
        return as("alan", "viewer", "operator", "approver");
    }

    /** The id of a new plan of somebody. */
    protected static UUID planOf(RequestSpecification somebody, String text) {
        return UUID.fromString(somebody.body(Map.of("text", text, "allowDuplicate", true))
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    protected static RequestSpecification ada() {
        return as("ada", "viewer", "operator", "approver");
    }

    protected static Response request(String text) {
        return ada().body(Map.of("text", text, "allowDuplicate", true)).post("/api/v1/requests");
    }

    /** The id of a new plan. */
    protected static UUID plan(String text) {
        return UUID.fromString(request(text).then().statusCode(201).extract().path("id"));
    }

    protected static Response get(UUID plan) {
        return ada().get("/api/v1/plans/" + plan);
    }

    protected static Response post(UUID plan, String verb, Object body) {
        return ada().body(body).post("/api/v1/plans/" + plan + "/" + verb);
    }

    protected static Response approve(UUID plan) {
        return post(plan, "approve", Map.of());
    }

    protected static String status(UUID plan) {
        return get(plan).path("status");
    }

    protected static List<String> stepStatuses(UUID plan) {
        return get(plan).path("steps.status");
    }

    protected static void awaitStatus(UUID plan, String status) {
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> org.junit.jupiter.api.Assertions.assertEquals(
                        status, status(plan), () -> get(plan).asString()));
    }

    /** The first column of what the service's database answers. */
    protected static List<String> query(String sql) throws SQLException {
        try (Connection connection = SkeinInfrastructure.connect("orchestrator");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        }
    }

    protected static void execute(String sql) throws SQLException {
        try (Connection connection = SkeinInfrastructure.connect("orchestrator");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
