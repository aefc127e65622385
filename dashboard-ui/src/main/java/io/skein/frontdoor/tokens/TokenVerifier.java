package io.skein.frontdoor.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Checks access tokens against the keys and the cut-offs in memory. Never blocks: it runs on the event loop for each proxied
 * request.
 */
@ApplicationScoped
public class TokenVerifier {

    private static final Logger LOG = Logger.getLogger(TokenVerifier.class);
    private static final int MAX_LENGTH = 8192;
    private static final int MAX_SEEN = 10_000;
    private static final int CLOCK_SKEW_SECONDS = 30;

    @Inject
    SigningKeys keys;

    @Inject
    TokenCutoffs cutoffs;

    @Inject
    Clock clock;

    /**
     * Tokens whose signature and claims were found right: checking an ECDSA signature costs more than everything else the front
     * door does for a request. What may change is asked each time: the time, whether the key still counts, whether somebody ended
     * the token.
     */
    private final Cache<String, Seen> seen =
            Caffeine.newBuilder().maximumSize(MAX_SEEN).build();

    private JwtConsumerBuilder builder;

    /** Who a valid token speaks for. The claims are shared: nobody may change them. */
    public record Verified(JwtClaims claims, List<String> groups) {}

    /**
     * @param kid the key that signed it
     * @param expiresAt epoch seconds
     */
    private record Seen(Verified verified, String kid, long expiresAt) {}

    @PostConstruct
    void prepare() {
        builder = new JwtConsumerBuilder()
                // The algorithm is ours to say, not the token's: no "none", no HMAC with the public key as its secret.
                .setJwsAlgorithmConstraints(
                        AlgorithmConstraints.ConstraintType.PERMIT,
                        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256)
                .setVerificationKeyResolver((signature, nesting) -> keys.find(signature.getKeyIdHeaderValue())
                        .map(key -> key.publicKey().getKey())
                        .orElseThrow(() -> new UnresolvableKeyException("unknown key")))
                .setExpectedIssuer(TokenIssuer.ISSUER)
                .setExpectedAudience(TokenIssuer.AUDIENCE)
                .setRequireSubject()
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS);
    }

    /** Empty when the token is not one of ours, or no longer. */
    public Optional<Verified> verify(String token) {
        if (token == null || token.isEmpty() || token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            Seen known = seen.getIfPresent(token);
            if (known != null) {
                if (isStillGood(known)) {
                    return Optional.of(known.verified());
                }
                seen.invalidate(token);
            }
            JwtContext context = consumer().process(token);
            JwtClaims claims = context.getJwtClaims();
            if (isCutOff(claims)) {
                LOG.debugf("token refused: %s ended before it did", claims.getSubject());
                return Optional.empty();
            }
            List<String> groups = claims.getStringListClaimValue("groups");
            Verified verified = new Verified(claims, groups == null ? List.of() : List.copyOf(groups));
            seen.put(
                    token,
                    new Seen(
                            verified,
                            context.getJoseObjects().getFirst().getKeyIdHeaderValue(),
                            claims.getExpirationTime().getValue()));
            return Optional.of(verified);
        } catch (InvalidJwtException | MalformedClaimException e) {
            LOG.debugf("token refused: %s", e.getMessage());
            return Optional.empty();
        }
    }

    /** Whether nothing ended since it was verified what it was verified for. */
    public boolean isStillGood(Verified verified) {
        try {
            return !isCutOff(verified.claims());
        } catch (MalformedClaimException e) {
            return false;
        }
    }

    private boolean isStillGood(Seen known) throws MalformedClaimException {
        return clock.instant().getEpochSecond() < known.expiresAt() + CLOCK_SKEW_SECONDS
                && keys.find(known.kid()).isPresent()
                && !isCutOff(known.verified().claims());
    }

    private boolean isCutOff(JwtClaims claims) throws MalformedClaimException {
        Long version = claims.getClaimValue(TokenIssuer.VERSION, Long.class);
        String signIn = claims.getStringClaimValue(TokenIssuer.SIGN_IN);
        return !cutoffs.allows(claims.getSubject(), version == null ? 0 : version)
                || signIn != null && !cutoffs.allows(signIn, 0);
    }

    private synchronized JwtConsumer consumer() {
        return builder.setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .build();
    }
}
