package io.skein.frontdoor;

import static io.restassured.RestAssured.given;

import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;

/** Ways in for tests: the first administrator, people of every role. */
public final class Door {

    public static final String ADMIN = "root";
    public static final String PASSWORD = "correct horse battery";

    private Door() {}

    /** An administrator's access token; makes the first account if nobody did yet. */
    public static synchronized String admin() {
        int status = given().contentType("application/json")
                .body(Map.of("token", StandIns.SETUP_TOKEN, "username", ADMIN, "password", PASSWORD))
                .post("/api/v1/auth/setup")
                .statusCode();
        if (status != 201 && status != 409) {
            throw new AssertionError("setup answered " + status);
        }
        return signIn(ADMIN, PASSWORD).statusCode(200).extract().path("accessToken");
    }

    /** Makes an account in the home team, gives its id. */
    public static String create(String name, String... roles) {
        return createIn("default", name, roles);
    }

    public static String createIn(String team, String name, String... roles) {
        return given().auth()
                .oauth2(admin())
                .contentType("application/json")
                .body(Map.of("username", name, "password", PASSWORD, "roles", List.of(roles), "team", team))
                .post("/api/v1/users")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    public static void createTeam(String name) {
        as(admin()).body(Map.of("name", name)).post("/api/v1/teams").then().statusCode(201);
    }

    /** A JSON request with an access token. */
    public static RequestSpecification as(String token) {
        return given().auth().oauth2(token).contentType("application/json");
    }

    /** An access token of somebody who has an account. */
    public static String token(String name) {
        return signIn(name, PASSWORD).statusCode(200).extract().path("accessToken");
    }

    public static ValidatableResponse signIn(String name, String password) {
        return given().contentType("application/json")
                .body(Map.of("username", name, "password", password))
                .post("/api/v1/auth/sign-in")
                .then();
    }

    public static ValidatableResponse refresh(String cookie) {
        return given().cookie("skein_refresh", cookie)
                .post("/api/v1/auth/refresh")
                .then();
    }

    public static String serviceToken() {
        return given().contentType("application/json")
                .body(Map.of("service", "lock-service", "secret", StandIns.LOCK_SECRET))
                .post("/api/v1/auth/service-token")
                .then()
                .statusCode(200)
                .extract()
                .path("accessToken");
    }
}
