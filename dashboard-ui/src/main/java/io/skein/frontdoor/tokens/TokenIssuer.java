package io.skein.frontdoor.tokens;

import io.skein.platform.auth.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** Signs access tokens. */
@ApplicationScoped
public class TokenIssuer {

    static final String ISSUER = "skein";
    static final String AUDIENCE = "skein";

    /** The version the account had. */
    static final String VERSION = "ver";

    /** The sign-in the token belongs to. */
    public static final String SIGN_IN = "sid";

    /** In access tokens made from an API token: its id. They may not do what makes their holder independent of it. */
    public static final String API_TOKEN_CLAIM = "apitoken";

    /** The API token can be revoked at any time; this is for the time one request takes. */
    private static final Duration FOR_ONE_REQUEST = Duration.ofMinutes(1);

    @Inject
    TokenConfig config;

    @Inject
    SigningKeys keys;

    @Inject
    Clock clock;

    /** A signed token and how many seconds it is good for. */
    public record AccessToken(String value, long expiresIn) {}

    /**
     * Whom a token speaks for.
     *
     * @param version of the account, when its roles and state were read: {@link TokenCutoffs} ends tokens by it
     */
    public record Person(UUID id, String name, String team, List<String> roles, long version) {}

    /**
     * For a person.
     *
     * @param signIn the sign-in it belongs to and ends with, if it belongs to one
     */
    public AccessToken forPerson(Person person, Optional<UUID> signIn) {
        JwtClaims claims = claims(person);
        signIn.ifPresent(id -> claims.setStringClaim(SIGN_IN, id.toString()));
        return sign(claims);
    }

    /** For a person whose API token was shown. */
    public AccessToken forApiToken(Person person, UUID apiToken) {
        JwtClaims claims = claims(person);
        claims.setStringClaim(API_TOKEN_CLAIM, apiToken.toString());
        claims.setExpirationTime(
                NumericDate.fromSeconds(clock.instant().plus(FOR_ONE_REQUEST).getEpochSecond()));
        return sign(claims);
    }

    /** For a service of the fleet. */
    AccessToken forService(String service) {
        String subject = "service:" + service;
        return sign(claims(subject, subject, List.of(Role.Names.SERVICE)));
    }

    private JwtClaims claims(Person person) {
        JwtClaims claims = claims(person.id().toString(), person.name(), person.roles());
        claims.setStringClaim("team", person.team());
        claims.setClaim(VERSION, person.version());
        return claims;
    }

    private JwtClaims claims(String subject, String name, List<String> groups) {
        Instant now = clock.instant();
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject(subject);
        claims.setStringClaim("upn", name);
        claims.setStringListClaim("groups", groups);
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond()));
        claims.setExpirationTime(
                NumericDate.fromSeconds(now.plus(config.lifetime()).getEpochSecond()));
        return claims;
    }

    private AccessToken sign(JwtClaims claims) {
        SigningKey key = keys.current();
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        signature.setKeyIdHeaderValue(key.kid());
        signature.setHeader("typ", "JWT");
        signature.setKey(key.privateKey());
        signature.setPayload(claims.toJson());
        try {
            return new AccessToken(
                    signature.getCompactSerialization(), config.lifetime().toSeconds());
        } catch (JoseException e) {
            throw new IllegalStateException("signing with " + key.kid() + " failed", e);
        }
    }
}
