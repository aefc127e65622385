package io.skein.frontdoor.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.skein.frontdoor.StandIns;
import io.skein.test.EndpointConformance;
import io.skein.test.SkeinInfrastructure;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

/** FRONT-01: none of the front door's own endpoints lets a token in that is not quite right, but those that ask for none. */
@QuarkusTest
@QuarkusTestResource(SkeinInfrastructure.class)
@QuarkusTestResource(StandIns.class)
class EndpointConformanceQuarkusTest {

    private static final Set<String> OPEN = Set.of(
            "GET /health",
            "GET /docs",
            "GET /docs/{file}",
            "GET /docs/openapi/{service}",
            "GET /api/v1/auth/jwks",
            "GET /api/v1/auth/options",
            "GET /api/v1/auth/oidc/sign-in",
            "GET /api/v1/auth/oidc/callback",
            "GET /api/v1/auth/oidc/sign-out",
            "POST /api/v1/auth/setup",
            "POST /api/v1/auth/register",
            "POST /api/v1/auth/sign-in",
            "POST /api/v1/auth/refresh",
            "POST /api/v1/auth/sign-out",
            "POST /api/v1/auth/service-token");

    @TestHTTPResource
    URI address;

    @Inject
    SigningKeys keys;

    @Test
    void everyEndpointVerifiesTheToken() {
        assertEquals(
                List.of(),
                EndpointConformance.of(address, this::signed, keys.jwks()).complaints(OPEN));
    }

    private String signed(JwtClaims claims) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue("ES256");
        signature.setKeyIdHeaderValue(keys.current().kid());
        signature.setKey(keys.current().privateKey());
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
