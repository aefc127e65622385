package io.skein.runtime.webhook;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.skein.contracts.error.ErrorCode;
import io.skein.platform.problem.ProblemException;
import io.skein.platform.secret.KeyCipher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;

/** Makes secrets, seals them for the database and opens them again; those in use stay open in memory, as opening takes its time. */
@ApplicationScoped
class WebhookSecrets {

    /** For secret scanners; unlike an API token's prefix, which the front door would take for one. */
    private static final String PREFIX = "whsec_";

    private static final int BYTES = 32;
    private static final int MIN_KEY_LENGTH = 32;

    private final SecureRandom random = new SecureRandom();
    private final KeyCipher cipher;
    private final Cache<ByteBuffer, byte[]> open = Caffeine.newBuilder()
            .maximumSize(1000)
            .expireAfterAccess(Duration.ofHours(1))
            .build();

    @Inject
    WebhookSecrets(WebhookConfig config) {
        String secret = config.keySecret().map(String::strip).orElse("");
        if (!secret.isEmpty() && secret.length() < MIN_KEY_LENGTH) {
            throw new IllegalStateException("SKEIN_RUNTIME_KEY_SECRET must have at least " + MIN_KEY_LENGTH
                    + " characters, the same in every replica. Make one with: openssl rand -hex 32");
        }
        cipher = secret.isEmpty() ? null : new KeyCipher(secret);
    }

    /** A new one: 256 random bits. */
    String random() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    byte[] seal(UUID webhook, String secret) {
        return cipher().encrypt(webhook.toString(), secret.getBytes(StandardCharsets.UTF_8));
    }

    /** The secret as the sender has it; it is the HMAC's key. */
    byte[] open(UUID webhook, byte[] sealed) {
        KeyCipher with = cipher();
        return open.get(ByteBuffer.wrap(sealed), key -> {
            try {
                return with.decrypt(webhook.toString(), sealed);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(
                        "the secret of webhook " + webhook + " cannot be decrypted: SKEIN_RUNTIME_KEY_SECRET is not the"
                                + " one it was encrypted with",
                        e);
            }
        });
    }

    /**
     * @throws ProblemException unavailable when no key is configured
     */
    private KeyCipher cipher() {
        if (cipher == null) {
            throw new ProblemException(
                    ErrorCode.UNAVAILABLE, "Webhooks are off: the operator has not set SKEIN_RUNTIME_KEY_SECRET.");
        }
        return cipher;
    }
}
