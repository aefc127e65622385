package io.skein.frontdoor.tokens;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Ends access tokens before they are over. A token is signed with the version its owner's account had; changing the account
 * raises the version and cuts off what is below. Versions, not times: replicas whose clocks differ agree, and a token that is
 * being signed while the account changes does not slip through.
 *
 * <p>Kept in memory, because it is asked for each request, and read again from the schema each half second, because another
 * replica may have cut. While the database is away nothing can be cut either, and what is known stays in force.
 */
@ApplicationScoped
public class TokenCutoffs {

    private static final Logger LOG = Logger.getLogger(TokenCutoffs.class);
    private static final long POLL_MILLIS = 500;
    private static final long NOTHING = Long.MAX_VALUE;

    /** Beyond the lifetime: clock skew and whoever still holds a token when the lifetime was just made shorter. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final ScheduledExecutorService polling = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("token-cutoffs").factory());

    private final Jdbi jdbi;
    private final TokenConfig config;
    /** By the subject or the sign-in, as tokens write them. */
    private volatile Map<String, Long> cutoffs = new ConcurrentHashMap<>();

    private boolean away;

    @Inject
    TokenCutoffs(Jdbi jdbi, TokenConfig config) {
        this.jdbi = jdbi;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        read();
        polling.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        polling.shutdownNow();
    }

    /** Tokens of a person signed with a smaller version than this one end with the transaction. */
    public void below(Handle tx, UUID person, long version) {
        cut(tx, person, version);
    }

    /** All tokens of a person who was deleted, or of a sign-in that ended, end with the transaction. */
    public void all(Handle tx, UUID personOrSignIn) {
        cut(tx, personOrSignIn, NOTHING);
    }

    /** Whether a token of this subject, signed with this version, is still good. */
    boolean allows(String subject, long version) {
        Long least = cutoffs.get(subject);
        return least == null || version >= least;
    }

    private void cut(Handle tx, UUID subject, long version) {
        tx.execute(
                "INSERT INTO token_cutoffs (subject, version) VALUES (?, ?) ON CONFLICT (subject) DO UPDATE"
                        + " SET version = greatest(token_cutoffs.version, excluded.version), cut_at = now()",
                subject,
                version);
        // Here at once; the other replicas see it with their next look.
        tx.afterCommit(() -> cutoffs.merge(subject.toString(), version, Math::max));
    }

    private void poll() {
        try {
            read();
            if (away) {
                LOG.info("ended sign-ins are read again");
            }
            away = false;
        } catch (RuntimeException e) {
            if (!away) {
                LOG.warnf("ended sign-ins are not read, the known ones stay refused: %s", e.getMessage());
            }
            away = true;
        }
    }

    /** What is in the schema now, and away with what no token outlives. */
    void read() {
        long seconds = config.lifetime().plus(MARGIN).toSeconds();
        Map<String, Long> read = new ConcurrentHashMap<>();
        jdbi.useHandle(handle -> {
            handle.execute(
                    "DELETE FROM token_cutoffs WHERE cut_at < now() - make_interval(secs => ?)", (double) seconds);
            handle.createQuery("SELECT subject, version FROM token_cutoffs")
                    .map((row, context) -> Map.entry(row.getString("subject"), row.getLong("version")))
                    .forEach(entry -> read.put(entry.getKey(), entry.getValue()));
        });
        cutoffs = read;
    }
}
