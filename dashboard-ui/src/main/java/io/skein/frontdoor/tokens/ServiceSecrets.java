package io.skein.frontdoor.tokens;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What each service proves itself with, from the configuration. Compared by hash, in constant time. */
@ApplicationScoped
class ServiceSecrets {

    private static final int MIN_LENGTH = 16;
    private static final byte[] NOBODY = sha256("");

    @Inject
    TokenConfig config;

    private Map<String, byte[]> hashes = Map.of();

    @PostConstruct
    void read() {
        hashes = parse(config.serviceSecrets().orElse(""));
    }

    /** {@code name=secret,name=secret}. */
    static Map<String, byte[]> parse(String text) {
        Map<String, byte[]> hashes = new HashMap<>();
        pairs(text).forEach((service, secret) -> hashes.put(service, sha256(secret)));
        return Map.copyOf(hashes);
    }

    /** The secrets themselves, by service, in the order they are written. */
    static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String service = equals < 1 ? "" : pair.substring(0, equals).strip();
            String secret = equals < 1 ? "" : pair.substring(equals + 1).strip();
            if (service.isEmpty() || secret.length() < MIN_LENGTH) {
                // The secret itself must not reach the log.
                throw new IllegalStateException(
                        "SKEIN_FRONTDOOR_SERVICE_SECRETS must be name=secret,name=secret with at"
                                + " least " + MIN_LENGTH + " characters a secret; the entry "
                                + (service.isEmpty() ? "number " + (pairs.size() + 1) : "for " + service)
                                + " is not.");
            }
            pairs.put(service, secret);
        }
        return pairs;
    }

    boolean matches(String service, String secret) {
        byte[] expected = hashes.getOrDefault(service, NOBODY);
        boolean same = MessageDigest.isEqual(expected, sha256(secret));
        return same && hashes.containsKey(service);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
