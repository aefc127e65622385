package io.skein.runtime.publish;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.TestTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class PublishQuarkusTest {

    private static final String PATH = "/api/v1/events/publish";

    @Test
    void whatAPersonPublishesIsInTheLogUnderTheirName() {
        String id = operator()
                .body(
                        "{\"type\":\"backup.finished\",\"subject\":\"nas01\",\"priority\":\"high\",\"data\":{\"files\":7}}")
                .post(PATH)
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        await().untilAsserted(() -> given().auth()
                .oauth2(TestTokens.user("bob", "viewer"))
                .get("/api/v1/events?type=backup.finished")
                .then()
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(id))
                .body("items[0].actor", equalTo("ada"))
                .body("items[0].team", equalTo("default"))
                .body("items[0].priority", equalTo("high"))
                .body("items[0].data.files", equalTo(7)));
    }

    @Test
    void anIdempotencyKeyPublishesOnce() {
        String body = "{\"type\":\"backup.once\"}";
        Response first = operator().header("Idempotency-Key", "k1").body(body).post(PATH);
        Response second = operator().header("Idempotency-Key", "k1").body(body).post(PATH);
        assertEquals(201, second.statusCode());
        assertEquals(first.<String>path("id"), second.path("id"));
        operator()
                .header("Idempotency-Key", "k1")
                .body("{\"type\":\"backup.other\"}")
                .post(PATH)
                .then()
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
        Response another = given().auth()
                .oauth2(TestTokens.user("bob", "viewer", "operator"))
                .contentType("application/json")
                .header("Idempotency-Key", "k1")
                .body(body)
                .post(PATH);
        assertNotEquals(first.<String>path("id"), another.path("id"), "a key is its owner's");
        operator()
                .header("Idempotency-Key", "k".repeat(129))
                .body(body)
                .post(PATH)
                .then()
                .statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\":null}",
                "{\"type\":\"single\"}",
                "{\"type\":\"Backup.Finished\"}",
                "{\"type\":\"backup..finished\"}",
                "{\"type\":\"backup.*\"}",
                "{\"type\":\"plan.approved\"}",
                "{\"type\":\"auth.signed.in\"}",
                "{\"type\":\"lock.granted\"}",
                "{\"type\":\"step.completed\"}",
                "{\"type\":\"a.b\",\"data\":[1]}",
                "{\"type\":\"a.b\",\"data\":\"text\"}",
                "{\"type\":\"a.b\",\"data\":{\"x\":\"\\u0000\"}}",
                "{\"type\":\"a.b\",\"data\":{\"x\":\"cut \\ud83d\"}}",
                "{\"type\":\"a.b\",\"subject\":\"line\\nbreak\"}",
            })
    void whatIsNoCustomEventIsRefused(String body) {
        operator().body(body).post(PATH).then().statusCode(400).body("code", equalTo("validation_failed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "[]", "{\"type\":\"a.b\",\"priority\":\"urgent\"}"})
    void whatCannotBeReadIsRefused(String body) {
        operator().body(body).post(PATH).then().statusCode(400);
    }

    @Test
    void tooLargeIsSaidSo() {
        operator()
                .body("{\"type\":\"a.b\",\"data\":{\"x\":\"" + "y".repeat(64 * 1024) + "\"}}")
                .post(PATH)
                .then()
                .statusCode(413)
                .body("code", equalTo("payload_too_large"));
        operator()
                .body("{\"type\":\"a.b\",\"data\":{\"x\":\"" + "y".repeat(60 * 1024) + "\"}}")
                .post(PATH)
                .then()
                .statusCode(201);
    }

    @Test
    void onlyOperatorsPublishAndNobodySaysForWhichTeam() {
        given().auth()
                .oauth2(TestTokens.user("vic", "viewer"))
                .contentType("application/json")
                .body("{\"type\":\"a.b\"}")
                .post(PATH)
                .then()
                .statusCode(403);
        given().contentType("application/json")
                .body("{\"type\":\"a.b\"}")
                .post(PATH)
                .then()
                .statusCode(401);
        given().auth()
                .oauth2(TestTokens.userOfTeam("eve", "red", "viewer", "operator"))
                .contentType("application/json")
                .body("{\"type\":\"red.alert\",\"team\":\"default\",\"actor\":\"ada\"}")
                .post(PATH);
        await().untilAsserted(() -> given().auth()
                .oauth2(TestTokens.service("audit-service"))
                .get("/api/v1/events?type=red.alert")
                .then()
                .body("items[0].team", equalTo("red"))
                .body("items[0].actor", equalTo("eve")));
    }

    private static final String STRUCTURED = """
            {"specversion":"1.0","id":"b-1","source":"https://nas.example/backup","type":"%s","subject":"nas01",
             "time":"2026-11-20T10:00:00Z","priority":"high","team":"red","actor":"root","data":{"files":7}}""";

    @Test
    void aStructuredCloudEventIsPublishedOnceUnderItsPublishersName() {
        String body = STRUCTURED.formatted("cloud.structured");
        String id = cloudEvent()
                .body(body)
                .post(PATH)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        assertEquals(id, cloudEvent().body(body).post(PATH).path("id"), "the same source and id are the same event");
        cloudEvent()
                .body(body.replace("files", "other"))
                .post(PATH)
                .then()
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
        logged("cloud.structured", id);
    }

    @Test
    void aBinaryCloudEventIsTheSame() {
        String id = binary("cloud.binary")
                .body("{\"files\":7}")
                .post(PATH)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        logged("cloud.binary", id);
    }

    private static void logged(String type, String id) {
        await().untilAsserted(() -> given().auth()
                .oauth2(TestTokens.user("bob", "viewer"))
                .get("/api/v1/events?type=" + type)
                .then()
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(id))
                .body("items[0].actor", equalTo("ada"))
                .body("items[0].team", equalTo("default"))
                .body("items[0].subject", equalTo("nas01"))
                .body("items[0].time", equalTo("2026-11-20T10:00:00Z"))
                .body("items[0].priority", equalTo("high"))
                .body("items[0].data.files", equalTo(7)));
    }

    @Test
    void whatIsWrongWithACloudEventIsNamed() {
        String good = STRUCTURED.formatted("cloud.bad");
        refused(cloudEvent().body(good.replace("\"1.0\"", "\"9.9\"")).post(PATH), "specversion");
        refused(cloudEvent().body(good.replace("\"specversion\":\"1.0\",", "")).post(PATH), "specversion");
        refused(cloudEvent().body(good.replace("b-1", "")).post(PATH), "id");
        refused(cloudEvent().body(good.replace("\"high\"", "\"urgent\"")).post(PATH), "priority");
        refused(cloudEvent().body(good.replace("2026-", "+302026-")).post(PATH), "time");
        refused(cloudEvent().body(STRUCTURED.formatted("plan.approved")).post(PATH), "type");
        refused(
                operator()
                        .header("ce-specversion", "0.3")
                        .header("ce-type", "cloud.bad")
                        .body("{}")
                        .post(PATH),
                "specversion");
        refused(binary("lock.granted").body("{}").post(PATH), "type");
        refused(binary("cloud.bad").body("not json").post(PATH), "data");
        cloudEvent().body("[1]").post(PATH).then().statusCode(400).body("code", equalTo("malformed_body"));
    }

    private static void refused(Response answer, String attribute) {
        answer.then()
                .statusCode(400)
                .body("code", equalTo("validation_failed"))
                .body("detail", org.hamcrest.Matchers.containsString(attribute));
    }

    /** In a list it would be deeper still, and nobody of the team could read the list. */
    @Test
    void whatIsNestedTooDeeplyIsRefusedInEveryMode() {
        String deep = "{\"x\":".repeat(990) + "1" + "}".repeat(990);
        operator()
                .body("{\"type\":\"deep.event\",\"data\":" + deep + "}")
                .post(PATH)
                .then()
                .statusCode(400);
        refused(
                binary("deep.event")
                        .body("{\"x\":".repeat(200) + "1" + "}".repeat(200))
                        .post(PATH),
                "data");
        binary("deep.event").body(deep).post(PATH).then().statusCode(400);
        cloudEvent()
                .body(STRUCTURED.formatted("deep.event").replace("{\"files\":7}", deep))
                .post(PATH)
                .then()
                .statusCode(400);
        given().auth()
                .oauth2(TestTokens.user("bob", "viewer"))
                .get("/api/v1/events")
                .then()
                .statusCode(200);
    }

    @Test
    void tenMegabytesAreTooLargeInEveryMode() {
        String large = "{\"x\":\"" + "y".repeat(10 * 1024 * 1024) + "\"}";
        operator().body(large).post(PATH).then().statusCode(413);
        cloudEvent().body(large).post(PATH).then().statusCode(413);
        binary("cloud.large").body(large).post(PATH).then().statusCode(413);
        binary("cloud.large")
                .body("{\"x\":\"" + "y".repeat(64 * 1024) + "\"}")
                .post(PATH)
                .then()
                .statusCode(413);
    }

    private static RequestSpecification cloudEvent() {
        return given().config(io.restassured.RestAssured.config()
                        .encoderConfig(io.restassured.config.EncoderConfig.encoderConfig()
                                .encodeContentTypeAs(
                                        "application/cloudevents+json", io.restassured.http.ContentType.TEXT)))
                .auth()
                .oauth2(TestTokens.user("ada", "viewer", "operator"))
                .contentType("application/cloudevents+json");
    }

    private static RequestSpecification binary(String type) {
        return operator()
                .header("ce-id", "b-2")
                .header("ce-source", "https://nas.example/backup")
                .header("ce-type", type)
                .header("ce-subject", "nas%301")
                .header("ce-time", "2026-11-20T10:00:00Z")
                .header("ce-priority", "high")
                .header("ce-specversion", "1.0");
    }

    private static RequestSpecification operator() {
        return given().auth()
                .oauth2(TestTokens.user("ada", "viewer", "operator"))
                .contentType("application/json");
    }
}
