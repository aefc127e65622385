package io.skein.frontdoor.apitokens;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.frontdoor.Trail;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class ApiTokenQuarkusTest {

    @Inject
    Jdbi jdbi;

    @Inject
    TokenExchange exchange;

    @Test
    void aTokenIsShownOnceAndKeptAsAHash() throws Exception {
        String signIn = person("tina", "operator");
        ValidatableResponse answer = create(signIn, Map.of("name", "ci", "scopes", List.of("operator")))
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .body("kind", equalTo("person"))
                .body("owner", equalTo("tina"))
                .body("scopes", contains("viewer", "operator"))
                .body("token", matchesPattern("skein_p_[0-9A-Za-z]{49}"));
        String token = answer.extract().path("token");
        String id = answer.extract().path("id");
        Instant expiresAt = Instant.parse(answer.extract().path("expiresAt"));
        assertEquals(90, ChronoUnit.DAYS.between(Instant.parse(answer.extract().path("createdAt")), expiresAt));
        given().auth()
                .oauth2(signIn)
                .get("/api/v1/tokens")
                .then()
                .statusCode(200)
                .body("items[0].id", equalTo(id))
                .body("items[0].token", nullValue())
                .body(not(containsString(token)));
        assertFalse(row(id).toString().contains(token.substring(8)));
        assertTrue(Trail.events(jdbi, "auth.token.created").stream()
                .anyMatch(event -> event.contains(id) && !event.contains(token.substring(8))));
    }

    @Test
    void atTheGateItIsItsOwnerForTheServicesAndForTheFrontDoor() {
        String token = token(person("paula", "operator"), "operator");
        api(token, "/api/v1/me")
                .statusCode(200)
                .body("name", equalTo("paula"))
                .body("roles", contains("viewer", "operator"));
        api(token, "/api/v1/fleet").statusCode(200);
        String forwarded = api(token, "/api/v1/plans")
                .statusCode(200)
                .body("service", equalTo("orchestrator"))
                .body("headers.authorization", startsWith("Bearer ey"))
                .extract()
                .path("headers.authorization");
        assertFalse(forwarded.contains(token));
        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body("{\"text\":\"x\"}")
                .post("/api/v1/requests")
                .then()
                .statusCode(201)
                .body("body", equalTo("{\"text\":\"x\"}"));
    }

    @Test
    void itsRolesAreThoseOfItsOwnerNowWithinItsScopes() {
        String viewerOnly = token(person("rolf", "approver"), "viewer");
        api(viewerOnly, "/api/v1/me").body("roles", contains("viewer"));
        String both = token(Door.signIn("rolf", Door.PASSWORD).extract().path("accessToken"), "approver");
        api(both, "/api/v1/me").body("roles", contains("viewer", "approver"));
        jdbi.useHandle(handle -> handle.execute("UPDATE users SET roles = '{viewer,operator}' WHERE name = 'rolf'"));
        await().atMost(4, SECONDS).untilAsserted(() -> api(both, "/api/v1/me").body("roles", contains("viewer")));
    }

    @Test
    void whatWouldOutliveItNeedsASignIn() {
        String token = token(Door.admin(), "admin", "approver", "operator");
        Map<String, Map<String, ?>> refused = Map.of(
                "/api/v1/tokens", Map.of("name", "child", "scopes", List.of("viewer")),
                "/api/v1/users", Map.of("username", "child", "password", Door.PASSWORD, "roles", List.of("admin")),
                "/api/v1/me/password", Map.of("currentPassword", Door.PASSWORD, "newPassword", "another good one 1"),
                "/api/v1/teams", Map.of("name", "other"),
                "/api/v1/auth/sign-in", Map.of("username", Door.ADMIN, "password", Door.PASSWORD));
        refused.forEach((path, body) -> given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body(body)
                .post(path)
                .then()
                .statusCode(403)
                .body("code", equalTo("forbidden")));
        given().auth()
                .oauth2(token)
                .delete("/api/v1/tokens/" + UUID.randomUUID())
                .then()
                .statusCode(403);
        api(token, "/api/v1/users").statusCode(200);
        // The access token it is exchanged for stays inside the fleet; should one leak, it makes no tokens either.
        String inner = api(token, "/api/v1/plans").extract().path("headers.authorization");
        create(inner.substring(7), Map.of("name", "child", "scopes", List.of("viewer")))
                .statusCode(403);
    }

    @Test
    void revokedExpiredAndDisabledTokensAreRefusedAtOnceHereAndSoonElsewhere() throws Exception {
        String signIn = person("rita", "operator");
        ValidatableResponse created = create(signIn, Map.of("name", "here", "scopes", List.of("operator")));
        String here = created.extract().path("token");
        api(here, "/api/v1/me").statusCode(200);
        String id = created.extract().path("id");
        given().auth().oauth2(signIn).delete("/api/v1/tokens/" + id).then().statusCode(204);
        api(here, "/api/v1/me").statusCode(401).body("detail", containsString("revoked"));
        api(here, "/api/v1/plans").statusCode(401).header("WWW-Authenticate", "Bearer");
        given().auth().oauth2(signIn).delete("/api/v1/tokens/" + id).then().statusCode(204);
        given().auth().oauth2(signIn).get("/api/v1/tokens").then().body("items.id", not(hasItem(id)));
        assertEquals(
                1,
                Trail.events(jdbi, "auth.token.revoked").stream()
                        .filter(event -> event.contains(id))
                        .count());

        // As another replica would do it: this process is told nothing.
        diesOf(signIn, "UPDATE api_tokens SET revoked_at = now() WHERE id = CAST(? AS uuid)");
        diesOf(signIn, "UPDATE api_tokens SET expires_at = now() WHERE id = CAST(? AS uuid)");
        diesOf(
                signIn,
                "UPDATE users SET disabled = true WHERE id = (SELECT owner_id FROM api_tokens WHERE id = CAST(? AS uuid))");
        jdbi.useHandle(handle -> handle.execute("UPDATE users SET disabled = false WHERE name = 'rita'"));
        diesOf(signIn, "DELETE FROM users WHERE id = (SELECT owner_id FROM api_tokens WHERE id = CAST(? AS uuid))");
    }

    private void diesOf(String signIn, String sql) {
        ValidatableResponse created = create(signIn, Map.of("name", "elsewhere", "scopes", List.of("viewer")))
                .statusCode(201);
        String token = created.extract().path("token");
        api(token, "/api/v1/plans").statusCode(200);
        jdbi.useHandle(handle -> handle.execute(sql, created.extract().<String>path("id")));
        await().atMost(Duration.ofSeconds(4))
                .untilAsserted(() -> api(token, "/api/v1/plans").statusCode(401));
    }

    @Test
    void theLastUseIsNotedOnceAMinute() {
        ValidatableResponse created =
                create(person("lena", "viewer"), Map.of("name", "used", "scopes", List.of("viewer")));
        String token = created.extract().path("token");
        String id = created.extract().path("id");
        assertEquals(null, row(id).get("last_used_at"));
        api(token, "/api/v1/me").statusCode(200);
        Object first = row(id).get("last_used_at");
        assertTrue(first != null);
        exchange.forget();
        api(token, "/api/v1/me").statusCode(200);
        assertEquals(first, row(id).get("last_used_at"));
        jdbi.useHandle(handle -> handle.execute(
                "UPDATE api_tokens SET last_used_at = now() - interval '61 seconds' WHERE id = CAST(? AS uuid)", id));
        exchange.forget();
        api(token, "/api/v1/me").statusCode(200);
        assertTrue(row(id).get("last_used_at").toString().compareTo(first.toString()) > 0);
    }

    @Test
    void nobodySeesOrRevokesAnothersToken() {
        ValidatableResponse created =
                create(person("olaf", "operator"), Map.of("name", "mine", "scopes", List.of("viewer")));
        String id = created.extract().path("id");
        String other = person("otto", "operator");
        given().auth().oauth2(other).get("/api/v1/tokens").then().body("items.id", not(hasItem(id)));
        given().auth().oauth2(other).get("/api/v1/tokens?all=true").then().statusCode(403);
        given().auth().oauth2(other).delete("/api/v1/tokens/" + id).then().statusCode(404);
        // An administrator of another team is a stranger, too.
        Door.createTeam("strangers");
        Door.createIn("strangers", "xenia", "admin");
        String stranger = Door.signIn("xenia", Door.PASSWORD).extract().path("accessToken");
        given().auth().oauth2(stranger).get("/api/v1/tokens?all=true").then().body("items.id", not(hasItem(id)));
        given().auth().oauth2(stranger).delete("/api/v1/tokens/" + id).then().statusCode(404);
        api(created.extract().path("token"), "/api/v1/me").statusCode(200);
        given().auth()
                .oauth2(Door.admin())
                .get("/api/v1/tokens?all=true&size=200")
                .then()
                .body("items.id", hasItem(id));
        given().auth()
                .oauth2(Door.admin())
                .delete("/api/v1/tokens/" + id)
                .then()
                .statusCode(204);
        api(created.extract().path("token"), "/api/v1/me").statusCode(401);
    }

    @Test
    void tokensThatBreakTheRulesAreRefused() {
        String operator = person("bodo", "operator");
        record Bad(String signIn, Map<String, Object> body, int status) {}
        String admin = Door.admin();
        List<Bad> all = List.of(
                new Bad(operator, Map.of("name", "x", "scopes", List.of("approver")), 400),
                new Bad(operator, Map.of("name", "x", "scopes", List.of("service")), 400),
                new Bad(operator, Map.of("name", "x", "scopes", List.of()), 400),
                new Bad(operator, Map.of("name", "x"), 400),
                new Bad(operator, Map.of("name", " ", "scopes", List.of("viewer")), 400),
                new Bad(operator, Map.of("name", "a\nb", "scopes", List.of("viewer")), 400),
                new Bad(operator, Map.of("name", "x".repeat(101), "scopes", List.of("viewer")), 400),
                new Bad(operator, Map.of("name", "x", "scopes", List.of("viewer"), "expiresInDays", 0), 400),
                new Bad(operator, Map.of("name", "x", "scopes", List.of("viewer"), "expiresInDays", 366), 400),
                new Bad(operator, Map.of("name", "x", "scopes", List.of("viewer"), "subject", "nas01"), 400),
                new Bad(operator, Map.of("name", "x", "kind", "node", "subject", "nas01"), 403),
                new Bad(operator, Map.of("name", "x", "kind", "robot", "subject", "nas01"), 400),
                new Bad(admin, Map.of("name", "x", "kind", "node"), 400),
                new Bad(admin, Map.of("name", "x", "kind", "node", "subject", "a~b"), 400),
                new Bad(admin, Map.of("name", "x", "kind", "agent", "subject", "a b"), 400),
                new Bad(
                        admin,
                        Map.of("name", "x", "kind", "node", "subject", "nas01", "scopes", List.of("viewer")),
                        400));
        for (Bad bad : all) {
            create(bad.signIn(), bad.body()).statusCode(bad.status()).contentType("application/problem+json");
        }
        create(operator, Map.of("name", "x", "scopes", List.of("viewer"), "expiresInDays", 365))
                .statusCode(201);
        given().contentType("application/json")
                .body("{}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(401);
    }

    @Test
    void aMachinesTokenIsNoUseOverHttp() {
        for (String kind : List.of("node", "agent")) {
            String token = create(Door.admin(), Map.of("name", "m", "kind", kind, "subject", "nas01"))
                    .statusCode(201)
                    .body("subject", equalTo("nas01"))
                    .extract()
                    .path("token");
            for (String path : List.of("/api/v1/me", "/api/v1/plans")) {
                api(token, path).statusCode(403).body("code", equalTo("forbidden"));
            }
        }
    }

    @Test
    void typingErrorsAreToldAndGuessesAreSlowedDown() {
        String token = token(person("gerd", "viewer"), "viewer");
        String wrong = token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");
        api(wrong, "/api/v1/plans").statusCode(401).body("detail", containsString("character"));
        api("skein_", "/api/v1/me").statusCode(401);
        String address = "203.0.113." + (int) (System.nanoTime() % 250);
        boolean slowed = false;
        for (int i = 0; i < 25 && !slowed; i++) {
            String guess = TokenText.random(TokenKind.PERSON).value();
            TokenExchange.Outcome outcome = exchange.exchange(guess, address)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            slowed = ((TokenExchange.Refused) outcome).retryAfterSeconds() > 0;
        }
        assertTrue(slowed);
        // Whoever showed a good token a moment ago goes on.
        api(token, "/api/v1/plans").statusCode(200);
    }

    private static String person(String name, String role) {
        Door.create(name, role);
        return Door.signIn(name, Door.PASSWORD).extract().path("accessToken");
    }

    private static String token(String signIn, String... scopes) {
        return create(signIn, Map.of("name", "test", "scopes", List.of(scopes)))
                .statusCode(201)
                .extract()
                .path("token");
    }

    private static ValidatableResponse create(String signIn, Map<String, ?> body) {
        return given().auth()
                .oauth2(signIn)
                .contentType("application/json")
                .body(new HashMap<>(body))
                .post("/api/v1/tokens")
                .then();
    }

    private static ValidatableResponse api(String token, String path) {
        return given().auth().oauth2(token).get(path).then();
    }

    private Map<String, Object> row(String id) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT * FROM api_tokens WHERE id = CAST(? AS uuid)")
                .bind(0, id)
                .mapToMap()
                .one());
    }
}
