package io.skein.frontdoor.tokens;

import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import org.jose4j.jwt.JwtClaims;

/**
 * Verifies tokens for the front door's own endpoints with the keys it holds. Fetching its JWK set from itself, as the other
 * services do, would fail while it starts.
 */
@ApplicationScoped
@Alternative
@Priority(2)
class FrontDoorPrincipals extends JWTCallerPrincipalFactory {

    @Inject
    TokenVerifier verifier;

    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo context) throws ParseException {
        TokenVerifier.Verified verified =
                verifier.verify(token).orElseThrow(() -> new ParseException("not a valid access token"));
        // A copy: the principal changes its claims, and these are shared by all requests with this token.
        JwtClaims own = new JwtClaims();
        verified.claims().getClaimsMap().forEach(own::setClaim);
        return new DefaultJWTCallerPrincipal(token, "JWT", own);
    }
}
