package io.skein.frontdoor.identity;

import static io.restassured.RestAssured.given;
import static io.skein.frontdoor.Door.as;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Accounts people make for themselves, where that is allowed. */
@QuarkusTest
@TestProfile(RegistrationQuarkusTest.Open.class)
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RegistrationQuarkusTest {

    @Inject
    RedisDataSource redis;

    /**
     * Registration open to a team of its own. Attempts are to be counted in Redis, which every test empties: a test process that stands
     * still for a second must not take Redis for away and go on counting by itself.
     */
    public static class Open implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "skein.frontdoor.identity.registration", "open",
                    "skein.frontdoor.identity.registration-roles", "operator",
                    "skein.frontdoor.identity.registration-team", "guests",
                    "quarkus.redis.timeout", "30s");
        }
    }

    /** All tests come from one address. */
    @BeforeEach
    void forgetAttempts() {
        redis.flushall();
    }

    @Test
    @Order(1)
    void beforeThereIsAnAdministratorNobodyRegisters() {
        given().get("/api/v1/auth/options")
                .then()
                .statusCode(200)
                .body("setup", equalTo(true))
                .body("registration", equalTo("open"));
        register(Map.of("username", "early", "password", Door.PASSWORD)).statusCode(409);
        Door.admin();
        given().get("/api/v1/auth/options")
                .then()
                .body("setup", equalTo(false))
                .body("oidc", notNullValue())
                .header("Cache-Control", equalTo("no-store"));
    }

    @Test
    @Order(2)
    void whoRegistersGetsWhatTheConfigurationSays() {
        Door.admin();
        ValidatableResponse answer = register(Map.of("username", "guest", "password", Door.PASSWORD))
                .statusCode(201)
                .body("user.team", equalTo("guests"))
                .body("user.roles", contains("viewer", "operator"))
                .body("user.fleet", equalTo(false))
                .cookie("skein_refresh", notNullValue());
        String token = answer.extract().path("accessToken");
        given().auth().oauth2(token).get("/api/v1/me").then().statusCode(200).body("name", equalTo("guest"));
        as(token).get("/api/v1/users").then().statusCode(403);
        Door.refresh(answer.extract().cookie("skein_refresh")).statusCode(200);
        as(Door.admin()).get("/api/v1/users").then().body("items.name", not(hasItem("guest")));
        as(Door.admin()).get("/api/v1/users?team=guests").then().body("items.name", hasItem("guest"));
        register(Map.of("username", "GUEST", "password", Door.PASSWORD))
                .statusCode(400)
                .body("violations[0].field", equalTo("username"));
        register(Map.of("username", "weak", "password", "aaaaaaaaaaaaaaaa")).statusCode(400);
    }

    @Test
    @Order(3)
    void whatElseIsInTheBodyHasNoEffect() {
        Door.admin();
        register(Map.of(
                        "username",
                        "climber",
                        "password",
                        Door.PASSWORD,
                        "roles",
                        List.of("admin"),
                        "team",
                        "default",
                        "disabled",
                        true,
                        "fleet",
                        true,
                        "id",
                        "00000000-0000-0000-0000-000000000000",
                        "version",
                        7))
                .statusCode(201)
                .body("user.team", equalTo("guests"))
                .body("user.roles", contains("viewer", "operator"))
                .body("user.fleet", equalTo(false))
                .body("user.id", not(equalTo("00000000-0000-0000-0000-000000000000")));
        Door.signIn("climber", Door.PASSWORD).statusCode(200).body("user.roles", contains("viewer", "operator"));
    }

    @Test
    @Order(4)
    void aNameThatIsGoneIsNotTakenOver() {
        String admin = Door.admin();
        String id = register(Map.of("username", "leaver", "password", Door.PASSWORD))
                .statusCode(201)
                .extract()
                .path("user.id");
        as(admin).delete("/api/v1/users/" + id).then().statusCode(204);
        register(Map.of("username", "Leaver", "password", Door.PASSWORD)).statusCode(400);
    }

    @Test
    @Order(5)
    void oneAddressMakesSoManyAccountsAndThenWaits() {
        Door.admin();
        // A success counts as well: otherwise accounts could be made without end.
        for (int i = 0; i < 5; i++) {
            register(Map.of("username", "swarm" + i, "password", Door.PASSWORD)).statusCode(201);
        }
        register(Map.of("username", "swarm5", "password", Door.PASSWORD))
                .statusCode(429)
                .body("code", equalTo("too_many_attempts"))
                .header("Retry-After", Integer::parseInt, greaterThan(0));
        Door.signIn("swarm0", Door.PASSWORD).statusCode(200);
    }

    private static ValidatableResponse register(Map<String, Object> body) {
        return given().contentType("application/json")
                .body(body)
                .post("/api/v1/auth/register")
                .then();
    }
}
