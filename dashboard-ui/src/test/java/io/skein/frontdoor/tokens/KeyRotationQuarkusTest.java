package io.skein.frontdoor.tokens;

import static io.restassured.RestAssured.given;
import static io.skein.frontdoor.Door.as;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.test.HandClock;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Jdbi;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.Test;

/** One key follows another without a token being refused, in every replica, and without one that lives on. */
@QuarkusTest
@TestProfile(KeyRotationQuarkusTest.Alone.class)
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class KeyRotationQuarkusTest {

    private static final Duration OVERLAP = Duration.ofMinutes(15);
    private static final Duration ROTATION = Duration.ofDays(90);
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    @Inject
    Jdbi jdbi;

    @Inject
    TokenConfig config;

    @Inject
    SigningKeyRepository repository;

    @Inject
    KeyEvents events;

    @Inject
    TokenCutoffs cutoffs;

    @Inject
    SigningKeys front;

    private final HandClock clock = new HandClock(Instant.parse("2031-03-01T10:00:00Z"));

    /** Other tests count keys. */
    public static class Alone implements QuarkusTestProfile {}

    @Test
    void theNextKeyIsKnownBeforeItSignsAndTheOldOneVerifiesToItsLastToken() throws Exception {
        Replica a = new Replica();
        Replica b = new Replica();
        a.keys.replace("test");
        b.keys.tend();
        String old = a.keys.current().kid();

        SigningKeys.Published next = a.keys.rotate("test");
        b.keys.tend();
        assertNotEquals(old, next.kid());
        assertEquals(clock.instant().plus(OVERLAP), next.signsFrom());
        assertEquals(next, b.keys.rotate("test"), "there is a next key already");
        String seenByAService = a.keys.jwks();
        assertEquals(2, new JsonWebKeySet(seenByAService).getJsonWebKeys().size());
        assertEquals(seenByAService, b.keys.jwks());
        assertEquals(List.of(old, old), List.of(kid(a.sign()), kid(b.sign())));

        clock.move(OVERLAP.minusMillis(1));
        String last = a.sign();
        assertEquals(old, kid(last));
        clock.move(Duration.ofMillis(1));
        // From the times alone: neither has read the schema again.
        String first = b.sign();
        assertEquals(List.of(next.kid(), next.kid()), List.of(kid(a.sign()), kid(first)));
        assertTrue(verifies(seenByAService, first), "a service that read the keys before has the one that signs now");

        clock.move(LIFETIME.minusSeconds(2));
        a.keys.tend();
        b.keys.tend();
        assertTrue(a.verifies(last) && b.verifies(last), "its last token is still good");
        assertTrue(verifies(b.keys.jwks(), last));

        clock.move(Duration.ofMinutes(3));
        a.keys.tend();
        b.keys.tend();
        assertFalse(a.keys.jwks().contains(old) || b.keys.jwks().contains(old), "nobody needs it any more");
        assertEquals(1, rows());
        assertTrue(b.keys.find(old).isEmpty());
        assertEquals(next.kid(), kid(b.sign()));
    }

    @Test
    void aKeyThatHasSignedLongEnoughGetsOneSuccessorByItself() throws Exception {
        Replica a = new Replica();
        Replica b = new Replica();
        a.keys.replace("test");
        b.keys.tend();
        String old = a.keys.current().kid();
        clock.move(ROTATION.minus(OVERLAP).minusSeconds(1));
        a.keys.tend();
        assertEquals(1, rows());
        clock.move(Duration.ofSeconds(1));
        try (var threads = Executors.newFixedThreadPool(2)) {
            var first = threads.submit(a.keys::tend);
            var second = threads.submit(b.keys::tend);
            first.get();
            second.get();
        }
        assertEquals(2, rows());
        assertEquals(old, a.keys.current().kid());
        clock.move(OVERLAP);
        assertNotEquals(old, a.keys.current().kid());
        assertEquals(a.keys.current().kid(), b.keys.current().kid());
    }

    @Test
    void aKeyThatGotOutIsGoneAtOnceWithItsTokens() {
        Replica a = new Replica();
        Replica b = new Replica();
        a.keys.replace("test");
        a.keys.rotate("test");
        b.keys.tend();
        String stolen = b.sign();
        assertTrue(a.verifies(stolen));
        a.keys.replace("test");
        assertFalse(a.verifies(stolen));
        b.keys.tend();
        assertFalse(b.verifies(stolen));
        assertTrue(b.verifies(a.sign()) && a.verifies(b.sign()));
        assertEquals(1, rows());
    }

    @Test
    void theFleetsAdministratorsRotateAndNobodyElse() {
        front.tend();
        String before = Door.admin();
        as(before).post("/api/v1/auth/keys/replace").then().statusCode(202);
        given().auth().oauth2(before).get("/api/v1/me").then().statusCode(401);

        String admin = Door.admin();
        String old = kid(admin);
        String next = as(admin)
                .post("/api/v1/auth/keys/rotate")
                .then()
                .statusCode(202)
                .extract()
                .path("kid");
        given().get("/api/v1/auth/jwks").then().body("keys.kid", containsInAnyOrder(old, next));
        assertEquals(old, kid(Door.admin()));
        as(admin).get("/api/v1/me").then().statusCode(200);

        Door.create("vera", "viewer", "operator", "approver");
        Door.createTeam("west");
        Door.createIn("west", "wanda", "admin");
        for (String name : List.of("vera", "wanda")) {
            for (String path : List.of("rotate", "replace")) {
                as(Door.token(name)).post("/api/v1/auth/keys/" + path).then().statusCode(403);
            }
        }
        given().post("/api/v1/auth/keys/rotate").then().statusCode(401);
        as(Door.admin()).post("/api/v1/auth/keys/replace").then().statusCode(202);
        given().get("/api/v1/auth/jwks").then().body("keys.kid", contains(kid(Door.admin())));
    }

    private long rows() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT count(*) FROM signing_keys")
                .mapTo(Long.class)
                .one());
    }

    private static String kid(String token) {
        String header = new String(Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8);
        return header.replaceAll(".*\"kid\":\"([^\"]+)\".*", "$1");
    }

    /** As another service would, with the key set it read at some time. */
    private boolean verifies(String jwks, String token) throws Exception {
        List<JsonWebKey> keys = new JsonWebKeySet(jwks).getJsonWebKeys();
        try {
            new JwtConsumerBuilder()
                    .setVerificationKeyResolver(new JwksVerificationKeyResolver(keys))
                    .setExpectedAudience("skein")
                    .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                    .build()
                    .processToClaims(token);
            return true;
        } catch (InvalidJwtException e) {
            return false;
        }
    }

    /** A front door as far as keys go, beside the one under test, on the same schema. */
    private final class Replica {

        private final SigningKeys keys = new SigningKeys();
        private final TokenIssuer issuer = new TokenIssuer();
        private final TokenVerifier verifier = new TokenVerifier();

        Replica() {
            keys.config = config;
            keys.jdbi = jdbi;
            keys.repository = repository;
            keys.events = events;
            keys.clock = clock;
            keys.open();
            issuer.config = config;
            issuer.keys = keys;
            issuer.clock = clock;
            verifier.keys = keys;
            verifier.cutoffs = cutoffs;
            verifier.clock = clock;
            verifier.prepare();
        }

        String sign() {
            return issuer.forPerson(
                            new TokenIssuer.Person(UUID.randomUUID(), "kim", "default", List.of("viewer"), 0),
                            Optional.empty())
                    .value();
        }

        boolean verifies(String token) {
            return verifier.verify(token).isPresent();
        }
    }
}
