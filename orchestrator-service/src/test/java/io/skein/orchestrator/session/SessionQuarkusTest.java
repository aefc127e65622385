package io.skein.orchestrator.session;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.skein.orchestrator.fleet.EventTap;
import io.skein.orchestrator.fleet.FleetPort;
import io.skein.orchestrator.fleet.Scenario;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** TASK-03: sessions of one's own, through five stages. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(FleetPort.class)
class SessionQuarkusTest extends Scenario {

    private static String create(String title) {
        return ada().body(Map.of("title", title))
                .post("/api/v1/sessions")
                .then()
                .statusCode(201)
                .header("ETag", notNullValue())
                .body("stage", equalTo("intake"))
                .body("status", equalTo("active"))
                .extract()
                .path("id");
    }

    private static UUID plan(String session, String text) {
        return UUID.fromString(ada().body(Map.of("text", text, "sessionId", session, "allowDuplicate", true))
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .extract()
                .path("id"));
    }

    private static void stage(String session, String stage) {
        ada().get("/api/v1/sessions/" + session).then().body("stage", equalTo(stage));
    }

    @Test
    void walksTheFiveStagesWithItsPlans() {
        String session = create("The walk");
        stage(session, "intake");
        UUID unclear = plan(session, "Frobnicate the blorb");
        stage(session, "planning");
        post(unclear, "reject", Map.of("reason", "nonsense"));
        stage(session, "planning");

        agent.held.put(DEPLOY, true);
        UUID plan = plan(session, BOTH);
        stage(session, "approval");
        ada().get("/api/v1/sessions?stage=approval").then().body("items.id", hasItem(session));
        approve(plan);
        await().until(() -> stepStatuses(plan).getFirst().equals("running"));
        stage(session, "execution");
        ada().get("/api/v1/sessions/" + session)
                .then()
                .body("stages.stage", equalTo(List.of("intake", "planning", "approval", "execution", "review")))
                .body("stages.state", equalTo(List.of("done", "done", "done", "current", "ahead")))
                .body("stages[3].at", notNullValue())
                .body("stages[4].at", nullValue());
        finish(plan);
        awaitStatus(plan, "completed");
        stage(session, "review");

        plan(session, "Restart nginx");
        stage(session, "approval");
        ada().get("/api/v1/sessions/" + session).then().body("plans", equalTo(3));
    }

