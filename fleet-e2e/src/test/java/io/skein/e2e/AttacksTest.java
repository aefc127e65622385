package io.skein.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Careless programs, one for each attack of {@link AbuseIT}, and each falls for it. Were an attack malformed, the fleet would
 * refuse it for that, and its test would prove nothing.
 */
class AttacksTest {

    private static final JsonNode JWK = Attacks.JSON
            .createObjectNode()
            .put("kid", "k1")
            .put("x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
            .put("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");

    private static final String TOKEN = token();

    @TempDir
    Path folder;

    @Test
    void whoBelievesTheHeaderTakesAnUnsignedToken() throws Exception {
        assertEquals(
                "ada",
                believingTheHeader(Attacks.unsigned(TOKEN, "k1")).path("sub").asText());
    }

    @Test
    void whoBelievesTheHeaderTakesThePublicKeyForASecret() throws Exception {
        assertEquals(
                "ada",
                believingTheHeader(Attacks.signedWithPublicKey(TOKEN, JWK))
                        .path("sub")
                        .asText());
    }

    @Test
    void whoBelievesTheHeaderTakesTheKeyItBrings() throws Exception {
        assertEquals(
                "ada",
                believingTheHeader(Attacks.signedWithOwnKey(TOKEN, "k1", "http://127.0.0.1:1/"))
                        .path("sub")
                        .asText());
    }

    @Test
    void whoLooksAtTheClaimsOnlyTakesChangedOnes() {
        assertEquals(
                "root",
                Attacks.claims(Attacks.withOtherClaims(TOKEN)).path("sub").asText());
    }

    @Test
    void aParserWithoutLimitsFollowsEveryLevel() throws Exception {
        ObjectMapper unlimited = new ObjectMapper();
        unlimited
                .getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Integer.MAX_VALUE)
                        .build());
        JsonNode node = unlimited.readTree(Attacks.nested(1000)).path("x");
        int depth = 1;
        while (node.size() == 1) {
            node = node.get(0);
            depth++;
        }
        assertEquals(1000, depth);
    }

    @Test
    void aReaderThatFollowsAliasesGetsMoreThanItCanHold() {
        LoaderOptions careless = new LoaderOptions();
        careless.setMaxAliasesForCollections(Integer.MAX_VALUE);
        List<?> plays = new Yaml(careless).load(Attacks.aliasBomb(30));
        Object last = ((java.util.Map<?, ?>) ((java.util.Map<?, ?>) plays.getFirst()).get("vars")).get("a29");
        assertEquals(1L << 30, leaves(last, 30));
    }

    /** Counted by levels; walking them would take the hours the attack is about. */
    private static long leaves(Object node, int depth) {
        List<?> list = (List<?>) node;
        assertEquals(2, list.size());
        return depth == 1 ? 2 : 2 * leaves(list.getFirst(), depth - 1);
    }

    @Test
    void aLogWithoutAFilterShowsTheForgedLine() {
        String name = "x\n" + Attacks.FORGED_LINE;
        assertTrue(("2026-11-21T12:00:00.000Z WARN  [x] no such file " + name)
                .lines()
                .anyMatch(Attacks.FORGED_LINE::equals));
    }

    /** Real Ansible, given the value as every tutorial does it. */
    @Test
    void anOrdinaryVariableFileRunsTheTemplate() throws Exception {
        Path proof = folder.resolve("proof");
        Files.writeString(
                folder.resolve("vars.json"),
                Attacks.JSON.writeValueAsString(java.util.Map.of("text", Attacks.template(proof))));
        Files.writeString(folder.resolve("play.yml"), """
                - hosts: localhost
                  gather_facts: false
                  tasks:
                    - ansible.builtin.debug: { msg: "{{ text }}" }
                """);
        Shell run = Shell.run(
                folder,
                java.util.Map.of("ANSIBLE_LOCALHOST_WARNING", "false"),
                java.time.Duration.ofSeconds(60),
                List.of(
                        Fleet.ansible("ansible-playbook").toString(),
                        "-i",
                        "localhost,",
                        "-c",
                        "local",
                        "-e",
                        "@vars.json",
                        "play.yml"));
        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(Files.exists(proof), run::toString);
    }

    /** Verifies whatever the header asks for, with whatever key it names. */
    private static JsonNode believingTheHeader(String token) throws Exception {
        String[] parts = token.split("\\.", -1);
        JsonNode header = Attacks.JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
        byte[] content = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8);
        byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
        switch (header.path("alg").asText()) {
            case "none" -> {}
            case "HS256" -> {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(Attacks.publicKeyBytes(JWK), "HmacSHA256"));
                assertTrue(MessageDigest.isEqual(mac.doFinal(content), signature));
            }
            case "ES256" -> {
                assertNotNull(header.get("jku"));
                Signature verifying = Signature.getInstance("SHA256withECDSAinP1363Format");
                verifying.initVerify(key(header.path("jwk")));
                verifying.update(content);
                assertTrue(verifying.verify(signature));
            }
            default -> throw new IllegalArgumentException(header.toString());
        }
        return Attacks.claims(token);
    }

    private static ECPublicKey key(JsonNode jwk) throws Exception {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point =
                new ECPoint(number(jwk.path("x").asText()), number(jwk.path("y").asText()));
        return (ECPublicKey) KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
    }

    private static java.math.BigInteger number(String base64) {
        byte[] bytes = Base64.getUrlDecoder().decode(base64);
        assertArrayEquals(new int[] {32}, new int[] {bytes.length});
        return new java.math.BigInteger(1, bytes);
    }

    private static String token() {
        ObjectNode claims = Attacks.JSON.createObjectNode().put("sub", "ada").put("team", "default");
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"ES256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8)) + ".c2ln";
    }
}
