package io.skein.platform.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeyCipherTest {

    private final KeyCipher cipher = new KeyCipher("0123456789abcdef0123456789abcdef");
    private final byte[] plain = "a private key".getBytes(StandardCharsets.UTF_8);

    @Test
    void whatWasSealedOpensAgainAndNeverLooksTheSame() throws Exception {
        byte[] sealed = cipher.encrypt("k1", plain);
        assertArrayEquals(plain, cipher.decrypt("k1", sealed));
        assertFalse(Arrays.equals(sealed, cipher.encrypt("k1", plain)));
        assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("private"));
    }

    @Test
    void anotherSecretAnotherRowOrAChangedByteOpensNothing() {
        byte[] sealed = cipher.encrypt("k1", plain);
        assertThrows(GeneralSecurityException.class, () -> new KeyCipher("another-secret-another-secret-32")
                .decrypt("k1", sealed));
        assertThrows(GeneralSecurityException.class, () -> cipher.decrypt("k2", sealed));
        for (int position : new int[] {0, 5, 20, sealed.length - 1}) {
            byte[] changed = sealed.clone();
            changed[position] ^= 1;
            assertThrows(GeneralSecurityException.class, () -> cipher.decrypt("k1", changed));
        }
        assertThrows(GeneralSecurityException.class, () -> cipher.decrypt("k1", new byte[3]));
    }
}
