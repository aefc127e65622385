package io.skein.frontdoor.oidc;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without a configuration there is no provider, and nothing that could be talked into one. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class NoProviderQuarkusTest {

    @Test
    void theSignInPageIsToldOfPasswordsOnly() {
        given().get("/api/v1/auth/options")
                .then()
                .statusCode(200)
                .body("oidc", empty())
                .body("passwords", equalTo(true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sign-in", "callback?code=x&state=y", "sign-out"})
    void itsPagesAreNotThere(String page) {
        given().redirects()
                .follow(false)
                .get("/api/v1/auth/oidc/" + page)
                .then()
                .statusCode(404)
                .body("code", equalTo("not_found"));
    }

    @Test
    void cookiesOfAProviderMeanNothing() {
        given().cookie("q_session", "x")
                .cookie("q_session_skein", "x")
                .get("/api/v1/me")
                .then()
                .statusCode(401);
    }
}
