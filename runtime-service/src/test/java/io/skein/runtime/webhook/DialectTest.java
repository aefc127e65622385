package io.skein.runtime.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.runtime.webhook.Dialect.Proof;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DialectTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_795_255_200);
    private static final String BODY = "{\"disk\":\"full\"}";
    private static final String SECRET = "whsec_current";
    private static final List<byte[]> SECRETS = List.of(bytes(SECRET), bytes("whsec_previous"));

    /** A test vector from elsewhere: RFC 4231, case 2. */
    @Test
    void theHmacIsTheOneOfTheStandard() {
        assertEquals(
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                java.util.HexFormat.of()
                        .formatHex(Signatures.hmac(bytes("Jefe"), bytes("what do ya want for nothing?"))));
    }

    /** The example of GitHub's documentation. */
    @Test
    void githubsOwnExampleIsGood() {
        Map<String, List<String>> headers = headers(
                "X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
        assertEquals(
                Proof.GOOD,
                new GithubDialect()
                        .proof(
                                new Delivered(headers, bytes("Hello, World!")),
                                List.of(bytes("It's a Secret to Everybody")),
                                NOW));
    }

    @Test
    void aSignatureIsGoodForFiveMinutesOnEitherSide() {
        assertEquals(Proof.GOOD, generic(0, SECRET, BODY));
        assertEquals(Proof.GOOD, generic(-300, SECRET, BODY));
        assertEquals(Proof.GOOD, generic(300, SECRET, BODY));
        assertEquals(Proof.STALE, generic(-301, SECRET, BODY));
        assertEquals(Proof.STALE, generic(301, SECRET, BODY));
    }

    @Test
    void thePreviousSecretSignsTooAndNoOther() {
        assertEquals(Proof.GOOD, generic(0, "whsec_previous", BODY));
        assertEquals(Proof.WRONG, generic(0, "whsec_before_that", BODY));
    }

    @Test
    void nothingButTheWholeSignatureOfWholeTextIsGood() {
        String at = Long.toString(NOW.getEpochSecond());
        String good = "v1=" + Sender.hmac(SECRET, at + "." + BODY);
        assertEquals(Proof.GOOD, generic(at, good, BODY));
        assertEquals(Proof.WRONG, generic(at, good, BODY + " "));
        assertEquals(Proof.WRONG, generic(at + "0", good, BODY));
        assertEquals(Proof.WRONG, generic("0" + at, good, BODY));
        assertEquals(Proof.WRONG, generic(at, good.substring(3), BODY));
        assertEquals(Proof.WRONG, generic(at, good.substring(0, good.length() - 2), BODY));
        assertEquals(Proof.WRONG, generic(at, good + "00", BODY));
        assertEquals(Proof.WRONG, generic(at, "v1=", BODY));
        assertEquals(Proof.WRONG, generic(at, good.replace("v1", "v2"), BODY));
        assertEquals(Proof.WRONG, generic("-1", good, BODY));
        assertEquals(Proof.WRONG, generic("9999999999999999999999", good, BODY));
        assertEquals(Proof.WRONG, generic("", "v1=" + Sender.hmac(SECRET, "." + BODY), BODY));
        assertEquals(Proof.MISSING, new GenericDialect().proof(new Delivered(Map.of(), bytes(BODY)), SECRETS, NOW));
    }

    @Test
    void aHeaderThatIsThereTwiceProvesNothing() {
        String at = Long.toString(NOW.getEpochSecond());
        Map<String, List<String>> headers = headers(Delivered.TIMESTAMP, at);
        String good = "v1=" + Sender.hmac(SECRET, at + "." + BODY);
        headers.put("skein-signature", List.of(good, good));
        assertEquals(Proof.MISSING, new GenericDialect().proof(new Delivered(headers, bytes(BODY)), SECRETS, NOW));
    }

    @Test
    void alertmanagerShowsTheSecretItself() {
        for (String right : List.of("Bearer whsec_current", "bearer whsec_current", "Bearer whsec_previous")) {
            assertEquals(Proof.GOOD, alertmanager(right), right);
        }
        for (String wrong :
                List.of("Bearer whsec_curren", "Bearer whsec_currentt", "Bearer WHSEC_CURRENT", "Bearer ")) {
            assertEquals(Proof.WRONG, alertmanager(wrong), wrong);
        }
        for (String none : List.of("whsec_current", "Basic whsec_current")) {
            assertEquals(Proof.MISSING, alertmanager(none), none);
        }
    }

    @Test
    void aKeyThatCanBeGuessedIsFound() {
        assertEquals(List.of(), WebhookKeyCheck.findings(""));
        assertEquals(List.of(), WebhookKeyCheck.findings("5f9d1c7e2ab048635f9d1c7e2ab04863"));
        assertEquals(
                1, WebhookKeyCheck.findings("00000000000000000000000000000000").size());
    }

    private static Proof generic(long seconds, String secret, String body) {
        String at = Long.toString(NOW.getEpochSecond() + seconds);
        return generic(at, "v1=" + Sender.hmac(secret, at + "." + body), body);
    }

    private static Proof generic(String timestamp, String signature, String body) {
        return new GenericDialect()
                .proof(
                        new Delivered(
                                headers(Delivered.TIMESTAMP, timestamp, Delivered.SIGNATURE, signature), bytes(body)),
                        SECRETS,
                        NOW);
    }

    private static Proof alertmanager(String authorization) {
        return new AlertmanagerDialect()
                .proof(new Delivered(headers(Delivered.AUTHORIZATION, authorization), bytes(BODY)), SECRETS, NOW);
    }

    private static Map<String, List<String>> headers(String... pairs) {
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.put(pairs[i].toLowerCase(Locale.ROOT), List.of(pairs[i + 1]));
        }
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
