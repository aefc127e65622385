package io.skein.frontdoor.tokens;

import java.security.PrivateKey;
import java.time.Instant;
import org.jose4j.jwk.EllipticCurveJsonWebKey;

/**
 * A P-256 key pair.
 *
 * @param kid RFC 7638 thumbprint of the public half
 * @param signsFrom when it takes over from the key before it
 */
record SigningKey(String kid, EllipticCurveJsonWebKey publicKey, PrivateKey privateKey, Instant signsFrom) {

    @Override
    public String toString() {
        return "SigningKey[" + kid + ", signs from " + signsFrom + "]";
    }
}
