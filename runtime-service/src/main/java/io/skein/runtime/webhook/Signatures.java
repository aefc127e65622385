package io.skein.runtime.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 and SHA-256, compared in constant time. */
final class Signatures {

    private static final String HMAC = "HmacSHA256";
    private static final int BYTES = 32;

    private Signatures() {}

    static byte[] hmac(byte[] secret, byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is not available", e);
        }
    }

    /** Whether one of the secrets signed it; every one is tried, whichever fits. */
    static boolean isSigned(List<byte[]> secrets, byte[] message, byte[] signature) {
        boolean signed = false;
        for (byte[] secret : secrets) {
            signed |= MessageDigest.isEqual(hmac(secret, message), signature);
        }
        return signed;
    }

    /** Whether it is one of the secrets; of equally long hashes, so that not even its length is told. */
    static boolean isOne(List<byte[]> secrets, String claimed) {
        byte[] hash = sha256(claimed.getBytes(StandardCharsets.UTF_8));
        boolean one = false;
        for (byte[] secret : secrets) {
            one |= MessageDigest.isEqual(sha256(secret), hash);
        }
        return one;
    }

    /** 64 hex digits as bytes; empty when it is anything else. */
    static Optional<byte[]> parse(String hex) {
        try {
            byte[] bytes = HexFormat.of().parseHex(hex);
            return bytes.length == BYTES ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String hash(byte[] message) {
        return HexFormat.of().formatHex(sha256(message));
    }

    private static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is not available", e);
        }
    }
}
