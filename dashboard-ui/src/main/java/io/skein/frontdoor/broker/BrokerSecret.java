package io.skein.frontdoor.broker;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Whether a caller knows what only the broker knows. Compared by hash, in constant time. */
@ApplicationScoped
class BrokerSecret {

    private static final int MIN_LENGTH = 32;

    private final byte[] hash;

    @Inject
    BrokerSecret(BrokerConfig config) {
        String secret = config.secret().map(String::strip).orElse("");
        if (!secret.isEmpty() && !secret.matches("[A-Za-z0-9_-]{" + MIN_LENGTH + ",200}")) {
            throw new IllegalStateException(
                    "SKEIN_FRONTDOOR_BROKER_SECRET must be " + MIN_LENGTH
                            + "..200 letters, digits, '_' or '-': it is part of an address. Make one with: openssl rand -hex 32");
        }
        this.hash = secret.isEmpty() ? null : sha256(secret);
    }

    /** A wrong one stops the start, not the first node. */
    void start(@Observes StartupEvent event) {}

    boolean matches(String given) {
        return hash != null && MessageDigest.isEqual(hash, sha256(given));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