    private static void finish(UUID plan) {
        try {
            agent.finish(
                    agent.ordersFor(plan, DEPLOY).getFirst(), io.skein.contracts.agent.WorkResult.Outcome.COMPLETED);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatEachStageLeftBehindIsListedOnceFromTheFirstPageToTheLast() {
        String session = create("Artefacts");
        UUID first = plan(session, BOTH);
        post(first, "modify", Map.of("text", "set kuma_port to 3005")).then().statusCode(200);
        approve(first);
        awaitStatus(first, "completed");
        ada().body(Map.of("scores", Map.of("correctness", Map.of("score", 70)), "comment", "well"))
                .post("/api/v1/tasks/" + first + "/evaluations")
                .then()
                .statusCode(201);
        UUID second = plan(session, "Restart nginx");
        post(second, "reject", Map.of("reason", "not now"));

        List<String> kinds = new ArrayList<>();
        List<String> stages = new ArrayList<>();
        String after = null;
        do {
            Response page = ada().get("/api/v1/sessions/" + session + "/artefacts?size=2"
                    + (after == null ? "" : "&after=" + after));
            page.then().statusCode(200);
            kinds.addAll(page.<List<String>>path("items.kind"));
            stages.addAll(page.<List<String>>path("items.stage"));
            after = page.path("next");
        } while (after != null);
        assertEquals(
                List.of(
                        "request",
                        "plan_version",
                        "plan_version",
                        "decision",
                        "step_result",
                        "step_result",
                        "outcome",
                        "evaluation",
                        "request",
                        "plan_version",
                        "decision"),
                kinds);
        assertEquals(List.of("intake", "planning", "planning", "approval", "execution"), stages.subList(0, 5));
        ada().get("/api/v1/sessions/" + session + "/artefacts?stage=approval")
                .then()
                .body("items.status", equalTo(List.of("approved", "rejected")))
                .body("items[0].by", equalTo("ada"))
                .body("items[1].text", equalTo("not now"));
        ada().get("/api/v1/sessions/" + session + "/artefacts?stage=soon")
                .then()
                .statusCode(400);
        for (String cursor : List.of("x", "a.b.c", UUID.randomUUID() + ".1.'", UUID.randomUUID() + ".x.")) {
            ada().queryParam("after", cursor)
                    .get("/api/v1/sessions/" + session + "/artefacts")
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json");
        }
    }

    @Test
    void isRenamedArchivedRestoredAndDeleted() throws Exception {
        try (EventTap tap = EventTap.open()) {
            String session = create("Before");
            String url = "/api/v1/sessions/" + session;
            String etag = ada().get(url).header("ETag");
            ada().body(Map.of("title", "x")).patch(url).then().statusCode(428);
            ada().header("If-Match", etag)
                    .body(Map.of("title", "After"))
                    .patch(url)
                    .then()
                    .statusCode(200)
                    .body("title", equalTo("After"));
            ada().header("If-Match", etag)
                    .body(Map.of("title", "Late"))
                    .patch(url)
                    .then()
                    .statusCode(412);
            ada().post(url + "/restore").then().statusCode(409).body("code", equalTo("illegal_transition"));
            ada().post(url + "/archive").then().statusCode(200).body("status", equalTo("archived"));
            ada().post(url + "/archive").then().statusCode(409);
            ada().get("/api/v1/sessions").then().body("items.id", not(hasItem(session)));
            ada().get("/api/v1/sessions?status=archived").then().body("items.id", hasItem(session));
            ada().get("/api/v1/sessions?status=all").then().body("items.id", hasItem(session));
            ada().body(Map.of("text", "Restart nginx", "sessionId", session, "allowDuplicate", true))
                    .post("/api/v1/requests")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("illegal_transition"));
            ada().post(url + "/restore").then().statusCode(200).body("archivedAt", nullValue());

            UUID plan = plan(session, "Restart nginx");
            ada().delete(url).then().statusCode(409);
            ada().post(url + "/archive").then().statusCode(409);
            post(plan, "cancel", Map.of()).then().statusCode(200);
            ada().delete(url).then().statusCode(204);
            ada().get(url).then().statusCode(404);
            ada().get(url + "/messages").then().statusCode(404);
            ada().get(url + "/artefacts").then().statusCode(404);
            ada().delete(url).then().statusCode(404);
            ada().get("/api/v1/sessions?status=all").then().body("items.id", not(hasItem(session)));
            ada().body(Map.of("text", "Restart nginx", "sessionId", session, "allowDuplicate", true))
                    .post("/api/v1/requests")
                    .then()
                    .statusCode(404);
            get(plan).then().statusCode(200).body("status", equalTo("cancelled"));
            assertEquals(List.of("0"), query("SELECT count(*) FROM message WHERE session_id = '" + session + "'"));

            List<JsonNode> told = tap.about(session, 5);
            assertEquals(
                    List.of(
                            "session.created",
                            "session.renamed",
                            "session.archived",
                            "session.restored",
                            "session.deleted"),
                    told.stream().map(e -> e.path("type").asText()).toList());
            assertTrue(told.stream().allMatch(e -> e.path("owner").asText().equals("ada")));
        }
    }

    @Test
    void isNobodyElses() {
        String session = create("Mine alone");
        String url = "/api/v1/sessions/" + session;
        var admin = List.of("viewer", "operator", "approver", "admin").toArray(String[]::new);
        for (String token : List.of(TestTokens.user("bert", admin), TestTokens.userOfTeam("ada", "other", admin))) {
            for (String path : List.of(url, url + "/messages", url + "/artefacts")) {
                other(token).get(path).then().statusCode(404).body("code", equalTo("not_found"));
            }
            other(token)
                    .header("If-Match", "*")
                    .body(Map.of("title", "x"))
                    .patch(url)
                    .then()
                    .statusCode(404);
            other(token).post(url + "/archive").then().statusCode(404);
            other(token).post(url + "/restore").then().statusCode(404);
            other(token).delete(url).then().statusCode(404);
            other(token).get("/api/v1/sessions?status=all").then().body("items.id", not(hasItem(session)));
        }
        ada().get(url).then().body("title", equalTo("Mine alone"));
    }

    private static io.restassured.specification.RequestSpecification other(String token) {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    @Test
    void badInputIsRefused() {
        String url = "/api/v1/sessions/" + create("To be renamed badly");
        for (String body : List.of(
                "{}", "{\"title\":\" \"}", "{\"title\":\"" + "x".repeat(201) + "\"}", "{\"title\":\"a\\u0000\"}")) {
            ada().header("If-Match", "*")
                    .body(body)
                    .patch(url)
                    .then()
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("violations[0].field", equalTo("title"));
        }
        ada().body(Map.of("title", "x".repeat(201)))
                .post("/api/v1/sessions")
                .then()
                .statusCode(400);
        ada().body("{\"title\":\"a\\ud800\"}").post("/api/v1/sessions").then().statusCode(400);
        for (String query : List.of("size=0", "after=x", "status=gone", "stage=soon")) {
            ada().get("/api/v1/sessions?" + query).then().statusCode(400).contentType("application/problem+json");
        }
        ada().get("/api/v1/sessions/nope").then().statusCode(404);
    }

    @Test
    void aRepeatBeginsNoSecondSession() {
        String key = UUID.randomUUID().toString();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ids.add(ada().header("Idempotency-Key", key)
                    .body(Map.of("title", "Once"))
                    .post("/api/v1/sessions")
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("id"));
        }
        assertEquals(ids.get(0), ids.get(1));
    }
}
