package io.skein.frontdoor.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.StandIns;
import io.skein.test.SkeinInfrastructure;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class WebQuarkusTest {

    private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";

    @Test
    void everyPageOfTheAppIsItsOneDocument() {
        String index = given().header("Accept", BROWSER)
                .get("/")
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header("Cache-Control", "no-cache")
                .extract()
                .asString();
        for (String page : List.of("/plans", "/plans/0192-x/run", "/setup", "/sign-in")) {
            assertEquals(
                    index,
                    given().header("Accept", BROWSER)
                            .get(page)
                            .then()
                            .statusCode(200)
                            .header("Cache-Control", "no-cache")
                            .extract()
                            .asString());
        }
        for (String none : List.of("/assets/gone.js", "/api/v1/gone", "/q/gone", "/docs/gone", "/.env", "/a/b.php")) {
            assertEquals(404, given().header("Accept", BROWSER).get(none).statusCode(), none);
        }
        assertEquals(
                404, given().header("Accept", "application/json").get("/plans").statusCode());
    }

    @Test
    void whatTheDocumentNeedsIsAllowedByItsPolicyAndCachedForEver() {
        String index = given().header("Accept", BROWSER).get("/").asString();
        Matcher script =
                Pattern.compile("<script[^>]*src=\"([^\"]+)\"[^>]*></script>").matcher(index);
        assertTrue(script.find(), index);
        given().get(script.group(1))
                .then()
                .statusCode(200)
                .contentType(containsString("javascript"))
                .header("Cache-Control", containsString("immutable"));
        // Inline scripts and styles would be blocked by the policy below.
        assertFalse(
                Pattern.compile("<script(?![^>]*src=)|<style|\\son\\w+=\"")
                        .matcher(index)
                        .find(),
                index);
    }

    @Test
    void everyAnswerCarriesTheHeadersThatKeepABrowserSafe() {
        for (String path : List.of(
                "/",
                "/api/v1/me",
                "/api/v1/plans",
                "/api/v1/nothing",
                "/nothing.txt",
                "/q/health/live",
                "/docs/docs.js")) {
            given().get(path)
                    .then()
                    .header("Content-Security-Policy", equalTo(SecurityHeaders.CONTENT_SECURITY_POLICY))
                    .header("X-Content-Type-Options", "nosniff")
                    .header("X-Frame-Options", "DENY")
                    .header("Referrer-Policy", "same-origin")
                    .header("Permissions-Policy", containsString("camera=()"));
        }
        assertFalse(SecurityHeaders.CONTENT_SECURITY_POLICY.contains("unsafe-eval"));
        assertEquals(
                1,
                SecurityHeaders.CONTENT_SECURITY_POLICY.split("unsafe-inline", -1).length - 1,
                "style attributes only");
    }

    @Test
    void metricsAreWhereEverybodyLooksForThem() {
        given().get("/metrics").then().statusCode(200).body(containsString("jvm_memory_used_bytes"));
    }
}
