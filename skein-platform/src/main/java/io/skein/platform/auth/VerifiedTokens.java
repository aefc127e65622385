package io.skein.platform.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.JwtContext;

/**
 * Verifies tokens as SmallRye does, and the same token only once a minute: checking an ECDSA signature costs more than most
 * requests do otherwise. What is remembered is dropped the moment the token expires. A key the front door withdrew counts here for
 * up to a minute more than without (JWK sets are read again every ten minutes anyway). Refused tokens are not remembered.
 */
@ApplicationScoped
@Alternative
@Priority(1)
class VerifiedTokens extends JWTCallerPrincipalFactory {

    private static final int MAX_ENTRIES = 2_000;
    private static final Duration MAX_AGE = Duration.ofMinutes(1);

    private final Clock clock;
    private final DefaultJWTTokenParser parser = new DefaultJWTTokenParser();
    private final Cache<String, Verified> verified;

    /**
     * Reads our own claims straight from the token: the library looks them up among the registered ones by an exception, with the whole
     * stack of a request in it, for each request.
     */
    private static final class Principal extends DefaultJWTCallerPrincipal {

        private static final Set<String> OWN = Set.of("team");

        private final JwtClaims claims;

        Principal(String type, JwtClaims claims) {
            super(type, claims);
            this.claims = claims;
        }

        @Override
        protected Object getClaimValue(String name) {
            return OWN.contains(name) ? claims.getClaimValue(name) : super.getClaimValue(name);
        }
    }

    /** @param expiresAt epoch seconds */
    private record Verified(String type, JwtClaims claims, long expiresAt) {}

    @Inject
    VerifiedTokens(Clock clock) {
        this.clock = clock;
        this.verified = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterWrite(MAX_AGE)
                .ticker(() -> Duration.ofMillis(clock.millis()).toNanos())
                .build();
    }

    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo context) throws ParseException {
        Verified known = verified.getIfPresent(token);
        if (known == null || clock.instant().getEpochSecond() >= known.expiresAt()) {
            known = verify(token, context);
            verified.put(token, known);
        }
        // A copy: the principal changes its claims, and these are shared by all requests with this token.
        JwtClaims own = new JwtClaims();
        known.claims().getClaimsMap().forEach(own::setClaim);
        return new Principal(known.type(), own);
    }

    private Verified verify(String token, JWTAuthContextInfo context) throws ParseException {
        JwtContext parsed = parser.parse(token, context);
        try {
            return new Verified(
                    parsed.getJoseObjects().getFirst().getHeader("typ"),
                    parsed.getJwtClaims(),
                    parsed.getJwtClaims().getExpirationTime().getValue());
        } catch (MalformedClaimException e) {
            throw new ParseException("the expiry is no date", e);
        }
    }
}
