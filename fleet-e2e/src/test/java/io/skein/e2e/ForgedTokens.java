package io.skein.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What somebody without the signing key can make of a real token and the public key set. Expired tokens and those for another
 * audience that the real key signed are the services' own conformance tests: only there is a key to sign with.
 */
final class ForgedTokens {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final JsonNode header;
    private final JsonNode claims;
    private final String signature;
    private final ECPublicKey published;
    private final KeyPair own;

    /**
     * @param real an administrator's token, so that whoever is let in with a copy may do something
     * @param jwks the front door's key set
     */
    ForgedTokens(String real, JsonNode jwks) {
        String[] parts = real.split("\\.");
        header = Fleet.json(new String(DECODER.decode(parts[0]), UTF_8));
        claims = Fleet.json(new String(DECODER.decode(parts[1]), UTF_8));
        signature = parts[2];
        try {
            published = key(jwks, header.path("kid").asText());
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            own = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The token to send, or null for none. */
    String of(Who who) {
        return switch (who) {
            case NO_TOKEN -> null;
            case MALFORMED -> "not.a.token";
            case TAMPERED -> part(header) + "." + part(with(c -> c.put("upn", "somebody-else"))) + "." + signature;
            case OTHER_KEY -> signed(claims);
            case EXPIRED ->
                signed(with(c -> c.put("exp", Instant.now().minusSeconds(3600).getEpochSecond())));
            case WRONG_AUDIENCE -> signed(with(c -> c.put("aud", "somebody-else")));
            case WRONG_ISSUER -> signed(with(c -> c.put("iss", "evil")));
            case ALG_NONE -> part(algorithm("none")) + "." + part(claims) + ".";
            case HMAC_WITH_PUBLIC_KEY -> hmac();
            default -> throw new IllegalArgumentException(who + " has a token of their own");
        };
    }

    private ObjectNode with(Consumer<ObjectNode> change) {
        ObjectNode copy = claims.deepCopy();
        change.accept(copy);
        return copy;
    }

    private ObjectNode algorithm(String name) {
        ObjectNode copy = header.deepCopy();
        copy.put("alg", name);
        return copy;
    }

    private String signed(JsonNode payload) {
        try {
            String text = part(header) + "." + part(payload);
            Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
            signer.initSign(own.getPrivate());
            signer.update(text.getBytes(UTF_8));
            return text + "." + ENCODER.encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The classic key confusion: the public key, which everybody has, as the secret of an HMAC. */
    private String hmac() {
        try {
            String pem = "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(published.getEncoded())
                    + "\n-----END PUBLIC KEY-----\n";
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(pem.getBytes(UTF_8), "HmacSHA256"));
            String text = part(algorithm("HS256")) + "." + part(claims);
            return text + "." + ENCODER.encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(JsonNode json) {
        return ENCODER.encodeToString(json.toString().getBytes(UTF_8));
    }

    private static ECPublicKey key(JsonNode jwks, String kid) throws GeneralSecurityException {
        for (JsonNode key : jwks.path("keys")) {
            if (key.path("kid").asText().equals(kid)) {
                AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
                parameters.init(new ECGenParameterSpec("secp256r1"));
                ECPoint point = new ECPoint(
                        new BigInteger(1, DECODER.decode(key.path("x").asText())),
                        new BigInteger(1, DECODER.decode(key.path("y").asText())));
                return (ECPublicKey) KeyFactory.getInstance("EC")
                        .generatePublic(new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
            }
        }
        throw new IllegalStateException("the key set has no key " + kid);
    }
}
