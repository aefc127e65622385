package io.skein.audit.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.contracts.wire.WireFormat;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AUD-06. The secrets here are made up, and put together at run time so that no scanner trips over this file. */
class RedactionTest {

    private static final String HEX40 = "0123456789abcdef".repeat(3).substring(0, 40);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password", "db_password", "DB_PASSWORD", "adminPassword", "vault-passphrase", "clientSecret", "token",
                "refreshToken", "api_key", "apiKey", "APIKEY", "sshPrivateKey", "private_key", "AWS_SECRET_ACCESS_KEY",
                "Authorization", "set-cookie", "credentials", "key"
            })
    void secretsAreKnownByName(String name) {
        JsonNode out = redact("{\"" + name + "\":\"hunter2\",\"nested\":{\"" + name + "\":[\"hunter2\"]}}");

        assertFalse(out.toString().contains("hunter2"), out::toString);
        assertTrue(out.has(name), "the name stays");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"keyboard", "tokenizer", "monkey", "publicKey", "keyCount", "secretary", "resource", "hosts"})
    void harmlessNamesStay(String name) {
        assertEquals("plain", redact("{\"" + name + "\":\"plain\"}").get(name).asText());
    }

    @Test
    void countsAreNoSecrets() {
        JsonNode out =
                redact("{\"inputTokens\":17,\"fencingTokens\":{\"host:nas01\":7},\"token\":true,\"secret\":false}");

        assertEquals(17, out.get("inputTokens").asInt());
        assertEquals(7, out.at("/fencingTokens").get("host:nas01").asInt());
        assertTrue(out.get("token").asBoolean());
    }

    @Test
    void variablesMarkedSecretLoseTheirValue() {
        JsonNode out = redact("""
                {"variables":[{"name":"pin","value":"1234","secret":true},
                              {"name":"db_password","value":"hunter2","default":"hunter3"},
                              {"name":"port","value":"3002","secret":false}]}""");

        assertEquals(Redaction.MARK, out.at("/variables/0/value").asText());
        assertEquals(Redaction.MARK, out.at("/variables/1/value").asText());
        assertEquals(Redaction.MARK, out.at("/variables/1/default").asText());
        assertEquals("3002", out.at("/variables/2/value").asText());
    }

    @Test
    void secretsAreKnownByShapeInsideText() {
        String jwt = "eyJhbGciOiJFUzI1NiJ9" + ".eyJzdWIiOiJhZGEifQ" + ".c2lnbmF0dXJl";
        String pem = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEpAIB\nAAKC\n-----END RSA " + "PRIVATE KEY-----";
        for (String secret : new String[] {
            "AKIA" + "ABCDEFGHIJKLMNOP",
            "ASIA" + "ABCDEFGHIJKLMNOP",
            "ABIA" + "ABCDEFGHIJKLMNOP",
            "ACCA" + "ABCDEFGHIJKLMNOP",
            "gho_" + HEX40,
            "ghp_" + HEX40,
            "ghu_" + HEX40,
            "ghs_" + HEX40,
            "ghr_" + HEX40,
            "github_pat_" + HEX40,
            "glpat-" + HEX40,
            "xoxb-" + HEX40,
            "sk-ant-" + HEX40,
            "$ANSIBLE_VAULT;" + "1.1;AES256",
            jwt,
            pem,
            "-----BEGIN OPENSSH " + "PRIVATE KEY-----\ncut off"
        }) {
            String out = Redaction.redact("before " + secret + " after");
            assertFalse(out.contains(secret), out);
            assertTrue(out.startsWith("before " + Redaction.MARK), out);
        }
        assertEquals(
                "amqp://skein:" + Redaction.MARK + "@host:5672/x",
                Redaction.redact("amqp://skein:hunter2@host:5672/x"));
        assertEquals("password=" + Redaction.MARK + " and more", Redaction.redact("password=hunter2 and more"));
        assertEquals("DB_PASSWORD: " + Redaction.MARK, Redaction.redact("DB_PASSWORD: hunter2"));
        assertEquals("Authorization: Bearer " + Redaction.MARK, Redaction.redact("Authorization: Bearer abcdefghijkl"));
        assertEquals("BASIC\t" + Redaction.MARK, Redaction.redact("BASIC\tabcdefghijkl"));
        assertEquals("bearer\n" + Redaction.MARK, Redaction.redact("bearer\nabcdefghijkl"));
        assertFalse(redact("{\"ghp_" + HEX40 + "\":1}").toString().contains(HEX40));
    }

    @Test
    void ordinaryTextStays() {
        for (String text : new String[] {
            "Deploy Uptime Kuma to the homelab and add our existing portals to the config",
            "https://example.org:8080/path?x=1",
            "0193b2c4-7a1e-7c3d-9b7e-1234567890ab",
            "the token bucket is empty",
            HEX40
        }) {
            assertEquals(text, Redaction.redact(text));
        }
    }

    @Test
    void redactingTwiceChangesNothing() {
        JsonNode once = redact("{\"password\":\"x\",\"log\":\"token=abc Bearer abcdefghijklm postgres://a:b@c\"}");

        assertEquals(once, Redaction.redact(once));
    }

    @Test
    void longTextTakesLinearTime() {
        String[] hard = {
            "-----BEGIN PRIVATE KEY-----".repeat(20_000),
            "eyJ".repeat(200_000),
            "a://a:".repeat(100_000),
            "password=".repeat(60_000),
            "bearer ".repeat(80_000)
        };
        for (String text : hard) {
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Redaction.redact(text));
        }
    }

    private static JsonNode redact(String json) {
        return Redaction.redact(WireFormat.read(json, JsonNode.class));
    }
}
