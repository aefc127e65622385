package io.skein.runtime.alert;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.TestTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class ReportQuarkusTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alerts/blackscreen    | {'device':'tv','since':'2026-11-21T10:00:00Z','details':{'hdmi':2}} | alert.blackscreen    | critical | tv",
                "alerts/device-offline | {'device':'nas01','lastSeenAt':'2026-11-21T10:00:00Z'}              | alert.device.offline | critical | nas01",
                "builds/deployed       | {'project':'shop','version':'1.2.3','commit':'0123abc','url':'https://ci.example/7'} | build.deployed | normal | shop"
            })
    void aReportIsAnEventOfItsType(String path, String body, String type, String priority, String subject) {
        String id = operator()
                .body(body.replace('\'', '"'))
                .post("/api/v1/events/" + path)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        await().untilAsserted(() -> operator()
                .get("/api/v1/events?type=" + type)
                .then()
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(id))
                .body("items[0].priority", equalTo(priority))
                .body("items[0].subject", equalTo(subject))
                .body("items[0].actor", equalTo("ada"))
                .body("items[0].team", equalTo("alerts")));
        Response event = operator().get("/api/v1/events?type=" + type);
        assertEquals(
                new io.restassured.path.json.JsonPath(body.replace('\'', '"')).<Object>get("$"),
                event.<Object>path("items[0].data"),
                "the event says what was reported and nothing else");
    }

    @Test
    void anIdempotencyKeyPublishesOnceAndIsOfItsAddress() {
        String body = "{\"device\":\"twice\"}";
        RequestSpecification keyed = operatorOf("keys").header("Idempotency-Key", "alert-1");
        Response first = keyed.body(body).post("/api/v1/events/alerts/blackscreen");
        Response second = keyed.body(body).post("/api/v1/events/alerts/blackscreen");
        assertEquals(201, second.statusCode());
        assertEquals(first.<String>path("id"), second.path("id"));
        keyed.body(body)
                .post("/api/v1/events/alerts/device-offline")
                .then()
                .statusCode(409)
                .body("code", equalTo("idempotency_mismatch"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alerts/blackscreen    | {}                                     | device",
                "alerts/blackscreen    | {'device':' '}                         | device",
                "alerts/device-offline | {'device':'a\\nb'}                     | device",
                "alerts/device-offline | {'device':'a','details':'text'}        | details",
                "builds/deployed       | {'project':'shop'}                     | version",
                "builds/deployed       | {'project':'shop','version':'1','commit':'zzz'} | commit",
                "builds/deployed       | {'project':'shop','version':'1','url':'javascript:alert(1)'} | url"
            })
    void whatIsNoReportIsRefusedByField(String path, String body, String field) {
        operator()
                .body(body.replace('\'', '"'))
                .post("/api/v1/events/" + path)
                .then()
                .statusCode(400)
                .body("violations.field", hasItem(field));
    }

    @Test
    void viewersReportNothing() {
        given().auth()
                .oauth2(TestTokens.user("vic", "viewer"))
                .contentType("application/json")
                .body("{\"device\":\"tv\"}")
                .post("/api/v1/events/alerts/blackscreen")
                .then()
                .statusCode(403);
    }

    private static RequestSpecification operator() {
        return operatorOf("alerts");
    }

    private static RequestSpecification operatorOf(String team) {
        return given().auth()
                .oauth2(TestTokens.userOfTeam("ada", team, "viewer", "operator"))
                .contentType("application/json");
    }
}
