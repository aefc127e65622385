package io.skein.frontdoor.oidc;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.frontdoor.Trail;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider, or who pretends to be it, signs and must not get in with. Each refusal is for one thing: the rest is right. */
@QuarkusTest
@TestProfile(HostileProviderQuarkusTest.WithWeaknesses.class)
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(value = StandIns.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = HostileProvider.class, restrictToAnnotatedClass = true)
class HostileProviderQuarkusTest {

    /** Lets a test leave a check out. The provider is the only way in. */
    public static class WithWeaknesses implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("SKEIN_FRONTDOOR_PASSWORDS", "off", "SKEIN_FRONTDOOR_REGISTRATION", "open");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(WeakTenant.class);
        }
    }

    @Inject
    Jdbi jdbi;

    private URI door;

    @BeforeEach
    void open() {
        door = URI.create("http://localhost:" + RestAssured.port);
        System.clearProperty(WeakTenant.WITHOUT);
        mode("honest");
    }

    @AfterEach
    void close() {
        System.clearProperty(WeakTenant.WITHOUT);
        mode("honest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"honest", "own azp"})
    void whatIsRightGetsIn(String mode) {
        assertEquals("/plans", signIn(mode));
        // Userinfo alone says the name.
        Browser browser = new Browser(door);
        browser.get(Browser.next(browser.get(browser.press("/"))));
        given().auth()
                .oauth2(browser.accessToken().orElseThrow())
                .get("/api/v1/me")
                .then()
                .body("name", equalTo("pat"))
                .body("roles", contains("viewer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expired",
                "wrong issuer",
                "wrong audience",
                "wrong nonce",
                "no nonce",
                "no subject",
                "another's azp",
                "another's userinfo",
                "unsigned",
                "HS256 with the public key",
                "HS256 with the client secret",
                "a stranger's key",
                "a key it brings along",
                "changed afterwards"
            })
    void whatIsWrongInOneThingDoesNot(String mode) throws Exception {
        assertEquals("/?sign-in=untrusted", signIn(mode));
        assertTrue(Trail.read(jdbi).contains("provider: untrusted"));
    }

    /** The planted bugs: with the check left out, the same token opens the door. */
    @ParameterizedTest
    @CsvSource({
        "expired, expiry",
        "wrong issuer, issuer",
        "wrong audience, audience",
        "wrong nonce, nonce",
        "no nonce, nonce",
        "another's userinfo, subject"
    })
    void itIsThatCheckThatKeepsItOut(String mode, String without) {
        System.setProperty(WeakTenant.WITHOUT, without);
        assertEquals("/plans", signIn(mode));
        assertEquals("/plans", signIn("honest"));
    }

    @Test
    void aProviderThatIsAwayStopsNothingElse() {
        // Nothing was asked of it at start; a first question finds it away, and the next finds it back.
        System.setProperty(WeakTenant.WITHOUT, WeakTenant.NOTHING);
        mode("away");
        HttpResponse<String> answer = new Browser(door).get(door.resolve("/api/v1/auth/oidc/sign-in"));
        assertEquals(
                "/?sign-in=unreachable", answer.headers().firstValue("Location").orElseThrow());
        given().get("/q/health/ready").then().statusCode(200);
        mode("honest");
        await().atMost(10, SECONDS).until(() -> new Browser(door)
                .get(door.resolve("/api/v1/auth/oidc/sign-in"))
                .headers()
                .firstValue("Location")
                .orElseThrow()
                .startsWith("http"));
        assertEquals("/plans", signIn("honest"));
    }

    @Test
    void aProviderThatGoesAwayInBetweenIsSaidToBeAway() {
        Browser browser = new Browser(door);
        URI callback = Browser.next(browser.get(browser.press("/")));
        mode("away");
        HttpResponse<String> answer = browser.get(callback);
        String where = answer.headers().firstValue("Location").orElseThrow();
        assertTrue(where.equals("/?sign-in=unreachable") || where.equals("/?sign-in=untrusted"), where);
    }

    @Test
    void noPasswordOpensAnything() {
        assertEquals("/plans", signIn("honest"));
        given().get("/api/v1/auth/options")
                .then()
                .body("passwords", equalTo(false))
                .body("setup", equalTo(false))
                .body("registration", equalTo("closed"));
        Door.signIn("pat", "x").statusCode(403).body("code", equalTo("passwords_off"));
        given().contentType("application/json")
                .body(Map.of("token", "setup-token-for-tests", "username", "first", "password", Door.PASSWORD))
                .post("/api/v1/auth/setup")
                .then()
                .statusCode(403)
                .body("code", equalTo("passwords_off"));
        given().contentType("application/json")
                .body(Map.of("username", "first", "password", Door.PASSWORD))
                .post("/api/v1/auth/register")
                .then()
                .statusCode(403);
    }

    private String signIn(String mode) {
        mode(mode);
        Browser browser = new Browser(door);
        HttpResponse<String> answer = browser.get(Browser.next(browser.get(browser.press("/plans"))));
        boolean in = browser.accessToken().isPresent();
        String where = answer.headers().firstValue("Location").orElseThrow();
        assertEquals(where.equals("/plans"), in);
        return where;
    }

    private static void mode(String mode) {
        URI issuer = URI.create(System.getProperty(HostileProvider.ISSUER));
        given().baseUri(issuer.toString())
                .port(issuer.getPort())
                .body(mode)
                .put("/mode")
                .then()
                .statusCode(204);
    }
}
