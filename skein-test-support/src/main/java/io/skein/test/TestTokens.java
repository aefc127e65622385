package io.skein.test;

import java.util.List;
import java.util.UUID;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Access tokens as the front door signs them, with a key made for this JVM. */
public final class TestTokens {

    /** Test class loaders come and go, the key must not: it is kept as a system property of the JVM. */
    private static final String KEY_PROPERTY = "skein.test.signing-key";

    private TestTokens() {}

    /** A person of the team {@code default}. */
    public static String user(String name, String... roles) {
        return userOfTeam(name, "default", roles);
    }

    public static String userOfTeam(String name, String team, String... roles) {
        return sign(claims(name, name, team, List.of(roles)));
    }

    /** A service of the fleet. */
    public static String service(String name) {
        return sign(claims("service:" + name, "service:" + name, null, List.of("service")));
    }

    /** Claims to bend in a test before {@link #sign}. */
    public static JwtClaims claims(String subject, String name, String team, List<String> groups) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer("skein");
        claims.setAudience("skein");
        claims.setSubject(subject);
        claims.setStringClaim("upn", name);
        claims.setStringListClaim("groups", groups);
        if (team != null) {
            claims.setStringClaim("team", team);
        }
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(10);
        return claims;
    }

    public static String sign(JwtClaims claims) {
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            jws.setKeyIdHeaderValue(key().getKeyId());
            jws.setHeader("typ", "JWT");
            jws.setKey(key().getPrivateKey());
            jws.setPayload(claims.toJson());
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public half as a JWK set. */
    public static String jwks() {
        return new JsonWebKeySet(key()).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    private static EllipticCurveJsonWebKey key() {
        synchronized (System.getProperties()) {
            try {
                String json = System.getProperty(KEY_PROPERTY);
                if (json != null) {
                    return (EllipticCurveJsonWebKey) JsonWebKey.Factory.newJwk(json);
                }
                EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
                key.setKeyId("test");
                key.setUse("sig");
                key.setAlgorithm("ES256");
                System.setProperty(KEY_PROPERTY, key.toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
                return key;
            } catch (JoseException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
