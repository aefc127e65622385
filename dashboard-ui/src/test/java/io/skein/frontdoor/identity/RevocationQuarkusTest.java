package io.skein.frontdoor.identity;

import static io.restassured.RestAssured.given;
import static io.skein.frontdoor.Door.as;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Access tokens that are out end with what they were given for: at the front door's own endpoints and before every service. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class RevocationQuarkusTest {

    private static final String NEXT = "a staple was not correct";

    @Inject
    Jdbi jdbi;

    @TestHTTPResource
    URI base;

    @Test
    void whoeverIsDisabledIsOutAtOnceAndStaysOut() {
        String admin = Door.admin();
        String id = Door.create("dennis", "operator");
        SignedIn dennis = signIn("dennis", Door.PASSWORD);
        dennis.isIn();
        patch(admin, id, Map.of("disabled", true));
        dennis.isOut();
        Door.refresh(dennis.cookie()).statusCode(401);
        Door.signIn("dennis", Door.PASSWORD).statusCode(401);
        patch(admin, id, Map.of("disabled", false));
        dennis.isOut();
        Door.refresh(dennis.cookie()).statusCode(401);
        signIn("dennis", Door.PASSWORD).isIn();
    }

    @Test
    void newRolesHoldAtOnceAndTheSignInGoesOn() {
        String admin = Door.admin();
        String id = Door.create("petra", "operator", "approver");
        SignedIn petra = signIn("petra", Door.PASSWORD);
        patch(admin, id, Map.of("roles", List.of("viewer")));
        petra.isOut();
        Door.refresh(petra.cookie()).statusCode(200).body("user.roles", contains("viewer"));
    }

    @Test
    void whoeverIsDeletedIsOutAtOnce() {
        String id = Door.create("delia", "operator");
        SignedIn delia = signIn("delia", Door.PASSWORD);
        as(Door.admin()).delete("/api/v1/users/" + id).then().statusCode(204);
        delia.isOut();
        Door.refresh(delia.cookie()).statusCode(401);
        Door.signIn("delia", Door.PASSWORD).statusCode(401);
    }

    @Test
    void aNewPasswordEndsEveryOtherSignIn() {
        Door.create("paul", "operator");
        SignedIn here = signIn("paul", Door.PASSWORD);
        SignedIn elsewhere = signIn("paul", Door.PASSWORD);
        change(here.token(), Door.PASSWORD, NEXT).then().statusCode(204);
        elsewhere.isOut();
        Door.refresh(elsewhere.cookie()).statusCode(401);
        // The page it was changed on gets the next access token with its cookie.
        here.isOut();
        String token = Door.refresh(here.cookie()).statusCode(200).extract().path("accessToken");
        given().auth().oauth2(token).get("/api/v1/me").then().statusCode(200);
        Door.signIn("paul", Door.PASSWORD).statusCode(401);
        Door.signIn("paul", NEXT).statusCode(200);
    }

    @Test
    void aPasswordIsChangedOnlyByWhoKnowsIt() {
        Door.create("pia-changes", "viewer");
        SignedIn pia = signIn("pia-changes", Door.PASSWORD);
        change(pia.token(), "not the password", NEXT)
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("currentPassword"));
        change(pia.token(), Door.PASSWORD, "short")
                .then()
                .statusCode(400)
                .body("violations[0].field", equalTo("newPassword"));
        change(pia.token(), Door.PASSWORD, Door.PASSWORD).then().statusCode(400);
        given().contentType("application/json")
                .body(Map.of("currentPassword", Door.PASSWORD, "newPassword", NEXT))
                .post("/api/v1/me/password")
                .then()
                .statusCode(401);
        pia.isIn();
        Door.signIn("pia-changes", Door.PASSWORD).statusCode(200);
        // Nothing else in the body matters: not whose password, nor what they may do.
        as(pia.token())
                .body(Map.of(
                        "currentPassword",
                        Door.PASSWORD,
                        "newPassword",
                        NEXT,
                        "username",
                        Door.ADMIN,
                        "id",
                        "00000000-0000-0000-0000-000000000000",
                        "roles",
                        List.of("admin"),
                        "disabled",
                        false))
                .post("/api/v1/me/password")
                .then()
                .statusCode(204);
        Door.signIn("pia-changes", NEXT).statusCode(200).body("user.roles", contains("viewer"));
        Door.admin();
    }

    @Test
    void aStolenTokenIsNoGoodForGuessingThePassword() {
        Door.create("gwen", "viewer");
        String token = Door.token("gwen");
        for (int i = 0; i < 5; i++) {
            change(token, "guess number " + i, NEXT).then().statusCode(400);
        }
        change(token, Door.PASSWORD, NEXT)
                .then()
                .statusCode(429)
                .body("code", equalTo("too_many_attempts"))
                .header("Retry-After", Integer::parseInt, greaterThan(0));
        await().atMost(10, SECONDS)
                .until(() -> change(token, Door.PASSWORD, NEXT).statusCode() == 204);
    }

    @Test
    void anAdministratorGivesANewPasswordToOthersOnly() {
        String admin = Door.admin();
        String id = Door.create("lena-forgets", "operator");
        SignedIn lena = signIn("lena-forgets", Door.PASSWORD);
        as(admin)
                .body(Map.of("password", "x"))
                .post("/api/v1/users/" + id + "/password")
                .then()
                .statusCode(400);
        as(admin)
                .body(Map.of("password", NEXT))
                .post("/api/v1/users/" + id + "/password")
                .then()
                .statusCode(204);
        lena.isOut();
        Door.refresh(lena.cookie()).statusCode(401);
        Door.signIn("lena-forgets", Door.PASSWORD).statusCode(401);
        signIn("lena-forgets", NEXT).isIn();
        String own = as(admin).get("/api/v1/me").path("id");
        as(admin)
                .body(Map.of("password", NEXT))
                .post("/api/v1/users/" + own + "/password")
                .then()
                .statusCode(409);
    }

    @Test
    void signingOutAndAReusedRefreshTokenEndTheAccessTokensOfThatSignIn() {
        Door.create("omar", "viewer");
        SignedIn other = signIn("omar", Door.PASSWORD);
        SignedIn leaving = signIn("omar", Door.PASSWORD);
        given().cookie("skein_refresh", leaving.cookie())
                .post("/api/v1/auth/sign-out")
                .then()
                .statusCode(204);
        leaving.isOut();
        other.isIn();

        SignedIn copied = signIn("omar", Door.PASSWORD);
        SignedIn thief =
                SignedIn.of(Door.refresh(copied.cookie()).statusCode(200).extract());
        thief.isIn();
        Door.refresh(copied.cookie()).statusCode(401);
        thief.isOut();
        copied.isOut();
        other.isIn();
    }

    @Test
    void aStreamThatIsOpenEndsToo() throws Exception {
        String admin = Door.admin();
        String id = Door.create("stella", "viewer");
        System.clearProperty(StandIns.READER_GONE);
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.getOutputStream()
                    .write(("GET /api/v1/plans/endless/stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                                    + "Authorization: Bearer " + Door.token("stella") + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertTrue(socket.getInputStream().read() > 0);
            patch(admin, id, Map.of("disabled", true));
            // The service itself would go on for ten seconds.
            await().atMost(8, SECONDS).until(() -> Boolean.getBoolean(StandIns.READER_GONE));
        }
    }

    @Test
    void anotherReplicasChangeHoldsHereToo() {
        String id = Door.create("remo", "viewer");
        SignedIn remo = signIn("remo", Door.PASSWORD);
        remo.isIn();
        // As another replica would: by the schema alone, nothing tells this process.
        jdbi.useHandle(handle ->
                handle.execute("INSERT INTO token_cutoffs (subject, version) VALUES (CAST(? AS uuid), 1)", id));
        await().atMost(10, SECONDS).untilAsserted(remo::isOut);
        // What was cut long ago is forgotten: no token of then is alive.
        jdbi.useHandle(handle -> handle.execute(
                "UPDATE token_cutoffs SET cut_at = now() - interval '2 days' WHERE subject = CAST(? AS uuid)", id));
        await().atMost(10, SECONDS)
                .until(() -> jdbi.withHandle(handle -> handle.createQuery(
                                        "SELECT count(*) FROM token_cutoffs WHERE subject = CAST(? AS uuid)")
                                .bind(0, id)
                                .mapTo(Long.class)
                                .one())
                        == 0);
    }

    private record SignedIn(String token, String cookie) {

        static SignedIn of(ExtractableResponse<Response> answer) {
            return new SignedIn(answer.path("accessToken"), answer.cookie("skein_refresh"));
        }

        void isIn() {
            assertEquals(List.of(200, 200), statuses());
        }

        void isOut() {
            assertEquals(List.of(401, 401), statuses());
        }

        private List<Integer> statuses() {
            return List.of(
                    given().auth().oauth2(token).get("/api/v1/me").statusCode(),
                    given().auth().oauth2(token).get("/api/v1/plans").statusCode());
        }
    }

    private static SignedIn signIn(String name, String password) {
        return SignedIn.of(Door.signIn(name, password).statusCode(200).extract());
    }

    private static void patch(String admin, String id, Map<String, Object> change) {
        as(admin).body(change).patch("/api/v1/users/" + id).then().statusCode(200);
    }

    private static Response change(String token, String current, String next) {
        return as(token)
                .body(Map.of("currentPassword", current, "newPassword", next))
                .post("/api/v1/me/password");
    }
}
