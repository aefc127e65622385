package io.skein.frontdoor.tokens;

import io.skein.platform.secret.KeyCipher;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jose4j.jwk.EllipticCurveJsonWebKey;

/** The signing keys in the schema. */
@ApplicationScoped
class SigningKeyRepository {

    private static final Logger LOG = Logger.getLogger(SigningKeyRepository.class);
    private static final long MAKING_A_KEY = 0x5345_494e_4b45_5953L;

    /** Two replicas that find a key missing must end with one: whoever makes or removes keys waits here. */
    void lock(Handle tx) {
        tx.execute("SELECT pg_advisory_xact_lock(?)", MAKING_A_KEY);
    }

    /**
     * @param known keys opened before, by id: opening one costs a key derivation
     */
    KeyRing load(Handle handle, KeyCipher cipher, Map<String, SigningKey> known) {
        return new KeyRing(handle.createQuery("SELECT kid, public_key, private_key, signs_from FROM signing_keys")
                .map((row, context) -> {
                    SigningKey opened = known.get(row.getString("kid"));
                    return opened != null
                            ? opened
                            : open(
                                    cipher,
                                    row.getString("kid"),
                                    row.getBytes("public_key"),
                                    row.getBytes("private_key"),
                                    row.getObject("signs_from", OffsetDateTime.class)
                                            .toInstant());
                })
                .list());
    }

    /** Makes and stores a key, and gives its id. */
    String insertNew(Handle tx, KeyCipher cipher, Instant signsFrom) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            String kid = jwk((ECPublicKey) pair.getPublic()).calculateBase64urlEncodedThumbprint("SHA-256");
            tx.execute(
                    "INSERT INTO signing_keys (kid, public_key, private_key, signs_from) VALUES (?, ?, ?, ?)",
                    kid,
                    pair.getPublic().getEncoded(),
                    cipher.encrypt(kid, pair.getPrivate().getEncoded()),
                    signsFrom);
            LOG.infof("made the signing key %s, it signs from %s", kid, signsFrom);
            return kid;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no P-256 in this JVM", e);
        }
    }

    void delete(Handle tx, List<SigningKey> keys) {
        for (SigningKey key : keys) {
            tx.execute("DELETE FROM signing_keys WHERE kid = ?", key.kid());
            LOG.infof("removed the signing key %s", key.kid());
        }
    }

    private static SigningKey open(
            KeyCipher cipher, String kid, byte[] publicKey, byte[] privateKey, Instant signsFrom) {
        try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            EllipticCurveJsonWebKey jwk = jwk((ECPublicKey) factory.generatePublic(new X509EncodedKeySpec(publicKey)));
            jwk.setKeyId(kid);
            jwk.setUse("sig");
            jwk.setAlgorithm("ES256");
            return new SigningKey(
                    kid,
                    jwk,
                    factory.generatePrivate(new PKCS8EncodedKeySpec(cipher.decrypt(kid, privateKey))),
                    signsFrom);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "The signing key " + kid
                            + " cannot be decrypted: SKEIN_FRONTDOOR_KEY_SECRET is not the one it"
                            + " was made with. Set that one again, or delete the row from signing_keys to begin with a"
                            + " new key (everybody signs in again).",
                    e);
        }
    }

    private static EllipticCurveJsonWebKey jwk(ECPublicKey key) {
        return new EllipticCurveJsonWebKey(key);
    }
}
