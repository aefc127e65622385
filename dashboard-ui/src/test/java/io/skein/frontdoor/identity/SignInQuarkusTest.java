package io.skein.frontdoor.identity;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.frontdoor.Trail;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class SignInQuarkusTest {

    @Inject
    Jdbi jdbi;

    @Test
    void theFirstAccountNeedsTheTokenAndIsMadeOnce() {
        Door.admin();
        given().contentType("application/json")
                .body(Map.of("token", "setup-token-for-tests", "username", "second", "password", Door.PASSWORD))
                .post("/api/v1/auth/setup")
                .then()
                .statusCode(409)
                .body("code", equalTo("illegal_transition"));
        Door.signIn("second", Door.PASSWORD).statusCode(401);
    }

    @Test
    void whoSignsInIsTheirRolesAndNothingMore() {
        Door.create("olga", "operator");
        ValidatableResponse answer = Door.signIn("Olga", Door.PASSWORD)
                .statusCode(200)
                .body("expiresIn", equalTo(600))
                .body("user.name", equalTo("olga"))
                .body("user.team", equalTo("default"))
                .body("user.roles", contains("viewer", "operator"))
                .header("Cache-Control", "no-store")
                .header("Set-Cookie", containsString("HttpOnly"))
                .header("Set-Cookie", containsString("SameSite=Strict"))
                .header("Set-Cookie", containsString("Path=/api/v1/auth"))
                .header("Set-Cookie", not(containsString("Secure")));
        String token = answer.extract().path("accessToken");
        given().auth()
                .oauth2(token)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("name", equalTo("olga"))
                .body("roles", contains("viewer", "operator"));
        given().auth().oauth2(token).get("/api/v1/users").then().statusCode(403);
        given().get("/api/v1/me").then().statusCode(401);
        given().header("X-Forwarded-Proto", "https")
                .contentType("application/json")
                .body(Map.of("username", "olga", "password", Door.PASSWORD))
                .post("/api/v1/auth/sign-in")
                .then()
                .header("Set-Cookie", containsString("Secure"));
    }

    @Test
    void registrationIsClosedUntilItIsOpened() {
        Door.admin();
        given().get("/api/v1/auth/options")
                .then()
                .statusCode(200)
                .body("registration", equalTo("closed"))
                .body("setup", equalTo(false));
        given().contentType("application/json")
                .body(Map.of("username", "intruder", "password", Door.PASSWORD))
                .post("/api/v1/auth/register")
                .then()
                .statusCode(403)
                .body("code", equalTo("registration_closed"));
        Door.signIn("intruder", Door.PASSWORD).statusCode(401);
    }

    @Test
    void anAdministratorHasEveryRoleAndSeesTheTeam() {
        String admin = Door.admin();
        Door.create("adam", "admin");
        given().auth()
                .oauth2(admin)
                .get("/api/v1/users?size=200")
                .then()
                .statusCode(200)
                .body("items.name", hasItem("adam"))
                .body("items.find { it.name == 'adam' }.roles", contains("viewer", "operator", "approver", "admin"))
                .body("items[0].passwordHash", nullValue());
    }

    @Test
    void accountsThatBreakTheRulesAreRefused() {
        String admin = Door.admin();
        record Bad(String name, String password, List<String> roles, String team, int status) {}
        List<Bad> refused = List.of(
                new Bad("shorty", "elevenchars", List.of("viewer"), null, 400),
                new Bad("longy", "ab1!".repeat(33), List.of("viewer"), null, 400),
                new Bad("dull", "aaaaaaaaaaaaaaaa", List.of("viewer"), null, 400),
                new Bad("service:x", Door.PASSWORD, List.of("viewer"), null, 400),
                new Bad("climber", Door.PASSWORD, List.of("service"), null, 400),
                new Bad("god", Door.PASSWORD, List.of("god"), null, 400),
                new Bad("none", Door.PASSWORD, List.of(), null, 400),
                new Bad("root", Door.PASSWORD, List.of("viewer"), null, 400),
                new Bad("ROOT", Door.PASSWORD, List.of("viewer"), null, 400),
                new Bad("stranger", Door.PASSWORD, List.of("viewer"), "other", 400));
        for (Bad bad : refused) {
            Map<String, Object> body = new java.util.HashMap<>(
                    Map.of("username", bad.name(), "password", bad.password(), "roles", bad.roles()));
            if (bad.team() != null) {
                body.put("team", bad.team());
            }
            given().auth()
                    .oauth2(admin)
                    .contentType("application/json")
                    .body(body)
                    .post("/api/v1/users")
                    .then()
                    .statusCode(bad.status())
                    .contentType("application/problem+json")
                    .body(not(containsString(bad.password())));
        }
    }

    @Test
    void aPasswordIsReadToItsEnd() {
        String admin = Door.admin();
        String password = "x1y2z3".repeat(20) + "end";
        given().auth()
                .oauth2(admin)
                .contentType("application/json")
                .body(Map.of("username", "lengthy", "password", password, "roles", List.of("viewer")))
                .post("/api/v1/users")
                .then()
                .statusCode(201);
        Door.signIn("lengthy", password).statusCode(200);
        Door.signIn("lengthy", password.substring(0, 120)).statusCode(401);
    }

    @Test
    void aWrongNameAndAWrongPasswordLookTheSame() {
        Door.create("wendy", "viewer");
        String wrongPassword = Door.signIn("wendy", "not the password")
                .statusCode(401)
                .extract()
                .body()
                .asString();
        String wrongName = Door.signIn("nobody-at-all", "not the password")
                .statusCode(401)
                .extract()
                .body()
                .asString();
        assertEquals(
                wrongPassword.replaceAll("\"traceId\":\"\\w+\"", ""), wrongName.replaceAll("\"traceId\":\"\\w+\"", ""));
        assertFalse(wrongName.contains("nobody-at-all"));
    }

    @Test
    void guessingIsSlowedDownForThatAccountOnly() {
        Door.create("victim", "viewer");
        Door.create("neighbour", "viewer");
        for (int i = 0; i < 5; i++) {
            Door.signIn("victim", "guess number " + i).statusCode(401);
        }
        Door.signIn("victim", Door.PASSWORD)
                .statusCode(429)
                .body("code", equalTo("too_many_attempts"))
                .header("Retry-After", Integer::parseInt, greaterThan(0));
        Door.signIn("neighbour", Door.PASSWORD).statusCode(200);
        // The delay ends, and the right password clears the record.
        await().atMost(10, SECONDS)
                .pollInterval(java.time.Duration.ofMillis(500))
                .until(() -> Door.signIn("victim", Door.PASSWORD).extract().statusCode() == 200);
        Door.signIn("victim", "one mistake").statusCode(401);
        Door.signIn("victim", Door.PASSWORD).statusCode(200);
    }

    @Test
    void parallelGuessesAreCountedToo() throws Exception {
        Door.create("rushed", "viewer");
        try (var threads = Executors.newFixedThreadPool(20)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String guess = "parallel guess " + i;
                answers.add(threads.submit(
                        () -> Door.signIn("rushed", guess).extract().statusCode()));
            }
            int refused = 0;
            for (Future<Integer> answer : answers) {
                refused += answer.get() == 401 ? 1 : 0;
            }
            assertTrue(refused <= 7, refused + " of 20 guesses were checked");
        }
    }

    @Test
    void eachRefreshTokenWorksOnceAndAStolenOneEndsTheSignIn() {
        Door.create("rita", "viewer");
        String first = Door.signIn("rita", Door.PASSWORD).extract().cookie("skein_refresh");
        ValidatableResponse refreshed = Door.refresh(first).statusCode(200).body("user.name", equalTo("rita"));
        String second = refreshed.extract().cookie("skein_refresh");
        assertNotEquals(first, second);
        String third = Door.refresh(second).statusCode(200).extract().cookie("skein_refresh");
        Door.refresh(first).statusCode(401).body("code", equalTo("unauthenticated"));
        Door.refresh(third).statusCode(401);
        // Another sign-in of the same person is another family.
        String other = Door.signIn("rita", Door.PASSWORD).extract().cookie("skein_refresh");
        Door.refresh(other).statusCode(200);
    }

    @Test
    void oneRefreshTokenInTwoHandsAtOnceIsExchangedAtMostOnce() throws Exception {
        Door.create("twice", "viewer");
        String token = Door.signIn("twice", Door.PASSWORD).extract().cookie("skein_refresh");
        Set<String> given = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                threads.submit(() -> {
                    var response = Door.refresh(token).extract();
                    if (response.statusCode() == 200) {
                        given.add(response.cookie("skein_refresh"));
                    }
                });
            }
        }
        assertEquals(1, given.size());
        Door.refresh(given.iterator().next()).statusCode(401);
    }

    @Test
    void afterSigningOutTheCookieIsWorthless() {
        Door.create("lou", "viewer");
        String cookie = Door.signIn("lou", Door.PASSWORD).extract().cookie("skein_refresh");
        given().cookie("skein_refresh", cookie)
                .post("/api/v1/auth/sign-out")
                .then()
                .statusCode(204)
                .header("Set-Cookie", startsWith("skein_refresh=;"));
        Door.refresh(cookie).statusCode(401);
        given().post("/api/v1/auth/sign-out").then().statusCode(204);
        given().post("/api/v1/auth/refresh").then().statusCode(401);
        Door.refresh("' OR 1=1 --").statusCode(401);
    }

    @Test
    void anotherSitesPageCannotUseTheCookie() {
        Door.create("carl", "viewer");
        String cookie = Door.signIn("carl", Door.PASSWORD).extract().cookie("skein_refresh");
        given().cookie("skein_refresh", cookie)
                .header("Sec-Fetch-Site", "same-site")
                .post("/api/v1/auth/refresh")
                .then()
                .statusCode(403);
        Door.refresh(cookie).statusCode(200);
    }

    @Test
    void whatIsKeptCannotBeUsed() {
        Door.create("keeper", "viewer");
        String cookie = Door.signIn("keeper", Door.PASSWORD).extract().cookie("skein_refresh");
        String dump = jdbi.withHandle(handle -> String.join(
                "\n",
                handle.createQuery("SELECT row_to_json(u)::text FROM users u"
                                + " UNION ALL SELECT row_to_json(t)::text FROM refresh_tokens t"
                                + " UNION ALL SELECT row_to_json(k)::text FROM signing_keys k")
                        .mapTo(String.class)
                        .list()));
        assertTrue(dump.contains("keeper"));
        assertFalse(dump.contains(Door.PASSWORD));
        assertFalse(dump.contains(cookie));
        assertFalse(dump.contains(HexFormat.of().formatHex(cookie.getBytes(StandardCharsets.US_ASCII))));
        // PKCS #8 of an unencrypted EC key begins with its algorithm identifier.
        assertFalse(dump.contains("301306072a8648ce3d020106082a8648ce3d030107046d"));
    }

    @Test
    void theTrailTellsWhoCameAndWhoTried() throws Exception {
        Door.create("traced", "viewer");
        Door.signIn("traced", Door.PASSWORD).statusCode(200);
        Door.signIn("traced", "hunter2-hunter2").statusCode(401);
        Door.signIn("typed-my-password-here", "hunter2-hunter2").statusCode(401);
        String admin = Door.admin();
        String id = Door.create("evented", "viewer");
        Door.createTeam("evented");
        String path = "/api/v1/users/" + id;
        Door.as(admin)
                .body(Map.of("roles", List.of("operator")))
                .patch(path)
                .then()
                .statusCode(200);
        Door.as(admin)
                .body(Map.of("password", "hunter2-hunter2-x"))
                .post(path + "/password")
                .then()
                .statusCode(204);
        Door.as(admin).delete(path).then().statusCode(204);
        Door.as(admin).delete("/api/v1/teams/evented").then().statusCode(204);
        String all = Trail.read(jdbi);
        for (String type : List.of(
                "auth.user.changed",
                "auth.user.deleted",
                "auth.password.changed",
                "auth.team.created",
                "auth.team.deleted")) {
            assertTrue(all.contains(type), type + " is not in " + all);
        }
        assertTrue(all.contains("auth.user.created"), all);
        assertTrue(all.contains("auth.signed.in"), all);
        assertTrue(all.contains("auth.sign.in.failed"), all);
        assertFalse(all.contains("hunter2"));
        assertFalse(all.contains("typed-my-password-here"));
    }
}
