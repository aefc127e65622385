package io.skein.platform.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.test.HandClock;
import io.skein.test.TestTokens;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.ParseException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.junit.jupiter.api.Test;

/** With another key in place of the right one, only what was remembered can still be accepted. */
class VerifiedTokensTest {

    private final HandClock clock = new HandClock(Instant.now());
    private final VerifiedTokens tokens = new VerifiedTokens(clock);

    @Test
    void aTokenIsVerifiedOnceAMinute() throws Exception {
        String token = TestTokens.user("ada", "viewer");
        assertEquals("ada", tokens.parse(token, context(rightKey())).getName());
        clock.move(Duration.ofSeconds(59));
        assertEquals("ada", tokens.parse(token, context(otherKey())).getName());
        clock.move(Duration.ofSeconds(2));
        assertRefused(token, otherKey());
        assertEquals("ada", tokens.parse(token, context(rightKey())).getName());
    }

    @Test
    void anExpiredTokenIsVerifiedAgainHoweverShortlyItWasRemembered() throws Exception {
        JwtClaims claims = TestTokens.claims("ada", "ada", "default", List.of("viewer"));
        claims.setExpirationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond() + 20));
        String token = TestTokens.sign(claims);
        tokens.parse(token, context(rightKey()));
        clock.move(Duration.ofSeconds(19));
        tokens.parse(token, context(otherKey()));
        clock.move(Duration.ofSeconds(1));
        assertRefused(token, otherKey());
    }

    @Test
    void aRefusedTokenIsNotRememberedNorIsOneLikeARememberedOne() throws Exception {
        String token = TestTokens.user("ada", "viewer");
        assertRefused(token, otherKey());
        tokens.parse(token, context(rightKey()));
        int dot = token.lastIndexOf('.');
        assertRefused(token.substring(0, dot + 1) + "A".repeat(token.length() - dot - 1), rightKey());
        assertRefused(token.substring(0, dot), rightKey());
    }

    @Test
    void whatOneRequestDoesToItsClaimsTheNextDoesNotSee() throws Exception {
        String token = TestTokens.user("ada", "viewer");
        JWTCallerPrincipal first = tokens.parse(token, context(rightKey()));
        first.getGroups().add("admin");
        assertEquals(Set.of("viewer"), tokens.parse(token, context(rightKey())).getGroups());
    }

    private void assertRefused(String token, PublicKey key) {
        assertThrows(ParseException.class, () -> tokens.parse(token, context(key)));
    }

    private static JWTAuthContextInfo context(PublicKey key) {
        JWTAuthContextInfo context = new JWTAuthContextInfo(key, "skein");
        context.setSignatureAlgorithm(Set.of(SignatureAlgorithm.ES256));
        context.setExpectedAudience(Set.of("skein"));
        return context;
    }

    private static PublicKey rightKey() throws Exception {
        return (PublicKey) ((PublicJsonWebKey)
                        new JsonWebKeySet(TestTokens.jwks()).getJsonWebKeys().getFirst())
                .getKey();
    }

    private static PublicKey otherKey() throws Exception {
        return EcJwkGenerator.generateJwk(EllipticCurves.P256).getECPublicKey();
    }
}
