package io.skein.frontdoor.proxy;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(EdgeProfile.class)
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
@WithTestResource(SocketStandIn.class)
@WithTestResource(HostileStandIn.class)
class CorsQuarkusTest {

    private static final List<String> FOREIGN = List.of(
            "https://evil.example",
            "null",
            "http://portal.example",
            "https://portal.example:444",
            "https://portal.example.evil.example",
            "https://evil.example?https://portal.example",
            "HTTPS://PORTAL.EXAMPLE.");

    @Test
    void aPreflightIsAnsweredBeforeSignInAndLimits() {
        for (String path : List.of("/api/v1/plans", "/api/v1/me", "/api/v1/auth/sign-in", "/health")) {
            preflight(EdgeProfile.ALLOWED, path)
                    .statusCode(204)
                    .header("Access-Control-Allow-Origin", EdgeProfile.ALLOWED)
                    .header("Access-Control-Allow-Methods", containsString("PATCH"))
                    .header("Access-Control-Allow-Headers", containsString("Authorization"))
                    .header("Access-Control-Allow-Credentials", nullValue())
                    .header("Vary", containsString("Origin"))
                    .header("RateLimit-Limit", nullValue());
        }
        preflight("https://other.example:8443", "/api/v1/plans").header("Access-Control-Max-Age", "600");
    }

    @Test
    void anAllowedPageReadsAnswersOfServicesAndRefusalsToo() {
        given().auth()
                .oauth2(Door.admin())
                .header("Origin", EdgeProfile.ALLOWED)
                .get("/api/v1/plans")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", EdgeProfile.ALLOWED)
                .header("Access-Control-Expose-Headers", containsString("RateLimit-Remaining"))
                .header("Access-Control-Allow-Credentials", nullValue())
                .header("Vary", containsString("Origin"))
                // The service may not allow anybody by itself.
                .header("Access-Control-Allow-Private-Network", nullValue());
        given().header("Origin", EdgeProfile.ALLOWED)
                .get("/api/v1/plans")
                .then()
                .statusCode(401)
                .header("Access-Control-Allow-Origin", EdgeProfile.ALLOWED);
    }

    @Test
    void aForeignPageGetsNoWord() {
        String token = Door.admin();
        for (String origin : FOREIGN) {
            preflight(origin, "/api/v1/plans")
                    .statusCode(204)
                    .header("Access-Control-Allow-Origin", nullValue())
                    .header("Access-Control-Allow-Methods", nullValue())
                    .header("Vary", containsString("Origin"));
            given().auth()
                    .oauth2(token)
                    .header("Origin", origin)
                    .get("/api/v1/plans")
                    .then()
                    .statusCode(200)
                    .header("Access-Control-Allow-Origin", nullValue());
        }
        given().auth()
                .oauth2(token)
                .get("/api/v1/plans")
                .then()
                .header("Access-Control-Allow-Origin", nullValue())
                .header("Vary", containsString("Origin"));
    }

    @Test
    void anOptionsRequestThatIsNoPreflightIsLikeAnyOther() {
        given().header("Origin", EdgeProfile.ALLOWED)
                .options("/api/v1/plans")
                .then()
                .statusCode(401)
                .body("code", equalTo("unauthenticated"));
    }

    private static ValidatableResponse preflight(String origin, String path) {
        return given().header("Origin", origin)
                .header("Access-Control-Request-Method", "PATCH")
                .header("Access-Control-Request-Headers", "authorization,content-type")
                .options(path)
                .then();
    }
}
