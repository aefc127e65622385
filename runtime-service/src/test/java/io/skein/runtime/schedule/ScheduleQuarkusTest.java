package io.skein.runtime.schedule;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.skein.runtime.RegistryStandIn;
import io.skein.test.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(RegistryStandIn.class)
class ScheduleQuarkusTest {

    private static final String PATH = "/api/v1/schedules";
    private static final String NIGHTLY =
            "{\"name\":\"nightly\",\"cron\":\"30 2 * * *\",\"timeZone\":\"Europe/Berlin\",\"type\":\"backup.due\"}";

    @Test
    void aOneShotIsPublishedThroughTheBrokerWhenItIsDue() {
        String id = operator("ada")
                .body(
                        "{\"name\":\"once\",\"at\":\"" + Instant.now().plusSeconds(3)
                                + "\",\"type\":\"reminder.came\",\"subject\":\"nas01\",\"priority\":\"high\",\"data\":{\"n\":1}}")
                .post(PATH)
                .then()
                .statusCode(201)
                .body("state", equalTo("active"))
                .body("nextAt", notNullValue())
                .extract()
                .path("id");

        await().atMost(Duration.ofSeconds(45)).untilAsserted(() -> operator("ada")
                .get("/api/v1/events?type=reminder.came")
                .then()
                .body("items", hasSize(1))
                .body("items[0].subject", equalTo("nas01"))
                .body("items[0].priority", equalTo("high"))
                .body("items[0].actor", equalTo("ada"))
                .body("items[0].data.n", equalTo(1)));
        String event = operator("ada").get("/api/v1/events?type=reminder.came").path("items[0].id");
        operator("ada")
                .get(PATH + "/" + id + "/firings")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].outcome", equalTo("fired"))
                .body("items[0].eventId", equalTo(event));
        operator("ada")
                .get(PATH + "/" + id)
                .then()
                .body("state", equalTo("ended"))
                .body("nextAt", nullValue());
        operator("ada").post(PATH + "/" + id + "/resume").then().statusCode(409);
        operator("ada").post(PATH + "/" + id + "/pause").then().statusCode(409);
    }

    @Test
    void aScheduleIsReadChangedPausedAndDeleted() {
        Response created = operator("ada").body(NIGHTLY).post(PATH);
        assertEquals(201, created.statusCode());
        String id = created.path("id");
        assertEquals(
                "/api/v1/schedules/" + id,
                java.net.URI.create(created.header("Location")).getPath());
        String etag = created.header("ETag");
        operator("bob").get(PATH + "/" + id).then().statusCode(200).body("cron", equalTo("30 2 * * *"));

        String changed = operator("bob")
                .header("If-Match", etag)
                .body(NIGHTLY.replace("30 2", "45 3"))
                .put(PATH + "/" + id)
                .then()
                .statusCode(200)
                .body("cron", equalTo("45 3 * * *"))
                .body("createdBy", equalTo("ada"))
                .body("changedBy", equalTo("bob"))
                .extract()
                .header("ETag");
        operator("ada")
                .header("If-Match", etag)
                .body(NIGHTLY)
                .put(PATH + "/" + id)
                .then()
                .statusCode(412)
                .body("code", equalTo("precondition_failed"));

        operator("ada").post(PATH + "/" + id + "/pause").then().statusCode(200).body("state", equalTo("paused"));
        operator("ada").post(PATH + "/" + id + "/pause").then().statusCode(200).body("nextAt", nullValue());
        operator("ada")
                .header("If-Match", changed)
                .body(NIGHTLY)
                .put(PATH + "/" + id)
                .then()
                .statusCode(412);
        operator("ada")
                .body(NIGHTLY)
                .put(PATH + "/" + id)
                .then()
                .statusCode(200)
                .body("state", equalTo("paused"));
        operator("ada").post(PATH + "/" + id + "/resume").then().statusCode(200).body("state", equalTo("active"));
        operator("ada").delete(PATH + "/" + id).then().statusCode(204);
        operator("ada").get(PATH + "/" + id).then().statusCode(404);
        await().untilAsserted(() -> operator("ada")
                .get("/api/v1/events?type=schedule.*&size=200")
                .then()
                .body("items.findAll { it.subject == '" + id + "' }.type", hasItem("schedule.deleted")));
    }

    @Test
    void aRepeatedRequestWithItsKeyMakesNoSecondSchedule() {
        String id = withKey(NIGHTLY).then().statusCode(201).extract().path("id");
        withKey(NIGHTLY).then().statusCode(201).body("id", equalTo(id));
        withKey(NIGHTLY.replace("30 2", "31 2")).then().statusCode(409).body("code", equalTo("idempotency_mismatch"));
        operator("ada").delete(PATH + "/" + id).then().statusCode(204);
        withKey(NIGHTLY).then().statusCode(409).body("code", equalTo("illegal_transition"));
    }

    private static Response withKey(String body) {
        return operator("ada")
                .header("Idempotency-Key", "the-nightly-one")
                .body(body)
                .post(PATH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"cron\":\"* * * * * *\"                              | cron",
                "\"cron\":\"61 * * * *\"                               | cron",
                "\"cron\":\"0 0 30 2 *\"                               | cron",
                "\"cron\":\"\"                                         | cron",
                "\"name\":\"x\"                                        | cron",
                "\"cron\":\"0 0 * * *\",\"at\":\"2099-01-01T00:00:00Z\" | cron",
                "\"cron\":\"0 0 * * *\",\"timeZone\":\"Mars/Olympus\"  | timeZone",
                "\"at\":\"2001-01-01T00:00:00Z\"                       | at",
                "\"at\":\"+300000-01-01T00:00:00Z\"                    | at",
                "\"at\":\"2099-01-01T00:00:00Z\",\"timeZone\":\"UTC\"  | timeZone",
                "\"cron\":\"0 0 * * *\",\"type\":\"plan.approved\"     | type",
                "\"cron\":\"0 0 * * *\",\"type\":\"webhook.github.push\" | type",
                "\"cron\":\"0 0 * * *\",\"type\":\"Not A Type\"        | type",
                "\"cron\":\"0 0 * * *\",\"name\":\" \"                 | name",
                "\"cron\":\"0 0 * * *\",\"data\":[1]                   | data"
            })
    void whatCannotBeIsRefusedByField(String members, String field) {
        String defaults = (members.contains("\"name\"") ? "" : "\"name\":\"bad\",")
                + (members.contains("\"type\"") ? "" : "\"type\":\"backup.due\",");
        operator("ada")
                .body("{" + defaults + members.strip() + "}")
                .post(PATH)
                .then()
                .statusCode(400)
                .body("code", equalTo("validation_failed"))
                .body("violations.field", hasItem(field));
    }

    @Test
    void anotherTeamsScheduleIsNotThere() {
        String id = operator("ada").body(NIGHTLY).post(PATH).path("id");
        RequestSpecification stranger = given().auth()
                .oauth2(TestTokens.userOfTeam("eve", "red", "viewer", "operator", "approver", "admin"))
                .contentType("application/json");
        stranger.get(PATH + "/" + id).then().statusCode(404);
        stranger.get(PATH + "/" + id + "/firings").then().statusCode(404);
        stranger.body(NIGHTLY).put(PATH + "/" + id).then().statusCode(404);
        stranger.post(PATH + "/" + id + "/pause").then().statusCode(404);
        stranger.delete(PATH + "/" + id).then().statusCode(404);
        stranger.get(PATH).then().statusCode(200).body("items.id", not(hasItem(id)));
        operator("ada").get(PATH).then().statusCode(200).body("items.id", hasItem(id));
        operator("ada").get(PATH + "/" + UUID.randomUUID()).then().statusCode(404);
    }

    @Test
    void aTeamHasNoMoreThanItsLimit() {
        RequestSpecification red = given().auth()
                .oauth2(TestTokens.userOfTeam("eve", "limited", "viewer", "operator"))
                .contentType("application/json");
        int created = 0;
        Response last = null;
        while (created < 30) {
            last = red.body(NIGHTLY).post(PATH);
            if (last.statusCode() != 201) {
                break;
            }
            created++;
        }
        assertEquals(20, created);
        last.then().statusCode(409).body("code", equalTo("team_limit"));
    }

    private static RequestSpecification operator(String name) {
        return given().auth()
                .oauth2(TestTokens.user(name, "viewer", "operator"))
                .contentType("application/json");
    }
}
