package io.skein.frontdoor.tokens;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jose4j.jwk.EllipticCurveJsonWebKey;

/** The signing keys in the schema, newest first. The first replica to start makes the first one. */
@ApplicationScoped
class SigningKeyRepository {

    private static final Logger LOG = Logger.getLogger(SigningKeyRepository.class);
    private static final long MAKING_A_KEY = 0x5345_494e_4b45_5953L;

    @Inject
    Jdbi jdbi;

    /** A row as stored: public half as SubjectPublicKeyInfo, private half sealed PKCS #8. */
    private record Row(String kid, byte[] publicKey, byte[] privateKey, boolean retired) {}

    List<SigningKey> load(KeyCipher cipher) {
        return open(jdbi.withHandle(SigningKeyRepository::rows), cipher);
    }

    List<SigningKey> loadOrCreate(KeyCipher cipher) {
        List<Row> rows = jdbi.inTransaction(tx -> {
            // Two replicas starting for the first time must end with one key.
            tx.execute("SELECT pg_advisory_xact_lock(?)", MAKING_A_KEY);
            List<Row> existing = rows(tx);
            if (existing.stream().anyMatch(row -> !row.retired())) {
                return existing;
            }
            insertNewKey(tx, cipher);
            return rows(tx);
        });
        return open(rows, cipher);
    }

    private static List<Row> rows(Handle handle) {
        return handle.createQuery("SELECT kid, public_key, private_key, retired_at IS NOT NULL AS retired"
                        + " FROM signing_keys ORDER BY created_at DESC, kid")
                .map((row, context) -> new Row(
                        row.getString("kid"),
                        row.getBytes("public_key"),
                        row.getBytes("private_key"),
                        row.getBoolean("retired")))
                .list();
    }

    private static void insertNewKey(Handle tx, KeyCipher cipher) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            String kid = jwk((ECPublicKey) pair.getPublic()).calculateBase64urlEncodedThumbprint("SHA-256");
            tx.execute(
                    "INSERT INTO signing_keys (kid, public_key, private_key) VALUES (?, ?, ?)",
                    kid,
                    pair.getPublic().getEncoded(),
                    cipher.encrypt(kid, pair.getPrivate().getEncoded()));
            LOG.infof("made the signing key %s", kid);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no P-256 in this JVM", e);
        }
    }

    private static List<SigningKey> open(List<Row> rows, KeyCipher cipher) {
        return rows.stream().map(row -> open(row, cipher)).toList();
    }

    private static SigningKey open(Row row, KeyCipher cipher) {
        try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            EllipticCurveJsonWebKey jwk =
                    jwk((ECPublicKey) factory.generatePublic(new X509EncodedKeySpec(row.publicKey())));
            jwk.setKeyId(row.kid());
            jwk.setUse("sig");
            jwk.setAlgorithm("ES256");
            return new SigningKey(
                    row.kid(),
                    jwk,
                    factory.generatePrivate(new PKCS8EncodedKeySpec(cipher.decrypt(row.kid(), row.privateKey()))),
                    row.retired());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "The signing key " + row.kid()
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
