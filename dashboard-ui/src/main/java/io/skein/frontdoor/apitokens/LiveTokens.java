package io.skein.frontdoor.apitokens;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Whether a token is good at this moment, from the database. Blocks. */
@ApplicationScoped
public class LiveTokens {

    /** How long an answer is used again; with the time one takes, a revoked token is refused everywhere within 2 s. */
    static final Duration REUSED = Duration.ofMillis(1500);

    /** The last use is for people; finer than this it would only be writes. */
    private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);

    private static final int MAX_ENTRIES = 10_000;

    @Inject
    Jdbi jdbi;

    @Inject
    ApiTokenRepository tokens;

    @Inject
    Clock clock;

    private BriefCache<UUID, Found> byId;

    /** What is known of a token. */
    public sealed interface Found {}

    /** Nobody was given it. */
    public record Unknown() implements Found {}

    /** It was good once. */
    public record Dead(ApiToken token, String why) implements Found {}

    /** It is good. */
    public record Alive(ApiToken token) implements Found {}

    @PostConstruct
    void prepare() {
        byId = new BriefCache<>(clock, MAX_ENTRIES);
    }

    /** Notes that it was used. */
    public Found find(TokenText text) {
        return jdbi.withHandle(handle -> {
            Found found = judge(tokens.findByHash(handle, text.hash()));
            if (found instanceof Alive alive) {
                used(handle, alive.token());
            }
            return found;
        });
    }

    /** The same by its id, for whoever has shown its text before; up to {@link #REUSED} old. */
    public Found find(UUID id) {
        Optional<Found> known = byId.get(id);
        if (known.isPresent()) {
            return known.get();
        }
        long askedAt = clock.millis();
        Found found = jdbi.withHandle(handle -> {
            Found judged = judge(tokens.find(handle, id));
            if (judged instanceof Alive alive) {
                used(handle, alive.token());
            }
            return judged;
        });
        byId.put(id, found, askedAt, REUSED);
        return found;
    }

    /** A token was revoked here: the answers kept are asked for again. */
    void forget() {
        byId.clear();
    }

    private Found judge(Optional<ApiToken> token) {
        if (token.isEmpty()) {
            return new Unknown();
        }
        String why = token.get().dead(clock.instant());
        return why == null ? new Alive(token.get()) : new Dead(token.get(), why);
    }

    private void used(Handle handle, ApiToken token) {
        Instant now = clock.instant();
        Instant before = now.minus(USE_NOTED_EVERY);
        if (token.lastUsedAt() == null || token.lastUsedAt().isBefore(before)) {
            tokens.used(handle, token.id(), now, before);
        }
    }
}
