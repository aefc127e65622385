package io.skein.frontdoor.tokens;

import java.security.PrivateKey;
import org.jose4j.jwk.EllipticCurveJsonWebKey;

/**
 * A P-256 key pair.
 *
 * @param kid RFC 7638 thumbprint of the public half
 * @param retired signs no more, still verifies
 */
record SigningKey(String kid, EllipticCurveJsonWebKey publicKey, PrivateKey privateKey, boolean retired) {

    @Override
    public String toString() {
        return "SigningKey[" + kid + (retired ? ", retired]" : "]");
    }
}
