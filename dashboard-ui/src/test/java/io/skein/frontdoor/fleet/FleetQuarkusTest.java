package io.skein.frontdoor.fleet;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class FleetQuarkusTest {

    @Test
    void theSignedInSeeWhatIsReadyAndWhyNot() throws Exception {
        given().get("/api/v1/fleet").then().statusCode(401);
        String token = Door.admin();
        String since = given().auth()
                .oauth2(token)
                .get("/api/v1/fleet")
                .then()
                .statusCode(200)
                .body("items", hasSize(7))
                .body("items.find { it.name == 'dashboard-ui' }.status", equalTo("ready"))
                .body("items.find { it.name == 'lock-service' }.status", equalTo("ready"))
                .body("items.find { it.name == 'lock-service' }.reason", nullValue())
                .body("items.find { it.name == 'lock-service' }.since", notNullValue())
                .body("items.find { it.name == 'audit-service' }.status", equalTo("not_ready"))
                .body("items.find { it.name == 'audit-service' }.reason", containsString("RabbitMQ"))
                .body("items.find { it.name == 'infra-agent-service' }.status", equalTo("unreachable"))
                .extract()
                .path("items.find { it.name == 'lock-service' }.since");
        Thread.sleep(2100);
        assertEquals(
                since,
                given().auth()
                        .oauth2(token)
                        .get("/api/v1/fleet")
                        .path("items.find { it.name == 'lock-service' }.since"));
    }

    @Test
    void everybodySeesTheStatusesOnly() {
        given().get("/health")
                .then()
                .statusCode(200)
                .body("status", equalTo("degraded"))
                .body("services", hasSize(7))
                .body(not(containsString("RabbitMQ")))
                .body(not(containsString("127.0.0.1")));
    }

    @Test
    void theDocumentsOfAllServicesAreInOnePlace() {
        given().get("/docs").then().statusCode(200).contentType("text/html").body(containsString("/docs/docs.js"));
        String page = given().get("/docs").asString();
        for (String part : page.split("\"")) {
            if (part.startsWith("/webjars/") || part.startsWith("/docs/")) {
                given().get(part).then().statusCode(200);
            }
        }
        given().get("/docs/openapi/lock-service").then().statusCode(200).body("info.title", equalTo("lock"));
        given().get("/docs/openapi/dashboard-ui")
                .then()
                .statusCode(200)
                .body("paths.'/api/v1/auth/sign-in'", notNullValue());
        given().get("/docs/openapi/infra-agent-service").then().statusCode(502);
        given().get("/docs/openapi/passwords").then().statusCode(404);
        given().get("/docs/secret.txt").then().statusCode(404);
    }
}
