package io.skein.platform.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts a key at rest that has to be known again, like one that signs: AES-256-GCM under a key derived from the secret with
 * PBKDF2. The result is {@code version | salt | nonce | ciphertext and tag}; the key id is authenticated with it, so rows cannot
 * be swapped. The derivation is slow on purpose (some 50 ms): who needs the plain key often keeps it in memory.
 */
public final class KeyCipher {

    private static final byte VERSION = 1;
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ITERATIONS = 210_000;

    private final char[] secret;
    private final SecureRandom random = new SecureRandom();

    public KeyCipher(String secret) {
        this.secret = secret.toCharArray();
    }

    public byte[] encrypt(String keyId, byte[] plain) {
        byte[] salt = random(SALT_BYTES);
        byte[] nonce = random(NONCE_BYTES);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, keyId, salt, nonce).doFinal(plain);
            return ByteBuffer.allocate(1 + SALT_BYTES + NONCE_BYTES + sealed.length)
                    .put(VERSION)
                    .put(salt)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not available", e);
        }
    }

    /**
     * @throws GeneralSecurityException when the secret is another one than at encryption, or the bytes were changed
     */
    public byte[] decrypt(String keyId, byte[] stored) throws GeneralSecurityException {
        if (stored.length <= 1 + SALT_BYTES + NONCE_BYTES || stored[0] != VERSION) {
            throw new GeneralSecurityException("not a sealed key");
        }
        ByteBuffer buffer = ByteBuffer.wrap(stored, 1, stored.length - 1);
        byte[] salt = new byte[SALT_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        buffer.get(salt).get(nonce);
        byte[] sealed = new byte[buffer.remaining()];
        buffer.get(sealed);
        return cipher(Cipher.DECRYPT_MODE, keyId, salt, nonce).doFinal(sealed);
    }

    private Cipher cipher(int mode, String keyId, byte[] salt, byte[] nonce) throws GeneralSecurityException {
        byte[] derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(secret, salt, ITERATIONS, 256))
                .getEncoded();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(derived, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(keyId.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] random(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return value;
    }
}
