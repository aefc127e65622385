package io.skein.frontdoor.tokens;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.skein.platform.secret.KeyCipher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;

/**
 * The keys as this process knows them, in memory so that a token is verified without the database. Read again every few
 * seconds; in the same breath a key that has signed long enough gets its successor, and one nobody needs any more leaves. Who
 * signs when is in {@link KeyRing}.
 *
 * <p>A successor is published for {@code key-overlap} before it signs: the services read the key set once a minute, and none may
 * meet a token whose key it has not seen.
 */
@ApplicationScoped
public class SigningKeys {

    private static final Logger LOG = Logger.getLogger(SigningKeys.class);
    private static final int MIN_SECRET_LENGTH = 32;
    private static final int RELOAD_SECONDS = 5;
    private static final Duration MIN_OVERLAP = Duration.ofMinutes(2);

    /** Clock skew, and the tokens a slow replica signs a moment after its successor's time has come. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    private static final String BY_ITSELF = "service:dashboard-ui";

    private final ScheduledExecutorService reloading = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("signing-keys").factory());

    @Inject
    TokenConfig config;

    @Inject
    Jdbi jdbi;

    @Inject
    SigningKeyRepository repository;

    @Inject
    KeyEvents events;

    @Inject
    Clock clock;

    private KeyCipher cipher;
    private volatile KeyRing ring = new KeyRing(List.of());

    /** A key by its id, and when it takes over. */
    public record Published(String kid, Instant signsFrom) {

        private static Published of(SigningKey key) {
            return new Published(key.kid(), key.signsFrom());
        }
    }

    void start(@Observes StartupEvent event) {
        open();
        reloading.scheduleWithFixedDelay(this::reload, RELOAD_SECONDS, RELOAD_SECONDS, TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        reloading.shutdownNow();
    }

    /** Reads the keys, and makes the first one when there is none. */
    void open() {
        String secret = config.keySecret().map(String::strip).orElse("");
        if (secret.length() < MIN_SECRET_LENGTH) {
            throw new IllegalStateException("SKEIN_FRONTDOOR_KEY_SECRET must be set, to at least " + MIN_SECRET_LENGTH
                    + " characters that are the same in every replica: it encrypts the key that signs tokens."
                    + " Make one with: openssl rand -hex 32");
        }
        if (config.keyOverlap().compareTo(MIN_OVERLAP) < 0) {
            throw new IllegalStateException("SKEIN_FRONTDOOR_KEY_OVERLAP must be at least " + MIN_OVERLAP.toMinutes()
                    + "m: the services read the key set once a minute.");
        }
        if (rotates() && config.keyRotation().compareTo(config.keyOverlap().plus(grace())) < 0) {
            throw new IllegalStateException(
                    "SKEIN_FRONTDOOR_KEY_ROTATION must be 0 (never) or longer than the overlap and a token's life: "
                            + config.keyOverlap().plus(grace()).toMinutes() + "m");
        }
        cipher = new KeyCipher(secret);
        ring = jdbi.inTransaction(tx -> {
            repository.lock(tx);
            KeyRing existing = repository.load(tx, cipher, known());
            if (!existing.keys().isEmpty()) {
                return existing;
            }
            repository.insertNew(tx, cipher, now());
            return repository.load(tx, cipher, known());
        });
    }

    /** The key new tokens are signed with. */
    SigningKey current() {
        return ring.signing(clock.instant()).orElseThrow(() -> new IllegalStateException("there is no signing key"));
    }

    Optional<SigningKey> find(String kid) {
        return published().stream().filter(key -> key.kid().equals(kid)).findFirst();
    }

    /** The public halves as a JWK set. */
    String jwks() {
        List<JsonWebKey> publicKeys =
                published().stream().<JsonWebKey>map(SigningKey::publicKey).toList();
        return new JsonWebKeySet(publicKeys).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    /** Publishes the next key, which signs after the overlap. While there is a next key already, that one is the answer. */
    public Published rotate(String actor) {
        return change(tx -> {
                    KeyRing existing = repository.load(tx, cipher, known());
                    return existing.next(now()).isPresent()
                            ? existing
                            : successor(tx, now().plus(config.keyOverlap()), actor);
                })
                .next(now())
                .map(Published::of)
                .orElseThrow(() -> new IllegalStateException("the next key is gone"));
    }

    /**
     * For the day a key got out: a new one signs at once and every other one is gone with its tokens. People's pages get new
     * tokens by themselves; services refuse them for up to a minute, until they read the key set again.
     */
    public Published replace(String actor) {
        LOG.warnf("%s replaces every signing key at once: all access tokens end now", actor);
        KeyRing replaced = change(tx -> {
            repository.delete(tx, repository.load(tx, cipher, known()).keys());
            return successor(tx, now(), actor);
        });
        return Published.of(replaced.keys().getFirst());
    }

    private KeyRing successor(Handle tx, Instant signsFrom, String actor) {
        String kid = repository.insertNew(tx, cipher, signsFrom);
        events.rotated(tx, kid, signsFrom, actor);
        return repository.load(tx, cipher, known());
    }

    private KeyRing change(Function<Handle, KeyRing> change) {
        KeyRing changed = jdbi.inTransaction(tx -> {
            repository.lock(tx);
            return change.apply(tx);
        });
        ring = changed;
        return changed;
    }

    private void reload() {
        try {
            tend();
        } catch (RuntimeException e) {
            LOG.warnf("signing keys not read again, the known ones stay in use: %s", e.getMessage());
        }
    }

    /** Reads the keys again and does what is due. */
    void tend() {
        KeyRing loaded = jdbi.withHandle(handle -> repository.load(handle, cipher, known()));
        Instant now = now();
        if (loaded.signing(now).isEmpty()) {
            LOG.warn("no signing key in the schema any more; going on with the ones in memory");
            return;
        }
        if (!loaded.equals(ring)) {
            LOG.infof("signing keys are now %s", loaded.keys());
        }
        ring = loaded;
        if (rotates()
                && loaded.next(now).isEmpty()
                && !loaded.keys()
                        .getFirst()
                        .signsFrom()
                        .plus(config.keyRotation())
                        .isAfter(now.plus(config.keyOverlap()))) {
            rotate(BY_ITSELF);
        }
        if (!ring.gone(now, grace()).isEmpty()) {
            change(tx -> {
                KeyRing existing = repository.load(tx, cipher, known());
                repository.delete(tx, existing.gone(now, grace()));
                return repository.load(tx, cipher, known());
            });
        }
    }

    private List<SigningKey> published() {
        return ring.published(clock.instant(), grace());
    }

    private Map<String, SigningKey> known() {
        return ring.keys().stream().collect(Collectors.toMap(SigningKey::kid, Function.identity()));
    }

    private Duration grace() {
        return config.lifetime().plus(MARGIN);
    }

    private boolean rotates() {
        return config.keyRotation().isPositive();
    }

    /** As precise as the schema keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
