package io.skein.frontdoor.oidc;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.skein.contracts.wire.WireFormat;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.frontdoor.Trail;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole way with a real provider: every redirect, form and cookie, as a browser sees them. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(value = StandIns.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = RealProvider.class, restrictToAnnotatedClass = true)
class OidcQuarkusTest {

    @Inject
    Jdbi jdbi;

    private URI door;
    private Browser browser;

    @BeforeEach
    void open() {
        door = URI.create("http://localhost:" + RestAssured.port);
        browser = new Browser(door);
        given().baseUri(issuer())
                .port(port())
                .body(door.toString())
                .put("/test/origin")
                .then()
                .statusCode(204);
    }

    @Test
    void theSignInPageIsToldOfTheProvider() {
        given().get("/api/v1/auth/options")
                .then()
                .statusCode(200)
                .body(
                        "oidc",
                        contains(Map.of("id", "oidc", "name", "Test provider", "url", "/api/v1/auth/oidc/sign-in")));
    }

    @Test
    void aPersonOfTheProviderGetsAnOrdinarySkeinSignIn() {
        claims("ada", "groups", List.of("skein-ops", "admin"));
        URI provider = browser.press("/plans?status=running");
        Map<String, String> asked = Browser.query(provider);
        assertEquals("code", asked.get("response_type"));
        assertEquals("S256", asked.get("code_challenge_method"));
        assertEquals(43, asked.get("code_challenge").length());
        assertFalse(asked.get("state").isBlank());
        assertFalse(asked.get("nonce").isBlank());
        assertEquals(door + ProviderTenant.CALLBACK, asked.get("redirect_uri"));

        HttpResponse<String> answer = browser.get(browser.signInAt(provider, "ada"));

        assertEquals(303, answer.statusCode());
        assertEquals(
                "/plans?status=running", answer.headers().firstValue("Location").orElseThrow());
        assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElseThrow());
        String refresh = setCookie(answer, "skein_refresh");
        assertTrue(refresh.contains("HttpOnly") && refresh.contains("SameSite=Strict"), refresh);
        assertTrue(refresh.contains("Path=/api/v1/auth"), refresh);
        // Nothing of the provider's stays but its word to sign out with, in a cookie no script reads and no page sends.
        assertTrue(
                browser.cookie("q_").isEmpty(),
                () -> String.valueOf(browser.cookies.getCookieStore().getCookies()));
        String hint = setCookie(answer, "skein_oidc_hint");
        assertTrue(hint.contains("HttpOnly") && hint.contains("SameSite=Strict"), hint);
        // "admin" over there is a group nobody mentioned.
        me(browser.accessToken().orElseThrow())
                .body("name", equalTo("ada"))
                .body("team", equalTo("default"))
                .body("roles", contains("viewer", "operator", "approver"))
                .body("hasPassword", equalTo(false));
    }

    @Test
    void theProvidersOwnTokensOpenNothing() {
        claims("tom", "groups", List.of("skein-admins"));
        browser.signIn("tom", "/");
        String idToken = browser.cookie("skein_oidc_hint").orElseThrow().getValue();
        assertTrue(idToken.startsWith("eyJ"));
        given().auth().oauth2(idToken).get("/api/v1/me").then().statusCode(401);
        given().auth().oauth2(idToken).get("/api/v1/plans").then().statusCode(401);
        given().cookie("q_session", idToken)
                .cookie("q_session_skein", idToken)
                .get("/api/v1/me")
                .then()
                .statusCode(401);
    }

    @Test
    void rolesAndTeamFollowTheClaimsAtEachSignIn() {
        claims("bob", "groups", List.of("skein-admins"), "department", "physics");
        browser.signIn("bob", "/");
        String before = browser.accessToken().orElseThrow();
        me(before).body("team", equalTo("lab")).body("roles", hasItem("admin"));

        claims("bob", "groups", List.of("skein-guests"), "department", "chemistry");
        Browser again = new Browser(door);
        again.signIn("bob", "/");

        me(again.accessToken().orElseThrow()).body("team", equalTo("default")).body("roles", contains("viewer"));
        // The other device's sign-in goes on with what its owner may do now, and its old token ends.
        me(browser.accessToken().orElseThrow()).body("roles", contains("viewer"));
        await().atMost(20, SECONDS)
                .until(() -> given().auth().oauth2(before).get("/api/v1/me").statusCode() == 401);
        assertEquals(1, accounts("bob"));
    }

    @Test
    void aNameOrAnAddressOpensNobodyElsesAccount() {
        String admin = Door.admin();
        claims("mallory", "groups", List.of("skein-guests"), "preferred_username", Door.ADMIN, "email", Door.ADMIN);
        browser.signIn("mallory", "/");
        me(browser.accessToken().orElseThrow()).body("name", equalTo("root-2")).body("roles", contains("viewer"));
        me(admin).body("name", equalTo(Door.ADMIN)).body("roles", hasItem("admin"));
        Door.signIn(Door.ADMIN, Door.PASSWORD).statusCode(200);

        claims("mallet", "groups", List.of("skein-guests"), "preferred_username", "ROOT");
        Browser other = new Browser(door);
        other.signIn("mallet", "/");
        assertNotEquals("root", name(other));
        assertNotEquals("root-2", name(other));

        claims("service", "groups", List.of("skein-guests"), "preferred_username", "service:lock-service");
        Browser third = new Browser(door);
        third.signIn("service", "/");
        assertEquals("service-lock-service", name(third));
    }

    @Test
    void theSameSubjectOfAnotherIssuerIsSomebodyElse() {
        claims("carol", "groups", List.of("skein-guests"));
        browser.signIn("carol", "/");
        String first = name(browser);
        jdbi.useHandle(handle ->
                handle.execute("UPDATE provider_identities SET issuer = 'https://elsewhere' WHERE subject = 'carol'"));
        Browser again = new Browser(door);
        again.signIn("carol", "/");
        assertNotEquals(first, name(again));
        assertEquals(2, accounts("carol"));
    }

    @Test
    void whoHasNoRoleIsRefusedAndTheTrailKnows() throws Exception {
        claims("eve", "groups", List.of("some-other-group"));
        refused(browser.signIn("eve", "/plans"), "no-role");
        assertEquals(0, accounts("eve"));
        assertTrue(Trail.read(jdbi).contains("provider: no-role"));
    }

    @Test
    void whoComesFromTheProviderHasNoPasswordAndGetsNone() {
        String admin = Door.admin();
        claims("ivy", "groups", List.of("skein-guests"));
        browser.signIn("ivy", "/");
        String ivy = browser.accessToken().orElseThrow();
        Door.signIn("ivy", "any").statusCode(401);
        String id = me(ivy).extract().path("id");
        given().auth()
                .oauth2(admin)
                .contentType("application/json")
                .body(Map.of("password", Door.PASSWORD))
                .post("/api/v1/users/" + id + "/password")
                .then()
                .statusCode(403)
                .body("code", equalTo("passwords_off"));
        given().auth()
                .oauth2(ivy)
                .contentType("application/json")
                .body(Map.of("currentPassword", "any", "newPassword", Door.PASSWORD))
                .post("/api/v1/me/password")
                .then()
                .statusCode(403)
                .body("code", equalTo("passwords_off"));
        Door.signIn("ivy", Door.PASSWORD).statusCode(401);
    }

    @Test
    void whoIsDisabledHereStaysOut() {
        claims("dan", "groups", List.of("skein-guests"));
        browser.signIn("dan", "/");
        jdbi.useHandle(handle -> handle.execute("UPDATE users SET disabled = true WHERE name = 'dan'"));
        Browser again = new Browser(door);
        refused(again.signIn("dan", "/"), "disabled");
        assertTrue(browser.accessToken().isEmpty());
    }

    @Test
    void whoSaysNoAtTheProviderComesBackToTheSignInPage() {
        HttpResponse<String> answer = browser.get(browser.cancelAt(browser.press("/")));
        refused(answer, "declined");
        assertTrue(browser.cookie("q_").isEmpty());
    }

    @Test
    void anAnswerWorksOnceAndInTheBrowserThatAskedOnly() {
        claims("frank", "groups", List.of("skein-guests"));
        URI callback = browser.signInAt(browser.press("/"), "frank");
        // Somebody else's browser, led there to be signed in as frank.
        Browser victim = new Browser(door);
        refused(victim.get(callback), "state");
        victim.press("/");
        refused(victim.get(callback), "state");
        // frank's own, once; then with the cookie put back as a thief of cookies would.
        HttpCookie state = browser.cookie("q_auth_").orElseThrow();
        assertEquals("/", browser.get(callback).headers().firstValue("Location").orElseThrow());
        refused(browser.get(callback), "state");
        browser.cookies.getCookieStore().add(door, state);
        refused(browser.get(callback), "untrusted");
        // A stolen code in a sign-in of one's own: the verifier does not fit.
        Browser owner = new Browser(door);
        URI stolen = owner.signInAt(owner.press("/"), "frank");
        Browser thief = new Browser(door);
        String ownState = Browser.query(thief.press("/")).get("state");
        refused(
                thief.get(URI.create(door + ProviderTenant.CALLBACK + "?state=" + ownState + "&code="
                        + Browser.encoded(Browser.query(stolen).get("code")))),
                "untrusted");
        assertTrue(thief.accessToken().isEmpty());
    }

    @Test
    void nobodyIsLedElsewhereAfterwards() {
        claims("gina", "groups", List.of("skein-guests"));
        assertEquals(
                "/",
                browser.signIn("gina", "//evil.example/")
                        .headers()
                        .firstValue("Location")
                        .orElseThrow());
        // Another page of this host may write the cookie.
        Browser again = new Browser(door);
        URI callback = again.signInAt(again.press("/plans"), "gina");
        HttpCookie to = again.cookie("skein_oidc_to").orElseThrow();
        to.setValue("Ly9ldmlsLmV4YW1wbGUv");
        assertEquals("/", again.get(callback).headers().firstValue("Location").orElseThrow());
    }

    @Test
    void signingOutEndsTheSessionAtTheProviderToo() {
        claims("hugo", "groups", List.of("skein-guests"));
        browser.signIn("hugo", "/");
        HttpResponse<String> out = browser.post(door.resolve("/api/v1/auth/sign-out"), "");
        assertEquals(200, out.statusCode());
        assertEquals("{\"next\":\"/api/v1/auth/oidc/sign-out\"}", out.body());
        assertTrue(browser.accessToken().isEmpty());
        URI end = Browser.next(browser.get(door.resolve("/api/v1/auth/oidc/sign-out")));
        assertTrue(end.toString().startsWith(issuer() + "/session/end?"), end.toString());
        assertEquals(door + "/", Browser.query(end).get("post_logout_redirect_uri"));
        assertTrue(browser.get(end).body().contains("Do you want to sign-out"), "the provider refuses");
        assertTrue(browser.cookie("skein_oidc_hint").isEmpty());
        // Who did not come through the provider has nothing to end there.
        assertEquals(
                "/",
                new Browser(door)
                        .get(door.resolve("/api/v1/auth/oidc/sign-out"))
                        .headers()
                        .firstValue("Location")
                        .orElseThrow());
    }

    @Test
    void whatAnyoneMaySendForgesNoLogLines() {
        URI provider = browser.press("/");
        String state = Browser.query(provider).get("state");
        refused(
                browser.get(URI.create(door + ProviderTenant.CALLBACK + "?error=a%0d%0aINFO+forged&state=" + state)),
                "declined");
        assertFalse(new RefusedException(Refusal.DECLINED, "a\r\nINFO forged")
                .getMessage()
                .contains("\n"));
    }

    private void claims(String person, Object... pairs) {
        Map<String, Object> claims = new HashMap<>(Map.of("preferred_username", person));
        for (int i = 0; i < pairs.length; i += 2) {
            claims.put((String) pairs[i], pairs[i + 1]);
        }
        given().baseUri(issuer())
                .port(port())
                .body(WireFormat.writeString(claims))
                .put("/test/people/" + person)
                .then()
                .statusCode(204);
    }

    private static ValidatableResponse me(String token) {
        return given().auth().oauth2(token).get("/api/v1/me").then().statusCode(200);
    }

    private static String name(Browser browser) {
        return me(browser.accessToken().orElseThrow()).extract().path("name");
    }

    private static void refused(HttpResponse<String> answer, String code) {
        assertEquals(303, answer.statusCode());
        assertEquals(
                "/?sign-in=" + code, answer.headers().firstValue("Location").orElseThrow());
        assertTrue(answer.headers().allValues("Set-Cookie").stream().noneMatch(c -> c.startsWith("skein_refresh")));
    }

    private static String setCookie(HttpResponse<String> answer, String name) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith(name + "="))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cookie " + name));
    }

    private int accounts(String subject) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM provider_identities p"
                        + " JOIN users u ON u.id = p.user_id WHERE p.subject = ?")
                .bind(0, subject)
                .mapTo(Integer.class)
                .one());
    }

    private static String issuer() {
        return System.getProperty(RealProvider.ISSUER);
    }

    private static int port() {
        return URI.create(issuer()).getPort();
    }
}
