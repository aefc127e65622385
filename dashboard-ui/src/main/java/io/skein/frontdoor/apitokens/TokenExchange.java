package io.skein.frontdoor.apitokens;

import io.skein.contracts.error.ErrorCode;
import io.skein.frontdoor.throttle.AttemptThrottle;
import io.skein.frontdoor.throttle.Limit;
import io.skein.frontdoor.tokens.TokenIssuer;
import io.skein.frontdoor.tokens.TokenVerifier;
import io.skein.platform.problem.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;

/**
 * Exchanges an API token for a short access token of its owner. Called on the event loop for each request: what is known is
 * answered at once, what is not is asked on a worker thread, once for all requests that wait for the same token.
 *
 * <p>Guessing 256 bits is hopeless; the throttle is there so that trying does not keep the database busy. It counts only texts
 * with a right checksum that nobody was ever given: a script with an expired token locks nobody out.
 */
@ApplicationScoped
public class TokenExchange {

    private static final Logger LOG = Logger.getLogger(TokenExchange.class);
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_WAITING = 200;
    /** What nobody was given nobody will be given: this is kept longer, and spares the database most of a loop. */
    private static final Duration UNKNOWN_KEPT = Duration.ofMinutes(1);

    @Inject
    Vertx vertx;

    @Inject
    LiveTokens live;

    @Inject
    TokenIssuer issuer;

    @Inject
    TokenVerifier verifier;

    @Inject
    AttemptThrottle throttle;

    @Inject
    Clock clock;

    private final ConcurrentMap<String, Future<Outcome>> asking = new ConcurrentHashMap<>();
    private BriefCache<String, Outcome> known;
    private BriefCache<String, Refused> blocked;

    /** What comes of a token. */
    public sealed interface Outcome {}

    /** It is good for this access token, which stays inside the fleet. */
    public record Granted(String accessToken, TokenVerifier.Verified verified) implements Outcome {
        @Override
        public String toString() {
            return "Granted[secret]";
        }
    }

    /**
     * It is not.
     *
     * @param retryAfterSeconds when to try again, or 0
     */
    public record Refused(ErrorCode code, String why, long retryAfterSeconds) implements Outcome {}

    @PostConstruct
    void prepare() {
        known = new BriefCache<>(clock, MAX_ENTRIES);
        blocked = new BriefCache<>(clock, MAX_ENTRIES);
    }

    /** Completes on whatever thread found it out. */
    public Future<Outcome> exchange(String value, String address) {
        Optional<TokenText> text = TokenText.parse(value);
        if (text.isEmpty()) {
            return Future.succeededFuture(
                    refused("This is not an API token: a character is missing or wrong. Copy it again."));
        }
        String key = HexFormat.of().formatHex(text.get().hash());
        Optional<Outcome> answer = known.get(key).filter(this::isStillGood);
        if (answer.isPresent()) {
            return Future.succeededFuture(answer.get());
        }
        Optional<Refused> block = blocked.get(address);
        if (block.isPresent()) {
            return Future.succeededFuture(block.get());
        }
        if (asking.size() >= MAX_WAITING) {
            return Future.succeededFuture(
                    new Refused(ErrorCode.UNAVAILABLE, "Too many API tokens are checked at this moment.", 2));
        }
        Promise<Outcome> promise = Promise.promise();
        Future<Outcome> other = asking.putIfAbsent(key, promise.future());
        if (other != null) {
            return other;
        }
        vertx.executeBlocking(() -> find(text.get(), key, address), false).onComplete(found -> {
            asking.remove(key);
            if (found.succeeded()) {
                promise.complete(found.result());
            } else {
                LOG.warnf("an API token could not be checked: %s", found.cause().getMessage());
                promise.complete(new Refused(ErrorCode.UNAVAILABLE, "API tokens cannot be checked right now.", 2));
            }
        });
        return promise.future();
    }

    /** A token was revoked here. */
    void forget() {
        known.clear();
        live.forget();
    }

    /** The owner's account is watched more closely than tokens are. */
    private boolean isStillGood(Outcome outcome) {
        return !(outcome instanceof Granted granted) || verifier.isStillGood(granted.verified());
    }

    private Outcome find(TokenText text, String key, String address) {
        long askedAt = clock.millis();
        Outcome outcome =
                switch (live.find(text)) {
                    case LiveTokens.Alive alive -> granted(alive.token());
                    case LiveTokens.Dead dead -> refused(dead.why());
                    case LiveTokens.Unknown unknown -> {
                        Optional<Refused> throttled = guessed(address);
                        if (throttled.isPresent()) {
                            yield throttled.get();
                        }
                        Outcome refused = refused("Nobody was given this API token.");
                        known.put(key, refused, askedAt, UNKNOWN_KEPT);
                        yield refused;
                    }
                };
        if (!(outcome instanceof Refused refused) || refused.code() == ErrorCode.UNAUTHENTICATED) {
            if (known.get(key).isEmpty()) {
                known.put(key, outcome, askedAt, LiveTokens.REUSED);
            }
        }
        return outcome;
    }

    private Outcome granted(ApiToken token) {
        if (token.kind() != TokenKind.PERSON) {
            return new Refused(
                    ErrorCode.FORBIDDEN,
                    "A " + token.kind().wire() + "'s token is for the broker, not for the API.",
                    0);
        }
        ApiToken.Owner owner = token.owner();
        TokenIssuer.AccessToken signed = issuer.forApiToken(
                new TokenIssuer.Person(owner.id(), owner.name(), owner.team(), token.roles(), owner.version()),
                token.id());
        return verifier.verify(signed.value())
                .<Outcome>map(verified -> new Granted(signed.value(), verified))
                .orElseGet(() -> refused("The account of this API token is gone."));
    }

    private Optional<Refused> guessed(String address) {
        LOG.warnf("an API token nobody was given came from %s", address);
        try {
            throttle.attempt(List.of(Limit.apiToken(address)));
            return Optional.empty();
        } catch (ProblemException e) {
            long seconds = ((Number) e.members().getOrDefault("retryAfterSeconds", 1L)).longValue();
            Refused refused = new Refused(e.code(), e.getMessage(), seconds);
            blocked.put(address, refused, clock.millis(), Duration.ofSeconds(seconds));
            return Optional.of(refused);
        }
    }

    private static Refused refused(String why) {
        return new Refused(ErrorCode.UNAUTHENTICATED, why, 0);
    }
}
