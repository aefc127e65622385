package io.skein.frontdoor.tokens;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;

/**
 * The keys as this process knows them, in memory so that a token is verified without the database. Read again every 30 s: a
 * key another replica added is known here long before a token signed with it can be refused for long.
 */
@ApplicationScoped
class SigningKeys {

    private static final Logger LOG = Logger.getLogger(SigningKeys.class);
    private static final int MIN_SECRET_LENGTH = 32;
    private static final int RELOAD_SECONDS = 30;

    private final ScheduledExecutorService reloading = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("signing-keys").factory());

    @Inject
    TokenConfig config;

    @Inject
    SigningKeyRepository repository;

    private KeyCipher cipher;
    private volatile List<SigningKey> keys = List.of();

    void start(@Observes StartupEvent event) {
        String secret = config.keySecret().map(String::strip).orElse("");
        if (secret.length() < MIN_SECRET_LENGTH) {
            throw new IllegalStateException("SKEIN_FRONTDOOR_KEY_SECRET must be set, to at least " + MIN_SECRET_LENGTH
                    + " characters that are the same in every replica: it encrypts the key that signs tokens."
                    + " Make one with: openssl rand -hex 32");
        }
        cipher = new KeyCipher(secret);
        keys = repository.loadOrCreate(cipher);
        reloading.scheduleWithFixedDelay(this::reload, RELOAD_SECONDS, RELOAD_SECONDS, TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        reloading.shutdownNow();
    }

    /** The key new tokens are signed with. */
    SigningKey current() {
        return keys.stream()
                .filter(key -> !key.retired())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no signing key"));
    }

    Optional<SigningKey> find(String kid) {
        return keys.stream().filter(key -> key.kid().equals(kid)).findFirst();
    }

    /** The public halves as a JWK set. */
    String jwks() {
        List<JsonWebKey> publicKeys =
                keys.stream().<JsonWebKey>map(SigningKey::publicKey).toList();
        return new JsonWebKeySet(publicKeys).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    private void reload() {
        try {
            List<String> known = keys.stream().map(SigningKey::toString).toList();
            List<SigningKey> loaded = repository.load(cipher);
            if (loaded.stream().noneMatch(key -> !key.retired())) {
                LOG.warn("no usable signing key in the schema any more; going on with the ones in memory");
            } else if (!loaded.stream().map(SigningKey::toString).toList().equals(known)) {
                keys = loaded;
                LOG.infof("signing keys are now %s", loaded);
            }
        } catch (RuntimeException e) {
            LOG.warnf("signing keys not read again, the known ones stay in use: %s", e.getMessage());
        }
    }
}
