package io.skein.frontdoor.tokens;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.Door;
import io.skein.frontdoor.StandIns;
import io.skein.platform.secret.KeyCipher;
import io.skein.test.SkeinInfrastructure;
import io.skein.test.TestTokens;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.HmacKey;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class TokenQuarkusTest {

    @Inject
    SigningKeys keys;

    @Inject
    SigningKeyRepository repository;

    @Inject
    Jdbi jdbi;

    private static String jwks() {
        return given().get("/api/v1/auth/jwks")
                .then()
                .statusCode(200)
                .body("keys", hasSize(1))
                .body("keys[0].kty", equalTo("EC"))
                .body("keys[0].crv", equalTo("P-256"))
                .body("keys[0].alg", equalTo("ES256"))
                .body("keys[0].use", equalTo("sig"))
                .body(not(containsString("\"d\"")))
                .extract()
                .asString();
    }

    @Test
    void whoeverHasTheKeySetCanVerifyATokenAndNobodyElseCanMakeOne() throws Exception {
        JwtClaims claims = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(new JsonWebKeySet(jwks()).getJsonWebKeys()))
                .setExpectedIssuer("skein")
                .setExpectedAudience("skein")
                .build()
                .processToClaims(Door.admin());
        assertEquals(Door.ADMIN, claims.getStringClaimValue("upn"));
        assertEquals("default", claims.getStringClaimValue("team"));
        assertEquals(List.of("viewer", "operator", "approver", "admin"), claims.getStringListClaimValue("groups"));
        assertEquals(
                600,
                claims.getExpirationTime().getValue() - claims.getIssuedAt().getValue());
        assertNotEquals(null, claims.getJwtId());
    }

    @Test
    void forgedTokensAreRefusedAtEveryDoor() throws Exception {
        JsonWebKeySet set = new JsonWebKeySet(jwks());
        PublicKey publicKey = ((PublicJsonWebKey) set.getJsonWebKeys().getFirst()).getPublicKey();
        String kid = set.getJsonWebKeys().getFirst().getKeyId();
        JwtClaims claims = TestTokens.claims("x", "root", "default", List.of("viewer", "admin"));
        String[] good = Door.admin().split("\\.");
        String tampered = new String(Base64.getUrlDecoder().decode(good[1]), StandardCharsets.UTF_8)
                .replace("\"default\"", "\"other\"");

        List<String> forged = List.of(
                b64("{\"alg\":\"none\",\"kid\":\"" + kid + "\"}") + "." + b64(claims.toJson()) + ".",
                b64("{\"alg\":\"None\",\"kid\":\"" + kid + "\"}") + "." + b64(claims.toJson()) + ".",
                // The public key used as an HMAC secret: the classic confusion.
                hmac(claims, kid, publicKey.getEncoded()),
                hmac(claims, kid, set.getJsonWebKeys().getFirst().toJson().getBytes(StandardCharsets.UTF_8)),
                // A real signature of a key that is not ours, under a foreign and under our key id.
                TestTokens.sign(claims),
                good[0] + "." + b64(tampered) + "." + good[2],
                good[0] + "." + good[1] + ".",
                good[0] + "." + good[1] + "." + "A".repeat(86),
                "x",
                "a.b.c",
                "",
                "e".repeat(20_000));
        for (String token : forged) {
            for (String path : List.of("/api/v1/me", "/api/v1/fleet", "/api/v1/plans")) {
                int status = given().header("Authorization", "Bearer " + token)
                        .get(path)
                        .statusCode();
                // 431: longer than any header may be.
                assertEquals(token.length() > 16_000 ? 431 : 401, status, path + " with " + token);
            }
        }
    }

    @Test
    void tokensOfTheRightKeyWithTheWrongClaimsAreRefused() throws Exception {
        List<Consumer<JwtClaims>> bends = List.of(
                claims -> claims.setExpirationTimeMinutesInTheFuture(-2),
                claims -> claims.setAudience("somebody-else"),
                claims -> claims.setIssuer("evil"),
                claims -> claims.unsetClaim("exp"),
                claims -> claims.unsetClaim("sub"),
                claims -> claims.setNotBeforeMinutesInThePast(-10));
        for (Consumer<JwtClaims> bend : bends) {
            JwtClaims claims = TestTokens.claims("x", "root", "default", List.of("viewer"));
            bend.accept(claims);
            for (String path : List.of("/api/v1/me", "/api/v1/plans")) {
                given().header("Authorization", "Bearer " + signed(claims))
                        .get(path)
                        .then()
                        .statusCode(401);
            }
        }
        given().header(
                        "Authorization",
                        "Bearer " + signed(TestTokens.claims("x", "root", "default", List.of("viewer"))))
                .get("/api/v1/me")
                .then()
                .statusCode(200);
    }

    @Test
    void aServiceGetsItsTokenForItsSecretOnly() {
        String token = Door.serviceToken();
        given().auth().oauth2(token).get("/api/v1/me").then().statusCode(403);
        given().auth().oauth2(token).get("/api/v1/plans").then().statusCode(403).body("code", equalTo("forbidden"));
        for (Map<String, String> wrong : List.of(
                Map.of("service", "lock-service", "secret", "secret-of-the-audit-service"),
                Map.of("service", "unknown-service", "secret", "secret-of-the-lock-service"),
                Map.of("service", "unknown-service", "secret", "x"))) {
            given().contentType("application/json")
                    .body(wrong)
                    .post("/api/v1/auth/service-token")
                    .then()
                    .statusCode(401)
                    .body("code", equalTo("bad_credentials"));
        }
        given().contentType("application/json")
                .body(Map.of("service", "lock-service"))
                .post("/api/v1/auth/service-token")
                .then()
                .statusCode(400);
    }

    @Test
    void theWrongSecretOpensNothing() {
        KeyCipher right = new KeyCipher("a-key-secret-for-tests-of-32-characters");
        KeyCipher wrong = new KeyCipher("another-secret-of-at-least-32-characters");
        jdbi.useHandle(handle -> {
            assertEquals(
                    keys.current().kid(),
                    repository.load(handle, right, Map.of()).keys().getFirst().kid());
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> repository.load(handle, wrong, Map.of()));
            assertTrue(refused.getMessage().contains("SKEIN_FRONTDOOR_KEY_SECRET"));
        });
    }

    private String signed(JwtClaims claims) throws Exception {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue("ES256");
        signature.setKeyIdHeaderValue(keys.current().kid());
        signature.setKey(keys.current().privateKey());
        signature.setPayload(claims.toJson());
        return signature.getCompactSerialization();
    }

    private static String hmac(JwtClaims claims, String kid, byte[] secret) throws Exception {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue("HS256");
        signature.setKeyIdHeaderValue(kid);
        signature.setKey(new HmacKey(secret));
        signature.setDoKeyValidation(false);
        signature.setPayload(claims.toJson());
        return signature.getCompactSerialization();
    }

    private static String b64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
