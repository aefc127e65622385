package io.skein.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What an attacker sends. That each of these works on a careless program is shown by {@link AttacksTest}. */
final class Attacks {

    static final ObjectMapper JSON = new ObjectMapper();
    static final String FORGED_LINE = "2026-01-01T00:00:00.000Z INFO  [io.skein] FORGED admin approved everything";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Attacks() {}

    /** JSON of the given depth that any parser has to follow to its end. */
    static byte[] nested(int depth) {
        return ("{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}").getBytes(StandardCharsets.UTF_8);
    }

    /** A playbook whose variables are 2^levels texts once every alias is followed. */
    static String aliasBomb(int levels) {
        StringBuilder bomb = new StringBuilder("""
                # skein:description=Light the fuse
                - name: Light the fuse
                  hosts: all
                  vars:
                    a0: &a0 [lol, lol]
                """);
        for (int i = 1; i < levels; i++) {
            bomb.append("    a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        return bomb.append("  tasks: []\n").toString();
    }

    /** A value that runs a program where it is taken for a template. */
    static String template(java.nio.file.Path proof) {
        return "{{ lookup('pipe', 'touch " + proof + "') }}";
    }

    /** The claims of {@code token}, for the given user, without a signature. */
    static String unsigned(String token, String kid) {
        return part(header("none", kid)) + "." + part(claims(token)) + ".";
    }

    /** Signed with the public key as if it were a shared secret (key confusion). */
    static String signedWithPublicKey(String token, JsonNode jwk) {
        try {
            String content = part(header("HS256", jwk.path("kid").asText())) + "." + part(claims(token));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(publicKeyBytes(jwk), "HmacSHA256"));
            return content + "." + BASE64.encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a program that takes the key file for a secret would use. */
    static byte[] publicKeyBytes(JsonNode jwk) {
        return (jwk.path("x").asText() + jwk.path("y").asText()).getBytes(StandardCharsets.UTF_8);
    }

    /** Properly signed with a key of the attacker's, which the header brings along or points at. */
    static String signedWithOwnKey(String token, String kid, String keyAddress) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            ObjectNode header = header("ES256", kid);
            if (keyAddress != null) {
                header.put("jku", keyAddress).put("x5u", keyAddress);
            }
            header.set("jwk", jwk((ECPublicKey) pair.getPublic(), kid));
            String content = part(header) + "." + part(claims(token));
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(pair.getPrivate());
            signature.update(content.getBytes(StandardCharsets.UTF_8));
            return content + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The real signature under claims that make more of its owner. */
    static String withOtherClaims(String token) {
        String[] parts = token.split("\\.");
        ObjectNode claims = claims(token);
        claims.put("team", "somebody-elses").put("sub", "root").put("upn", "root");
        return parts[0] + "." + part(claims) + "." + parts[2];
    }

    private static ObjectNode jwk(ECPublicKey key, String kid) {
        return JSON.createObjectNode()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("kid", kid)
                .put(
                        "x",
                        BASE64.encodeToString(unsigned32(key.getW().getAffineX().toByteArray())))
                .put(
                        "y",
                        BASE64.encodeToString(unsigned32(key.getW().getAffineY().toByteArray())));
    }

    private static byte[] unsigned32(byte[] number) {
        byte[] fixed = new byte[32];
        int length = Math.min(32, number.length);
        System.arraycopy(number, number.length - length, fixed, 32 - length, length);
        return fixed;
    }

    private static ObjectNode header(String algorithm, String kid) {
        return JSON.createObjectNode().put("alg", algorithm).put("typ", "JWT").put("kid", kid);
    }

    static ObjectNode claims(String token) {
        try {
            return (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(JsonNode json) {
        return BASE64.encodeToString(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
